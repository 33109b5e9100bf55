import Foundation

let arguments = Array(CommandLine.arguments.dropFirst())
switch arguments.first {
case "yaml": benchYAML(Array(arguments.dropFirst()))
case "convert": exit(benchConvert(Array(arguments.dropFirst())))
default: print("usage: plimsoll-bench yaml|convert …")
}
