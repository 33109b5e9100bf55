import Basics
import Commands
import Foundation

HeapPages.preferLarge()
let status = Commands.run(Array(CommandLine.arguments.dropFirst()), Console())
exit(status.rawValue)
