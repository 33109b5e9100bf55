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
    if let seconds = spec["leaseDurationSeconds"].int, seconds <= 0 {
      out.invalid(Path.spec.child("leaseDurationSeconds"), .int(seconds), "must be greater than 0")
    }
    if let count = spec["leaseTransitions"].int, count < 0 {
      out.invalid(Path.spec.child("leaseTransitions"), .int(count), "must be greater than or equal to 0")
    }
  }

  static func runtimeClass(_ object: Value, _ out: inout Findings) {
    let handler = object["handler"].string ?? ""
    out.invalid(Path("handler"), handler, all: Names.isDNS1123Label(handler))
    let fixed = object["overhead"]["podFixed"]
    if fixed.isObject {
      ResourceRule.requirements(["limits": fixed], claims: .null, Path("overhead"), &out)
    }
    guard let scheduling = object.get("scheduling") else { return }
    let at = Path("scheduling")
    ObjectMetaValidation.labels(scheduling[.nodeSelector], at.child("nodeSelector"), &out)
    SchedulingValidation.tolerations(scheduling[.tolerations], at.child("tolerations"), &out)
  }

  static func runtimeClassUpdate(_ new: Value, _ old: Value, _ out: inout Findings) {
    out.immutable(Path("handler"), new["handler"], old["handler"])
  }

  static func endpointSlice(_ object: Value, _ out: inout Findings) {
    let type = object["addressType"].string ?? ""
    if type.isEmpty {
      out.required(Path("addressType"))
    } else {
      out.oneOf(Path("addressType"), object["addressType"], ["FQDN", "IPv4", "IPv6"])
    }
    if object[.endpoints].count > 1000 {
      out.tooMany(Path("endpoints"), object[.endpoints].count, most: 1000)
    }
    for (i, endpoint) in object[.endpoints].items.enumerated() {
      let at = Path("endpoints").index(i).child("addresses")
      if endpoint[.addresses].isEmpty { out.required(at, "must contain at least 1 address") }
      for address in endpoint[.addresses].items where type != "IPv4" || !AddressRule.isOrdinary(address) {
        let ip = IPBytes(address.string ?? "")
        if type == "IPv4", ip?.bytes.count != 4 { out.invalid(at, address, "must be an IPv4 address") }
        if type == "IPv6", ip?.bytes.count != 16 { out.invalid(at, address, "must be an IPv6 address") }
      }
    }
  }

  static func endpointSliceUpdate(_ new: Value, _ old: Value, _ out: inout Findings) {
    endpointSlice(new, &out)
    out.immutable(Path("addressType"), new["addressType"], old["addressType"])
  }

  static func controllerRevisionUpdate(_ new: Value, _ old: Value, _ out: inout Findings) {
    out.immutable(Path("data"), new[.data], old[.data])
  }
}
