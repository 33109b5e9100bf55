import APIMachinery

/// `ValidateResourceSlice` (`pkg/apis/resource/validation`).
enum ResourceSliceValidation {
  static func slice(_ object: Value, _ out: inout Findings) {
    let spec = object[.spec]
    let path = Path.spec
    DriverNameRule.check(spec[.driver].string ?? "", path.child("driver"), &out)
    pool(spec[.pool], path.child("pool"), &out)
    let one = "exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required"
    var given = nodes(spec, path, &out)
    if let flag = spec[.perDeviceNodeSelection].bool {
      if flag {
        given.append("`perDeviceNodeSelection`")
      } else {
        out.invalid(path.child("perDeviceNodeSelection"), false, "must be either unset or set to true")
      }
    }
    if given.isEmpty {
      out.required(path, one)
    } else if given.count > 1 {
      out.invalid(
        path, "{\(given.joined(separator: ", "))}", one + ", but multiple fields are set")
    }
    if !spec[.devices].isEmpty, !spec[.sharedCounters].isEmpty {
      out.invalid(path, "", "only one of `sharedCounters` or `devices` is allowed")
    }
    devices(spec, path.child("devices"), &out)
    counters(spec[.sharedCounters], path.child("sharedCounters"), &out)
  }

  /// Attributes with several values are behind a gate that is off (`dropDisabledFields`).
  static func prepare(_ object: inout Value) {
    let lists = ["ints", "bools", "strings", "versions"].map { Key($0) }
    PodDefaults.map(&object[.spec], "devices") { device in
      guard let attributes = device.get(.attributes), attributes.isObject else { return }
      for field in attributes.fields where lists.contains(where: { field.value.has($0) }) {
        for list in lists { device[.attributes][field.key].remove(list) }
      }
    }
  }

  static func sliceUpdate(_ new: Value, _ old: Value, _ out: inout Findings) {
    slice(new, &out)
    let a = new[.spec]
    let b = old[.spec]
    out.immutable(Path.spec.child("pool").child("name"), a[.pool][.name], b[.pool][.name])
    out.immutable(Path.spec.child("driver"), a[.driver], b[.driver])
    out.immutable(Path.spec.child("nodeName"), a[.nodeName], b[.nodeName])
  }

  private static func pool(_ pool: Value, _ at: Path, _ out: inout Findings) {
    let name = pool[.name].string ?? ""
    if name.isEmpty {
      out.required(at.child("name"))
    } else {
      if name.utf8.count > 253 { out.tooLong(at.child("name"), most: 253) }
      for part in name.split(separator: "/", omittingEmptySubsequences: false) {
        out.invalid(at.child("name"), String(part), all: Names.isDNS1123Subdomain(String(part)))
      }
    }
    let count = pool[.resourceSliceCount].int ?? 0
    if count <= 0 { out.invalid(at.child("resourceSliceCount"), .int(count), "must be greater than zero") }
    if let generation = pool[.generation].int, generation < 0 {
      out.invalid(at.child("generation"), .int(generation), "must be greater than or equal to zero")
    }
  }

  /// The three ways to name nodes; gives those that are used.
  private static func nodes(_ spec: Value, _ at: Path, _ out: inout Findings) -> [String] {
    var given: [String] = []
    if let name = spec[.nodeName].string {
      if name.isEmpty {
        out.invalid(at.child("nodeName"), name, "must be either unset or set to a non-empty string")
      } else {
        given.append("`nodeName`")
        out.invalid(at.child("nodeName"), name, all: Names.isDNS1123Subdomain(name))
      }
    }
    if let selector = spec.get(.nodeSelector) {
      given.append("`nodeSelector`")
      AffinityValidation.nodeSelector(selector, at.child("nodeSelector"), &out)
      if selector[.nodeSelectorTerms].count != 1 {
        out.invalid(
          at.child("nodeSelector").child("nodeSelectorTerms"), selector[.nodeSelectorTerms],
          "must have exactly one node selector term")
      }
    }
    if let all = spec[.allNodes].bool {
      if all {
        given.append("`allNodes`")
      } else {
        out.invalid(at.child("allNodes"), false, "must be either unset or set to true")
      }
    }
    return given
  }

  private static func devices(_ spec: Value, _ path: Path, _ out: inout Findings) {
    var seen: Set<String> = []
    let list = spec[.devices]
    for (i, device) in list.items.enumerated() {
      self.device(device, spec[.perDeviceNodeSelection].bool == true, path.index(i), &out)
    }
    let needsLess = list.items.contains { !$0[.taints].isEmpty || !$0[.consumesCounters].isEmpty }
    ResourceClaimValidation.limit(list, needsLess ? 64 : 128, path, &out)
    for (i, device) in list.items.enumerated() where !seen.insert(device[.name].string ?? "").inserted {
      out.duplicate(path.index(i).child("name"), device[.name])
    }
  }

