import Basics

/// Conditions of a status (`apimachinery/pkg/api/meta/conditions.go`): one entry for each type.
public enum Condition {
  /// The condition of `type`, or nil.
  public static func find(_ conditions: Value, _ type: String) -> Value? {
    defer { withExtendedLifetime(conditions) {} }
    return ValueView.of(conditions).first { condition in
      guard case .string(let text) = condition.get(.type) else { return false }
      return text._withUnsafeGuaranteedRef { $0.equals(type) }
    }
  }

  public static func isTrue(_ conditions: Value, _ type: String) -> Bool {
    find(conditions, type)?[.status].says("True") ?? false
  }

  /// Sets the condition of its type; a new one goes to the end. `lastTransitionTime` moves to `now` only where
  /// the status changed (or none was there). Gives whether anything but that time changed.
  @discardableResult
  public static func set(_ condition: Value, in conditions: inout Value, now: Instant) -> Bool {
    var next = condition
    var all = Array(conditions.items)
    guard let at = all.firstIndex(where: { $0[.type] == condition[.type] }) else {
      if !next.has(.lastTransitionTime) { next[.lastTransitionTime] = .string(RFC3339.string(now)) }
      conditions = .array(all + [next])
      return true
    }
    let old = all[at]
    if old[.status] == next[.status] {
      next.set(.lastTransitionTime, old.get(.lastTransitionTime))
    } else if !next.has(.lastTransitionTime) {
      next[.lastTransitionTime] = .string(RFC3339.string(now))
    }
    if next == old { return false }
    all[at] = next
    conditions = .array(all)
    return true
  }

  /// A condition with its parts; those that are nil are left out.
  public static func make(
    _ type: String, _ status: Bool?, reason: String? = nil, message: String? = nil,
    observedGeneration: Int? = nil
  ) -> Value {
    let text = status.map { $0 ? "True" : "False" } ?? "Unknown"
    return .fields(
      (.type, .string(type)), (.status, .string(text)), (.reason, reason.map { .string($0) }),
      (.message, message.map { .string($0) }), (.observedGeneration, observedGeneration.map { .int($0) }))
  }

  /// Takes the condition of `type` out.
  public static func remove(_ type: String, from conditions: inout Value) {
    conditions = .array(conditions.items.filter { !($0[.type].text?.equals(type) ?? false) })
  }
}
