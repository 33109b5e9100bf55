import API
import APIMachinery

/// What goes wrong in one stage of a run. Each run enables only a few kinds of faults, so that each gets its
/// chance to be the only one.
struct FaultPlan {
  /// The kinds of faults that a run may see.
  struct Kinds {
    var silentNodes: Bool
    var unreadyNodes: Bool
    var badImages: Bool
    var crashes: Bool
    var load: Bool
    var conflicts: Bool

    init(_ draw: inout Drawing) {
      silentNodes = draw.chance(35)
      unreadyNodes = draw.chance(25)
      badImages = draw.chance(35)
      crashes = draw.chance(35)
      load = draw.chance(35)
      conflicts = draw.chance(30)
    }
  }

  var assumptions = Assumptions()
  /// Refused updates in a thousand.
  var conflictRate: UInt64 = 0

  /// No faults at all: the state in which every run ends.
  static let none = FaultPlan()

  private init() {}

  init(_ draw: inout Drawing, _ kinds: Kinds, nodes: Int, workloads: Int) {
    var nodeEntries: [Value] = []
    var podEntries: [Value] = []
    func node(_ i: Int) -> Value { .string("n\(i)") }
    if kinds.silentNodes && draw.chance(60) {
      nodeEntries.append(["name": node(draw.number(0...nodes - 1)), "heartbeat": false])
    }
    if kinds.unreadyNodes && draw.chance(60) {
      nodeEntries.append(["name": node(draw.number(0...nodes - 1)), "ready": false])
    }
    func app() -> Value { ["app": .string("w\(draw.number(0...max(0, workloads - 1)))")] }
    if kinds.badImages && draw.chance(60) {
      podEntries.append([
        "selector": app(), "image": .string("app:\(draw.number(1...3))"), "ready": false,
      ])
    }
    if kinds.crashes && draw.chance(60) {
      podEntries.append([
        "selector": app(), "exitCode": .int(draw.number(0...2)), "runSeconds": .int(draw.number(0...30)),
      ])
    }
    if kinds.load && draw.chance(70) {
      podEntries.append(["selector": app(), "usage": ["cpu": .string("\(draw.number(0...20))00m")]])
    }
    if kinds.conflicts { conflictRate = UInt64(draw.number(0...300)) }
    assumptions =
      Assumptions.read([
        "apiVersion": "plimsoll.dev/v1", "kind": "Assumptions", "nodes": .array(nodeEntries),
        "pods": .array(podEntries),
      ]).0
  }
}