  private static func device(_ device: Value, _ perDevice: Bool, _ at: Path, _ out: inout Findings) {
    let name = device[.name].string ?? ""
    out.invalid(at.child("name"), name, all: Names.isDNS1123Label(name))
    let total = device[.attributes].count + device[.capacity].count
    if total > 32 {
      out.invalid(at, .int(total), "the total number of attributes and capacities must not exceed 32")
    }
    for field in device[.attributes].fields {
      let place = at.child("attributes").key(field.key.string)
      ResourceClaimValidation.qualified(field.key.string, needsDomain: false, place, &out)
      attribute(field.value, place, &out)
    }
    for field in device[.capacity].fields {
      let place = at.child("capacity").key(field.key.string)
      ResourceClaimValidation.qualified(field.key.string, needsDomain: false, place, &out)
      capacity(field.value, device[.allowMultipleAllocations].bool == true, place, &out)
    }
    for (i, taint) in device[.taints].items.enumerated() {
      self.taint(taint, at.child("taints").index(i), &out)
    }
    for (i, use) in device[.consumesCounters].items.enumerated() {
      let place = at.child("consumesCounters").index(i)
      counterSet(use, name: "counterSet", place, &out)
    }
    let why =
      "exactly one of `nodeName`, `nodeSelector`, or `allNodes` is required when `perDeviceNodeSelection` is "
      + "set to true in the ResourceSlice spec"
    if perDevice {
      let given = nodes(device, at, &out)
      if given.isEmpty { out.required(at, why) }
      if given.count > 1 { out.invalid(at, "{\(given.joined(separator: ", "))}", why) }
    } else if device.has(.nodeName) || device.has(.nodeSelector) || device.has(.allNodes) {
      out.invalid(
        at, .null,
        "`nodeName`, `nodeSelector` and `allNodes` can only be set if `perDeviceNodeSelection` is set to true "
          + "in the ResourceSlice spec")
    }
  }

  private static let kinds = [
    ("int", "IntValue"), ("bool", "BoolValue"), ("string", "StringValue"), ("version", "VersionValue"),
    ("ints", "IntValues"), ("bools", "BoolValues"), ("strings", "StringValues"),
    ("versions", "VersionValues"),
  ]
  private static let semver = try? RegularExpression(
    #"^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)"#
      + #"(\.(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*)?(\+[0-9a-zA-Z-]+(\.[0-9a-zA-Z-]+)*)?$"#)

  private static func attribute(_ attribute: Value, _ at: Path, _ out: inout Findings) {
    if let text = attribute[.string].string, text.utf8.count > 64 {
      out.tooLong(at.child("string"), most: 64)
    }
    if let text = attribute[.version].string {
      if semver?.matches(text) == false {
        out.invalid(at.child("version"), text, "must be a string compatible with semver.org spec 2.0.0")
      }
      if text.utf8.count > 64 { out.tooLong(at.child("version"), most: 64) }
    }
    let count = kinds.count { attribute.has(Key($0.0)) }
    if count == 0 { return out.required(at, "exactly one value must be specified") }
    if count == 1 { return }
    let parts = kinds.map { "\"\($0.1)\":\(CanonicalJSON.string(attribute[Key($0.0)]))" }
    out.invalid(at, shown: "{\(parts.joined(separator: ","))}", "exactly one value must be specified")
  }

  private static func capacity(_ capacity: Value, _ shared: Bool, _ at: Path, _ out: inout Findings) {
    guard let policy = capacity.get(.requestPolicy) else { return }
    let place = at.child("requestPolicy")
    if !shared { return out.forbidden(place, "allowMultipleAllocations must be true") }
    if !policy[.validValues].isEmpty, policy.has(.validRange) {
      out.forbidden(
        place,
        "exactly one policy can be specified, cannot specify \"validValues\" and \"validRange\" at the same time"
      )
    } else if !policy[.validValues].isEmpty, !policy.has(.`default`) {
      out.required(place.child("default"), "required when validValues is defined")
    } else if policy.has(.validRange), !policy.has(.`default`) {
      out.required(place.child("default"), "required when validRange is defined")
    }
  }

  private static func taint(_ taint: Value, _ at: Path, _ out: inout Findings) {
    let key = taint[.key].string ?? ""
    out.invalid(at.child("key"), key, all: Names.isQualifiedName(key))
    let value = taint[.value].string ?? ""
    if !value.isEmpty { out.invalid(at.child("value"), value, all: Names.isLabelValue(value)) }
    let effect = taint[.effect].string ?? ""
    if effect.isEmpty {
      out.required(at.child("effect"))
    } else {
      out.oneOf(at.child("effect"), taint[.effect], ["NoExecute", "NoSchedule", "None"])
    }
  }

  private static func counterSet(_ set: Value, name: String, _ at: Path, _ out: inout Findings) {
    let text = set[Key(name)].string ?? ""
    if text.isEmpty {
      out.required(at.child(name))
    } else {
      out.invalid(at.child(name), text, all: Names.isDNS1123Label(text))
    }
    if set[.counters].isEmpty { return out.required(at.child("counters")) }
    for field in set[.counters].fields {
      let key = field.key.string
      out.invalid(at.child("counters"), key, all: Names.isDNS1123Label(key))
    }
  }

  private static func counters(_ sets: Value, _ path: Path, _ out: inout Findings) {
    var seen: Set<String> = []
    ResourceClaimValidation.limit(sets, 8, path, &out)
    for (i, set) in sets.items.enumerated() {
      counterSet(set, name: "name", path.index(i), &out)
    }
    for (i, set) in sets.items.enumerated() where !seen.insert(set[.name].string ?? "").inserted {
      out.duplicate(path.index(i).child("name"), set[.name])
    }
  }
}
