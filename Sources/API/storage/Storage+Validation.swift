import APIMachinery

/// Storage classes and volumes (`pkg/apis/storage/validation`, `core/validation.ValidatePersistentVolume`).
enum StorageValidation {
  static func storageClass(_ object: Value, _ out: inout Findings) {
    let name = object[.provisioner].string ?? ""
    if name.isEmpty {
      out.required(Path("provisioner"))
    } else {
      out.invalid(Path("provisioner"), name, all: Names.isQualifiedName(name.lowercased()))
    }
    parameters(object[.parameters], mayBeEmpty: true, &out)
    if let policy = object.get(.reclaimPolicy) {
      out.oneOf(Path("reclaimPolicy"), policy, ["Delete", "Retain"])
    }
    out.oneOf(Path("volumeBindingMode"), object[.volumeBindingMode], ["Immediate", "WaitForFirstConsumer"])
    for (i, term) in object[.allowedTopologies].items.enumerated() {
      for (j, rule) in term[.matchLabelExpressions].items.enumerated() {
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

  /// `validateParameters`.
  static func parameters(_ parameters: Value, mayBeEmpty: Bool, _ out: inout Findings) {
    let at = Path("parameters")
    if parameters.count > 512 { return out.tooLong(at, most: 512) }
    var size = 0
    for field in parameters.fields {
      let name = field.key.string
      if name.isEmpty { out.invalid(at, name, "field can not be empty.") }
      size += name.utf8.count + (field.value.text?.count ?? 0)
    }
    if size > 256 * 1024 { out.tooLong(at, most: 256 * 1024) }
    if !mayBeEmpty, parameters.isEmpty { out.required(at, "must contain at least one key/value pair") }
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
    "cephfs", "iscsi", "cinder", "fc", "flexVolume", "azureFile", "vsphereVolume", "photonPersistentDisk",
    "portworxVolume", "azureDisk", "scaleIO", "local", "storageos", "csi",
  ]

  static func volume(_ object: Value, _ out: inout Findings) {
    volumeSpec(object[.spec], .spec, name: object.name, inline: false, &out)
  }

  /// `ValidatePersistentVolumeSpec`; inline in an attachment only a CSI volume is allowed.
  static func volumeSpec(
    _ spec: Value, _ path: Path, name: String = "", inline: Bool, _ out: inout Findings
  ) {
    let notInline = "may not be specified in the context of inline volumes"
    if inline {
      if spec.has(.claimRef) { out.forbidden(path.child("claimRef"), notInline) }
      if !spec[.capacity].isEmpty { out.forbidden(path.child("capacity"), notInline) }
      if !spec.has(.csi) {
        out.required(path.child("csi"), "has to be specified in the context of inline volumes")
      }
    }
    accessModes(spec, path.child("accessModes"), &out)
    if !inline { capacity(spec[.capacity], path.child("capacity"), &out) }
    let policy = spec[.persistentVolumeReclaimPolicy].string ?? ""
    let place = path.child("persistentVolumeReclaimPolicy")
    if !policy.isEmpty, !inline {
      out.oneOf(place, .string(policy), ["Delete", "Recycle", "Retain"])
    } else if !policy.isEmpty, policy != "Retain" {
      out.forbidden(place, "may only be Retain in the context of inline volumes")
    }
    if spec.has(.nodeAffinity), inline {
      out.forbidden(path.child("nodeAffinity"), notInline)
    } else if let required = spec[.nodeAffinity].get(.required) {
      AffinityValidation.nodeSelector(required, path.child("nodeAffinity").child("required"), &out)
    } else if spec.has(.nodeAffinity) {
      out.required(path.child("nodeAffinity").child("required"), "must specify required node constraints")
    }
    source(spec, name, path, &out)
    if policy == "Recycle", spec.has(.hostPath), isRoot(spec[.hostPath][.path].string ?? "") {
      out.forbidden(place, "may not be 'recycle' for a hostPath mount of '/'")
    }
    classes(spec, path, inline, &out)
  }

  private static func isRoot(_ path: String) -> Bool {
    path.hasPrefix("/") && path.split(separator: "/").allSatisfy { $0 == "." || $0 == ".." }
  }

  private static func accessModes(_ spec: Value, _ at: Path, _ out: inout Findings) {
    let given = spec[.accessModes]
    if given.isEmpty { out.required(at) }
    for mode in given.items where !modes.contains(mode.string ?? "") { out.notSupported(at, mode, modes) }
    let others = given.items.contains { $0 != "ReadWriteOncePod" && modes.contains($0.string ?? "") }
    if given.items.contains("ReadWriteOncePod"), others {
      out.forbidden(at, "may not use ReadWriteOncePod with other access modes")
    }
  }

  private static func capacity(_ capacity: Value, _ at: Path, _ out: inout Findings) {
    if capacity.isEmpty { out.required(at) }
    if !capacity.has(.storage) || capacity.count > 1 {
      out.notSupported(at, capacity.isEmpty ? .null : capacity, ["storage"])
    }
    for field in capacity.fields {
      if let amount = Quantity(field.value), amount.sign <= 0 {
        out.invalid(at.key(field.key.string), amount.canonical, "must be greater than zero")
      }
    }
  }

  private static func classes(_ spec: Value, _ path: Path, _ inline: Bool, _ out: inout Findings) {
    if let name = spec[.storageClassName].string, !name.isEmpty {
      let at = path.child("storageClassName")
      if inline {
        out.forbidden(at, "may not be specified in the context of inline volumes")
      } else {
        out.invalid(at, name, all: Names.isDNS1123Subdomain(name))
      }
    }
    if let mode = spec.get(.volumeMode) {
      if !inline {
        out.oneOf(path.child("volumeMode"), mode, ["Block", "Filesystem"])
      } else if mode != "Filesystem" {
        out.forbidden(
          path.child("volumeMode"),
          "may not specify volumeMode other than Filesystem in the context of inline volumes")
      }
    }
    guard let name = spec[.volumeAttributesClassName].string else { return }
    let at = path.child("volumeAttributesClassName")
    if name.isEmpty {
      out.required(at, "an empty string is disallowed")
    } else {
      out.invalid(at, name, all: Names.isDNS1123Subdomain(name))
    }
    if !spec.has(.csi) {
      out.required(path.child("csi"), "has to be specified when using volumeAttributesClassName")
    }
  }

  private static func source(_ spec: Value, _ name: String, _ path: Path, _ out: inout Findings) {
    var count = 0
    for key in sources {
      guard let source = spec.get(Key(key)) else { continue }
      let at = path.child(key)
      count += 1
      // A flex volume is judged without a look at the others.
      if count > 1, key != "flexVolume" {
        let spelled = key == "cephfs" ? path.child("cephFS") : at
        out.forbidden(spelled, "may not specify more than 1 volume type")
        continue
      }
      switch key {
      case "hostPath": VolumeValidation.hostPath(source, at, &out)
      case "nfs": VolumeValidation.nfs(source, at, &out)
      case "gcePersistentDisk": VolumeDriverValidation.disk(key, source, path.child("persistentDisk"), &out)
      case "awsElasticBlockStore": VolumeDriverValidation.disk(key, source, at, &out)
      case "local":
        let text = source[.path].string ?? ""
        if text.isEmpty {
          out.required(at.child("path"))
        } else {
          VolumeValidation.backsteps(text, at.child("path"), &out)
        }
        if spec[.nodeAffinity].get(.required) == nil {
          out.required(path.child("nodeAffinity"), "Local volume requires node affinity")
        }
      case "csi": csi(source, at, &out)
      default: VolumeDriverValidation.check(key, source, .persistent(volume: name), at, &out)
      }
    }
    if count == 0 { out.required(path, "must specify a volume type") }
  }

  private static func csi(_ source: Value, _ at: Path, _ out: inout Findings) {
    DriverNameRule.check(source[.driver].string ?? "", at.child("driver"), &out)
    if source[.volumeHandle].string.isNilOrEmpty { out.required(at.child("volumeHandle")) }
    for key in [
      "controllerPublishSecretRef", "controllerExpandSecretRef", "nodePublishSecretRef",
      "nodeExpandSecretRef",
    ] {
      guard let ref = source.get(Key(key)) else { continue }
      for (part, text) in [("name", ref[.name].string ?? ""), ("namespace", ref[.namespace].string ?? "")] {
        let place = at.child(key).child(part)
        if text.isEmpty {
          out.required(place)
        } else {
          let isLabel = part == "namespace"
          out.invalid(place, text, all: isLabel ? Names.isDNS1123Label(text) : Names.isDNS1123Subdomain(text))
        }
      }
    }
  }

  static func volumeUpdate(_ new: Value, _ old: Value, _ out: inout Findings) {
    volume(new, &out)
    var after = new[.spec]
    // The secret for growing may be added later.
    if old[.spec][.csi].isObject, !old[.spec][.csi].has(.controllerExpandSecretRef), after[.csi].isObject {
      after[.csi] = after[.csi].removing(.controllerExpandSecretRef)
    }
    let isChanged = sources.contains { after[Key($0)] != old[.spec][Key($0)] }
    if isChanged {
      out.forbidden(
        Path.spec.child("persistentvolumesource"), "spec.persistentvolumesource is immutable after creation")
    }
    out.immutable(Path("volumeMode"), new[.spec][.volumeMode], old[.spec][.volumeMode])
    if old[.spec].has(.nodeAffinity), new[.spec][.nodeAffinity] != old[.spec][.nodeAffinity] {
      out.invalid(
        Path("nodeAffinity"), shown: GoForm.text(new[.spec][.nodeAffinity], "VolumeNodeAffinity"),
        "field is immutable, except for updating from beta label to GA")
    }
  }
}
