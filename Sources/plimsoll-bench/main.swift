let arguments = Array(CommandLine.arguments.dropFirst())
switch arguments.first {
case "json": benchJSON(Array(arguments.dropFirst()))
default: print("usage: plimsoll-bench json [megabytes]")
}
