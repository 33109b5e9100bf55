import Commands

Placeholder.main()
