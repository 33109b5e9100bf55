import APIMachinery

/// CSI drivers and nodes, attachments, capacities and attribute classes (`pkg/apis/storage/validation`).
enum StorageKindsValidation {
  // MARK: - CSIDriver

  static func csiDriver(_ object: Value, _ out: inout Findings) {
    let spec = object[.spec]
    let path = Path.spec
    for (key, name) in [
      ("attachRequired", "attachedRequired"), ("podInfoOnMount", "podInfoOnMount"),
      ("storageCapacity", "storageCapacity"),
    ] where !spec.has(Key(key)) {
      out.required(path.child(name))
    }
    if let policy = spec.get(.fsGroupPolicy) {
      out.oneOf(path.child("fsGroupPolicy"), policy, ["File", "None", "ReadWriteOnceWithFSType"])
    }
    tokens(spec[.tokenRequests], path.child("tokenRequests"), &out)
    for mode in spec[.volumeLifecycleModes].items {
      out.oneOf(path.child("volumeLifecycleModes"), mode, ["Persistent", "Ephemeral"])
    }
    if !spec.has(.seLinuxMount) { out.required(path.child("seLinuxMount")) }
    if let period = spec[.nodeAllocatableUpdatePeriodSeconds].int, period < 10 {
      out.invalid(
        path.child("nodeAllocatableUpdatePeriodSeconds"), .int(period),
        "must be greater than or equal to 10 seconds")
    }
  }

  private static func tokens(_ requests: Value, _ at: Path, _ out: inout Findings) {
    var audiences: Set<String> = []
    for (i, request) in requests.items.enumerated() {
      let audience = request[.audience].string ?? ""
      if !audiences.insert(audience).inserted {
        out.duplicate(at.index(i).child("audience"), .string(audience))
        continue
      }
      guard let seconds = request[.expirationSeconds].int else { continue }
      let place = at.index(i).child("expirationSeconds")
      if seconds < 600 {
        out.invalid(place, .int(seconds), "may not specify a duration less than 10 minutes")
      }
      if seconds > 1 << 32 {
        out.invalid(place, .int(seconds), "may not specify a duration larger than 2^32 seconds")
      }
    }
  }

  static func csiDriverUpdate(_ new: Value, _ old: Value, _ out: inout Findings) {
    csiDriver(new, &out)
    for (key, name) in [
      ("attachRequired", "attachedRequired"), ("volumeLifecycleModes", "volumeLifecycleModes"),
    ] {
      out.immutable(Path.spec.child(name), new[.spec][Key(key)], old[.spec][Key(key)])
    }
  }

  // MARK: - CSINode

  static func csiNode(_ object: Value, _ out: inout Findings) {
    var names: Set<String> = []
    for (i, driver) in object[.spec][.drivers].items.enumerated() {
      let at = Path.spec.child("drivers").index(i)
      let name = driver[.name].string ?? ""
      DriverNameRule.check(name, at.child("name"), &out)
      let id = driver[.nodeID].string ?? ""
      if id.isEmpty { out.required(at.child("nodeID")) }
      if id.utf8.count > 256 { out.invalid(at.child("nodeID"), id, "must be 256 characters or less") }
      out.nonNegative(at.child("allocatable").child("count"), driver[.allocatable][.count])
      if !names.insert(name).inserted { out.duplicate(at.child("name"), .string(name)) }
      var keys: Set<String> = []
      for key in driver[.topologyKeys].items {
        let text = key.string ?? ""
        if text.isEmpty { out.required(at) }
        if !keys.insert(text).inserted { out.duplicate(at, key) }
        out.invalid(at, text, all: Names.isQualifiedName(text))
      }
    }
  }

  static func csiNodeUpdate(_ new: Value, _ old: Value, _ out: inout Findings) {
    csiNode(new, &out)
    for before in old[.spec][.drivers].items {
      for after in new[.spec][.drivers].items
      where after[.name] == before[.name] && after.removing(.allocatable) != before.removing(.allocatable) {
        out.invalid(Path.spec.child("drivers"), after, "field is immutable")
      }
    }
  }

  // MARK: - VolumeAttachment

  static func attachment(_ object: Value, _ out: inout Findings) {
    let spec = object[.spec]
    let path = Path.spec
    let attacher = spec[.attacher].string ?? ""
    if attacher.isEmpty { out.required(path.child("attacher")) }
    let source = spec[.source]
    let volume = source[.persistentVolumeName].string
    let at = path.child("source")
    let both = "must specify exactly one of inlineVolumeSpec and persistentVolumeName"
    switch (source.has(.inlineVolumeSpec), volume) {
    case (false, nil): out.required(at, both)
    case (true, .some): out.forbidden(at, both)
    case (false, .some(let name)):
      if name.isEmpty {
        out.required(at.child("persistentVolumeName"), "must specify non empty persistentVolumeName")
      }
    case (true, nil):
      StorageValidation.volumeSpec(
        source[.inlineVolumeSpec], at.child("inlineVolumeSpec"), inline: true, &out)
    }
    let node = spec[.nodeName].string ?? ""
    out.invalid(path.child("nodeName"), node, all: Names.isDNS1123Subdomain(node))
    DriverNameRule.check(attacher, Path("spec.attacher"), &out)
    if let volume {
      out.invalid(Path("spec.source.persistentVolumeName"), volume, all: Names.isDNS1123Subdomain(volume))
    }
  }

  static func attachmentUpdate(_ new: Value, _ old: Value, _ out: inout Findings) {
    attachment(new, &out)
    out.immutable(.spec, new[.spec], old[.spec])
  }

  // MARK: - Capacities and attribute classes

  static func capacity(_ object: Value, _ out: inout Findings) {
    SelectorRule.selector(object[.nodeTopology], Path("nodeTopology"), &out)
    let name = object[.storageClassName].string ?? ""
    out.invalid(Path("storageClassName"), name, all: Names.isDNS1123Subdomain(name))
    if let amount = Quantity(object[.capacity]), amount.sign < 0 {
      out.invalid(Path("capacity"), amount.canonical, "must be greater than or equal to 0")
    }
  }

  static func capacityUpdate(_ new: Value, _ old: Value, _ out: inout Findings) {
    out.immutable(Path("nodeTopology"), new[.nodeTopology], old[.nodeTopology])
    out.immutable(Path("storageClassName"), new[.storageClassName], old[.storageClassName])
  }

  static func attributesClass(_ object: Value, _ out: inout Findings) {
    let name = object[.driverName].string ?? ""
    if name.isEmpty {
      out.required(Path("driverName"))
    } else {
      out.invalid(Path("driverName"), name.lowercased(), all: Names.isQualifiedName(name.lowercased()))
    }
    StorageValidation.parameters(object[.parameters], mayBeEmpty: false, &out)
  }

  static func attributesClassUpdate(_ new: Value, _ old: Value, _ out: inout Findings) {
    if new[.driverName] != old[.driverName] {
      out.forbidden(Path("driverName"), "updates to driverName are forbidden.")
    }
    if new[.parameters] != old[.parameters] {
      out.forbidden(Path("parameters"), "updates to parameters are forbidden.")
    }
    attributesClass(new, &out)
  }
}

/// `ValidateCSIDriverName` of `pkg/apis/core/validation`.
enum DriverNameRule {
  static func check(_ name: String, _ at: Path, _ out: inout Findings) {
    if name.isEmpty { return out.required(at) }
    if name.utf8.count > 63 { out.tooLong(at, most: 63) }
    for problem in Names.isDNS1123Subdomain(name.lowercased()) {
      out.invalid(at, name, problem)
    }
  }
}
