import Basics
import Foundation

LargePages.prefer()
let arguments = Array(CommandLine.arguments.dropFirst())
switch arguments.first {
case "json": benchJSON(Array(arguments.dropFirst()))
case "yaml": benchYAML(Array(arguments.dropFirst()))
case "pods": benchPods(Array(arguments.dropFirst()))
case "store": benchStore(Array(arguments.dropFirst()))
case "store-write": benchStoreWrite(Array(arguments.dropFirst()))
case "schedule": benchSchedule(Array(arguments.dropFirst()))
case "cluster": exit(benchCluster(Array(arguments.dropFirst())))
case "rollout": exit(benchRollout(Array(arguments.dropFirst())))
case "simulate": exit(simulate(Array(arguments.dropFirst())))
case "fuzz": benchFuzz(Array(arguments.dropFirst()))
case "validate": benchValidate(Array(arguments.dropFirst()))
case "convert": exit(benchConvert(Array(arguments.dropFirst())))
default:
  print(
    "usage: plimsoll-bench json|yaml|pods|store|schedule|cluster|rollout|simulate|fuzz|validate|convert …")
}
