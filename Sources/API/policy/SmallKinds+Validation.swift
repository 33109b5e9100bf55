import APIMachinery

/// Kinds with a few rules each: priority classes, leases, endpoint slices, webhooks, ….
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
    for field in object["overhead"]["podFixed"].fields {
      ResourceRule.quantity(
        field.key.string, field.value, Path("overhead").child("limits").key(field.key.string), &out)
    }
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
      for address in endpoint[.addresses].items {
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

  static func csiDriverUpdate(_ new: Value, _ old: Value, _ out: inout Findings) {
    out.immutable(
      Path.spec.child("attachedRequired"), new[.spec]["attachRequired"], old[.spec]["attachRequired"])
  }

  // MARK: - Webhooks

  static func webhooks(_ object: Value, _ out: inout Findings) {
    var names: Set<String> = []
    for (i, hook) in object["webhooks"].items.enumerated() {
      let at = Path("webhooks").index(i)
      let name = hook[.name].string ?? ""
      webhookName(name, at.child("name"), &out)
      if !names.insert(name).inserted { out.duplicate(at.child("name"), .string(name)) }
      if let policy = hook.get("failurePolicy") {
        out.oneOf(at.child("failurePolicy"), policy, ["Fail", "Ignore"])
      }
      if let policy = hook.get("matchPolicy") {
        out.oneOf(at.child("matchPolicy"), policy, ["Equivalent", "Exact"])
      }
      if let effects = hook.get("sideEffects") {
        out.oneOf(at.child("sideEffects"), effects, ["None", "NoneOnDryRun"])
      } else {
        out.required(at.child("sideEffects"), "must specify one of None, NoneOnDryRun")
      }
      if let seconds = hook["timeoutSeconds"].int, seconds > 30 || seconds < 1 {
        out.invalid(
          at.child("timeoutSeconds"), .int(seconds), "the timeout value must be between 1 and 30 seconds")
      }
      client(hook["clientConfig"], at.child("clientConfig"), &out)
      let versions = hook["admissionReviewVersions"].items.compactMap(\.string)
      if versions.isEmpty {
        out.required(at.child("admissionReviewVersions"), "must specify one of v1, v1beta1")
      }
    }
  }

  private static func webhookName(_ name: String, _ at: Path, _ out: inout Findings) {
    if name.isEmpty { return out.required(at) }
    let problems = Names.isDNS1123Subdomain(name)
    out.invalid(at, name, all: problems)
    if problems.isEmpty, name.split(separator: ".").count < 3 {
      out.invalid(at, name, "should be a domain with at least three segments separated by dots")
    }
  }

  private static func client(_ config: Value, _ at: Path, _ out: inout Findings) {
    let hasURL = config.has("url")
    let hasService = config["service"].isObject
    if hasURL == hasService { return out.required(at, "exactly one of url or service is required") }
    guard hasURL else { return }
    let url = config["url"].string ?? ""
    let scheme = url.firstIndex(of: ":").map { String(url[..<$0]) } ?? ""
    if scheme != "https" {
      out.invalid(
        at.child("url"), scheme, "'https' is the only allowed URL scheme; desired format: https://host[/path]"
      )
    }
  }
}
