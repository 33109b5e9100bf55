import Basics
import Commands
import Foundation

LargePages.prefer()
let status = Commands.run(Array(CommandLine.arguments.dropFirst()), Console())
exit(status.rawValue)
