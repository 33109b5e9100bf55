import APIMachinery

/// Storage classes and volumes (`pkg/apis/storage/validation`, `core/validation.ValidatePersistentVolume`).
enum StorageValidation {
  static func storageClass(_ object: Value, _ out: inout Findings) {
    let name = object["provisioner"].string ?? ""
    if name.isEmpty {
      out.required(Path("provisioner"))
    } else {
      out.invalid(Path("provisioner"), name, all: Names.isQualifiedName(name.lowercased()))
    }
    if let policy = object.get("reclaimPolicy") {
      out.oneOf(Path("reclaimPolicy"), policy, ["Delete", "Retain"])
    }
    out.oneOf(Path("volumeBindingMode"), object["volumeBindingMode"], ["Immediate", "WaitForFirstConsumer"])
    for (i, term) in object["allowedTopologies"].items.enumerated() {
      for (j, rule) in term["matchLabelExpressions"].items.enumerated() {
        let at = Path("allowedTopologies").index(i).child("matchLabelExpressions").index(j)
        if rule[.values].isEmpty { out.required(at.child("values")) }
        var seen: Set<String> = []
        for (k, value) in rule[.values].items.enumerated() where !seen.insert(value.string ?? "").inserted {
          out.duplicate(at.child("values").index(k), value)
        }
        out.invalid(at.child("key"), rule[.key], all: Names.isQualifiedName(rule[.key].string ?? ""))
      }
    }
  }

  static func storageClassUpdate(_ new: Value, _ old: Value, _ out: inout Findings) {
    storageClass(new, &out)
    for key in ["parameters", "provisioner", "reclaimPolicy", "volumeBindingMode"] {
      out.immutable(Path(key), new[Key(key)], old[Key(key)])
    }
  }

  private static let modes = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"]
  private static let sources = [
    "hostPath", "gcePersistentDisk", "awsElasticBlockStore", "glusterfs", "flocker", "nfs", "rbd", "quobyte",
    "cephfs", "iscsi", "cinder", "fc", "azureFile", "vsphereVolume", "photonPersistentDisk", "portworxVolume",
    "azureDisk", "scaleIO", "local", "storageos", "csi", "flexVolume",
  ]

  static func volume(_ object: Value, _ out: inout Findings) {
    let spec = object[.spec]
    let path = Path.spec
    if spec[.accessModes].isEmpty { out.required(path.child("accessModes")) }
    for mode in spec[.accessModes].items where !modes.contains(mode.string ?? "") {
      out.notSupported(path.child("accessModes"), mode, modes)
    }
    if spec[.accessModes].items.contains("ReadWriteOncePod"), spec[.accessModes].count > 1 {
      out.forbidden(
        path.child("accessModes"), "may not use ReadWriteOncePod with other access modes")
    }
    let capacity = spec[.capacity]
    let at = path.child("capacity")
    if capacity.isEmpty { out.required(at) }
    if !capacity.has(.storage) || capacity.count > 1 {
      out.notSupported(at, capacity.isEmpty ? .null : capacity, ["storage"])
    }
    for field in capacity.fields {
      if let amount = Quantity(field.value), amount.sign <= 0 {
        out.invalid(at.key(field.key.string), amount.canonical, "must be greater than zero")
      }
    }
    if let policy = spec[.persistentVolumeReclaimPolicy].string, !policy.isEmpty {
      out.oneOf(
        path.child("persistentVolumeReclaimPolicy"), .string(policy), ["Delete", "Recycle", "Retain"])
    }
    if let required = spec[.nodeAffinity].get("required") {
      AffinityValidation.nodeSelector(required, path.child("nodeAffinity").child("required"), &out)
    } else if spec.has(.nodeAffinity) {
      out.required(path.child("nodeAffinity").child("required"), "must specify required node constraints")
    }
    source(spec, path, &out)
    if spec[.hostPath][.path].string == "/", spec[.persistentVolumeReclaimPolicy].string == "Recycle" {
      out.forbidden(
        path.child("persistentVolumeReclaimPolicy"), "may not be 'recycle' for a hostPath mount of '/'")
    }
    if let name = spec[.storageClassName].string, !name.isEmpty {
      out.invalid(path.child("storageClassName"), name, all: Names.isDNS1123Subdomain(name))
    }
    if let mode = spec.get(.volumeMode) {
      out.oneOf(path.child("volumeMode"), mode, ["Block", "Filesystem"])
    }
  }

  private static func source(_ spec: Value, _ path: Path, _ out: inout Findings) {
    var count = 0
    for key in sources {
      guard let source = spec.get(Key(key)) else { continue }
      let at = path.child(key)
      count += 1
      if count > 1 {
        out.forbidden(at, "may not specify more than 1 volume type")
        continue
      }
      switch key {
      case "hostPath": VolumeValidation.hostPath(source, at, &out)
      case "nfs":
        if source["server"].string.isNilOrEmpty { out.required(at.child("server")) }
        let text = source[.path].string ?? ""
        if text.isEmpty { out.required(at.child("path")) }
        if !text.hasPrefix("/") { out.invalid(at.child("path"), text, "must be an absolute path") }
      case "local":
        if source[.path].string.isNilOrEmpty { out.required(at.child("path")) }
        if !spec.has(.nodeAffinity) {
          out.required(path.child("nodeAffinity"), "Local volume requires node affinity")
        }
      case "csi":
        if source["driver"].string.isNilOrEmpty { out.required(at.child("driver")) }
        if source["volumeHandle"].string.isNilOrEmpty { out.required(at.child("volumeHandle")) }
      default: break
      }
    }
    if count == 0 { out.required(path, "must specify a volume type") }
  }

  static func volumeUpdate(_ new: Value, _ old: Value, _ out: inout Findings) {
    volume(new, &out)
    let isChanged = sources.contains { new[.spec][Key($0)] != old[.spec][Key($0)] }
    if isChanged {
      out.forbidden(
        Path.spec.child("persistentvolumesource"), "spec.persistentvolumesource is immutable after creation")
    }
    out.immutable(Path("volumeMode"), new[.spec][.volumeMode], old[.spec][.volumeMode])
    if old[.spec].has(.nodeAffinity), new[.spec][.nodeAffinity] != old[.spec][.nodeAffinity] {
      out.invalid(
        Path("nodeAffinity"), shown: shown(new[.spec][.nodeAffinity]),
        "field is immutable, except for updating from beta label to GA")
    }
  }

  private static func shown(_ affinity: Value) -> String {
    func rule(_ rule: Value) -> String {
      let values = rule.get(.values).map { CanonicalJSON.string($0) } ?? "null"
      return
        "{\"Key\":\(CanonicalJSON.string(rule[.key])),\"Operator\":\(CanonicalJSON.string(rule[.operator])),"
        + "\"Values\":\(values)}"
    }
    func list(_ rules: Value) -> String {
      rules.isEmpty ? "null" : "[" + rules.items.map(rule).joined(separator: ",") + "]"
    }
    let terms = affinity["required"][.nodeSelectorTerms].items.map {
      "{\"MatchExpressions\":\(list($0[.matchExpressions])),\"MatchFields\":\(list($0[.matchFields]))}"
    }
    return "{\"Required\":{\"NodeSelectorTerms\":[\(terms.joined(separator: ","))]}}"
  }
}
