import APIMachinery

/// What a quota counts never grows beyond its limit; only a lower limit may leave it above.
final class QuotaCheck: InstantCheck {
  func observe(_ event: WatchEvent) -> [Violation] {
    guard event.key.kind == .resourceQuota, event.type == .modified, let old = event.old,
      old.spec[.hard] == event.object.spec[.hard], old.status[.hard] == event.object.status[.hard]
    else { return [] }
    var violations: [Violation] = []
    for field in event.object.status[.used].fields {
      guard let used = Quantity(field.value), let hard = Quantity(event.object.status[.hard][field.key]),
        used > hard, used > Quantity(old.status[.used][field.key]) ?? .zero
      else { continue }
      violations.append(
        Violation(
          check: "quota", key: event.key,
          message: "\(field.key): \(used.canonical) used of \(hard.canonical)"))
    }
    return violations
  }
}
