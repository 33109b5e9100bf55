import APIMachinery
import Basics
import ControllerRuntime

/// Conditions of Jobs.
enum JobStatus {
  static func isFinished(_ job: Value) -> Bool {
    job.status[.conditions].items.contains {
      ($0[.type].says("Complete") || $0[.type].says("Failed")) && $0[.status].says("True")
    }
  }

  static func isTrue(_ job: Value, _ type: String) -> Bool { Condition.isTrue(job.status[.conditions], type) }

  static func condition(_ type: String, _ status: Bool, _ reason: String, _ message: String, _ now: Instant)
    -> Value
  {
    let time = Value.string(RFC3339.string(now))
    var condition = Condition.make(type, status, reason: reason, message: message)
    condition[.lastProbeTime] = time
    condition[.lastTransitionTime] = time
    return condition
  }

  /// The first rule of the success policy that holds (KEP-3998).
  static func success(_ policy: Value, done: Set<Int>, below limit: Int) -> String? {
    for (i, rule) in policy[.rules].items.enumerated() {
      let chosen = rule[.succeededIndexes].string.map { JobIndexes.parse($0, below: limit) }
      let hits = chosen.map { $0.intersection(done).count } ?? done.count
      let needed = rule[.succeededCount].int ?? chosen?.count ?? Int.max
      if hits >= needed { return "Matched rules at index \(i)" }
    }
    return nil
  }
}
