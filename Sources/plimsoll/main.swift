import Commands
import Foundation

let status = Commands.run(Array(CommandLine.arguments.dropFirst()), Console())
exit(status.rawValue)
