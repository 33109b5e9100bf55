import APIMachinery

/// Kinds with a few rules each: priority classes, leases, endpoint slices, ….
enum SmallKindValidation {
  private static let systemClasses = [
    "system-cluster-critical": 2_000_000_000, "system-node-critical": 2_000_001_000,
  ]

  static func priorityClass(_ object: Value, _ out: inout Findings) {
    let name = object.name
    let value = object[.value].int ?? 0
    if name.hasPrefix("system-") {
      if systemClasses[name] == nil {
        out.forbidden(
          Path.metadata.child("name"),
          "priority class names with 'system-' prefix are reserved for system use only. error: \(name) is "
            + "not a known system priority class")
      }
    } else if value > 1_000_000_000 {
      out.forbidden(
        Path("value"), "maximum allowed value of a user defined priority is 1000000000")
    }
    if let policy = object.get(.preemptionPolicy) {
      out.oneOf(Path("preemptionPolicy"), policy, ["PreemptLowerPriority", "Never"])
    }
  }

  static func priorityClassUpdate(_ new: Value, _ old: Value, _ out: inout Findings) {
    if (new[.value].int ?? 0) != (old[.value].int ?? 0) {
      out.forbidden(Path("value"), "may not be changed in an update.")
    }
    out.immutable(Path("preemptionPolicy"), new[.preemptionPolicy], old[.preemptionPolicy])
  }

  static func lease(_ object: Value, _ out: inout Findings) {
    let spec = object[.spec]
    if let seconds = spec[.leaseDurationSeconds].int, seconds <= 0 {
      out.invalid(Path.spec.child("leaseDurationSeconds"), .int(seconds), "must be greater than 0")
    }
    if let count = spec[.leaseTransitions].int, count < 0 {
      out.invalid(Path.spec.child("leaseTransitions"), .int(count), "must be greater than or equal to 0")
    }
  }

  static func runtimeClass(_ object: Value, _ out: inout Findings) {
    let handler = object[.handler].string ?? ""
    out.invalid(Path("handler"), handler, all: Names.isDNS1123Label(handler))
    let fixed = object[.overhead][.podFixed]
    if fixed.isObject {
      ResourceRule.requirements(["limits": fixed], claims: .null, Path("overhead"), &out)
    }
    guard let scheduling = object.get(.scheduling) else { return }
    let at = Path("scheduling")
    ObjectMetaValidation.labels(scheduling[.nodeSelector], at.child("nodeSelector"), &out)
    SchedulingValidation.tolerations(scheduling[.tolerations], at.child("tolerations"), &out)
  }

  static func runtimeClassUpdate(_ new: Value, _ old: Value, _ out: inout Findings) {
    out.immutable(Path("handler"), new[.handler], old[.handler])
  }

  /// `ValidateControllerRevisionCreate`.
  static func controllerRevision(_ object: Value, _ out: inout Findings) {
    if object[.data].isNull { out.required(Path("data"), "data is mandatory") }
    out.nonNegative(Path("revision"), object[.revision])
  }

  static func controllerRevisionUpdate(_ new: Value, _ old: Value, _ out: inout Findings) {
    controllerRevision(new, &out)
    out.immutable(Path("data"), new[.data], old[.data])
  }
}
