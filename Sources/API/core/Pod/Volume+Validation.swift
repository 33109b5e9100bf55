import APIMachinery

/// `ValidateVolumes` and the sources (`pkg/apis/core/validation`).
enum VolumeValidation {
  /// The names of the sound volumes.
  static func volumes(
    _ volumes: Value, pod: String = "", _ path: Path, _ out: inout Findings
  ) -> [String: Value] {
    var names: [String: Value] = [:]
    var claims: Set<String> = []
    if !pod.isEmpty {
      for volume in volumes.items where volume.has(.ephemeral) {
        claims.insert("\(pod)-\(volume[.name].string ?? "")")
      }
    }
    for (i, volume) in volumes.items.enumerated() {
      let at = path.index(i)
      var own = Findings()
      let name = volume[.name].string ?? ""
      source(volume, pod, at, &own)
      if name.isEmpty {
        own.required(at.child("name"))
      } else {
        own.invalid(at.child("name"), name, all: Names.isDNS1123Label(name))
      }
      if names[name] != nil { own.duplicate(at.child("name"), .string(name)) }
      if own.isEmpty { names[name] = volume } else { out.append(own.causes) }
      if let claim = volume[.persistentVolumeClaim][.claimName].string, claims.contains(claim) {
        out.invalid(
          at.child("persistentVolumeClaim").child("claimName"), claim,
          "must not reference a PVC that gets created for an ephemeral volume")
      }
    }
    return names
  }

  private static let order = [
    "emptyDir", "hostPath", "gitRepo", "gcePersistentDisk", "awsElasticBlockStore", "secret", "nfs", "iscsi",
    "glusterfs", "flocker", "persistentVolumeClaim", "rbd", "cinder", "cephfs", "quobyte", "downwardAPI",
    "fc", "flexVolume", "configMap", "azureFile", "vsphereVolume", "photonPersistentDisk", "portworxVolume",
    "azureDisk", "storageos", "projected", "scaleIO", "csi", "ephemeral", "image",
  ]
  /// Fields whose places are spelled otherwise when there are too many.
  private static let spelled = ["cephfs": "cephFS", "downwardAPI": "downwarAPI"]

  private static func source(_ volume: Value, _ pod: String, _ path: Path, _ out: inout Findings) {
    var count = 0
    let name = volume[.name].string ?? ""
    for key in order {
      guard let source = volume.get(Key(key)) else { continue }
      count += 1
      if count > 1 {
        out.forbidden(path.child(spelled[key] ?? key), "may not specify more than 1 volume type")
      } else {
        self.source(key, source, path, name, &out)
      }
      if key == "iscsi" { VolumeDriverValidation.iscsiName(source, name, path, &out) }
      if key == "ephemeral", count == 1, !pod.isEmpty, !name.isEmpty {
        let claim = "\(pod)-\(name)"
        for problem in Names.isDNS1123Subdomain(claim) {
          out.invalid(path.child("name"), name, "PVC name \"\(claim)\": \(problem)")
        }
      }
    }
    if count == 0 { out.required(path, "must specify a volume type") }
  }

  private static func source(
    _ key: String, _ source: Value, _ path: Path, _ volume: String, _ out: inout Findings
  ) {
    let at = path.child(key)
    switch key {
    case "emptyDir":
      if let size = Quantity(source[.sizeLimit]), size.sign < 0 {
        out.forbidden(at.child("sizeLimit"), "SizeLimit field must be a valid resource quantity")
      }
    case "hostPath": hostPath(source, at, &out)
    case "gitRepo":
      if source[.repository].string.isNilOrEmpty { out.required(at.child("repository")) }
      descending(source[.directory].string ?? "", at.child("directory"), &out)
    case "secret", "configMap":
      let name = key == "secret" ? "secretName" : "name"
      if source[Key(name)].string.isNilOrEmpty { out.required(at.child(name)) }
      mode(source[.defaultMode], at.child("defaultMode"), &out)
      for (i, item) in source[.items].items.enumerated() { self.item(item, at.child("items").index(i), &out) }
    case "nfs": nfs(source, at, &out)
    case "persistentVolumeClaim":
      if source[.claimName].string.isNilOrEmpty { out.required(at.child("claimName")) }
    case "downwardAPI":
      mode(source[.defaultMode], at.child("defaultMode"), &out)
      for file in source[.items].items { downwardFile(file, at, &out) }
    case "projected": ProjectedVolumeValidation.check(source, at, &out)
    case "csi":
      DriverNameRule.check(source[.driver].string ?? "", at.child("driver"), &out)
      if let ref = source.get(.nodePublishSecretRef) {
        let name = ref[.name].string ?? ""
        if name.isEmpty {
          out.required(at.child("nodePublishSecretRef").child("name"))
        } else {
          out.invalid(at.child("name"), name, all: Names.isDNS1123Subdomain(name))
        }
      }
    case "ephemeral": ephemeral(source, at, &out)
    case "image":
      if source[.reference].string.isNilOrEmpty { out.required(at.child("reference")) }
      if let policy = source[.pullPolicy].string, !policy.isEmpty {
        out.oneOf(at.child("pullPolicy"), .string(policy), ["Always", "IfNotPresent", "Never"])
      }
    case "gcePersistentDisk": VolumeDriverValidation.disk(key, source, path.child("persistentDisk"), &out)
    case "awsElasticBlockStore": VolumeDriverValidation.disk(key, source, at, &out)
    default: VolumeDriverValidation.check(key, source, .pod(volume: volume), at, &out)
    }
  }

  private static func ephemeral(_ source: Value, _ at: Path, _ out: inout Findings) {
    let place = at.child("volumeClaimTemplate")
    guard let template = source.get(.volumeClaimTemplate) else { return out.required(place) }
    ObjectMetaValidation.template(template[.metadata], place.child("metadata"), &out)
    PersistentVolumeClaimValidation.spec(template[.spec], place.child("spec"), &out)
  }

  static func nfs(_ source: Value, _ at: Path, _ out: inout Findings) {
    if source[.server].string.isNilOrEmpty { out.required(at.child("server")) }
    let path = source[.path].string ?? ""
    if path.isEmpty { out.required(at.child("path")) }
    if !path.hasPrefix("/") { out.invalid(at.child("path"), path, "must be an absolute path") }
  }

  private static let hostPathTypes = [
    "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket",
  ]

  static func hostPath(_ source: Value, _ at: Path, _ out: inout Findings) {
    let path = source[.path].string ?? ""
    if path.isEmpty { return out.required(at.child("path")) }
    backsteps(path, at.child("path"), &out)
    if let type = source.get(.type) { out.oneOf(at.child("type"), type, hostPathTypes) }
  }

  static func backsteps(_ text: String, _ path: Path, _ out: inout Findings) {
    if text.split(separator: "/", omittingEmptySubsequences: false).contains("..") {
      out.invalid(path, text, "must not contain '..'")
    }
  }

  /// `validateLocalDescendingPath`.
  static func descending(_ text: String, _ path: Path, _ out: inout Findings) {
    if text.hasPrefix("/") { out.invalid(path, text, "must be a relative path") }
    backsteps(text, path, &out)
  }

  /// `validateLocalNonReservedPath`.
  static func local(_ text: String, _ path: Path, _ out: inout Findings) {
    descending(text, path, &out)
    if text.hasPrefix(".."), !text.hasPrefix("../") { out.invalid(path, text, "must not start with '..'") }
  }

  static func mode(_ value: Value, _ path: Path, _ out: inout Findings) {
    if let mode = value.int, mode < 0 || mode > 511 {
      out.invalid(path, value, "must be a number between 0 and 0777 (octal), both inclusive")
    }
  }

  /// `validateKeyToPath`.
  static func item(_ item: Value, _ at: Path, _ out: inout Findings) {
    if item[.key].string.isNilOrEmpty { out.required(at.child("key")) }
    let target = item[.path].string ?? ""
    if target.isEmpty { out.required(at.child("path")) }
    local(target, at.child("path"), &out)
    mode(item[.mode], at.child("mode"), &out)
  }

  /// `validateDownwardAPIVolumeFile`.
  static func downwardFile(_ file: Value, _ at: Path, _ out: inout Findings) {
    let path = file[.path].string ?? ""
    if path.isEmpty { out.required(at.child("path")) }
    local(path, at.child("path"), &out)
    if let ref = file.get(.fieldRef) {
      EnvironmentValidation.fieldRef(ref, EnvironmentValidation.volumeFields, at.child("fieldRef"), &out)
      if file.has(.resourceFieldRef) {
        out.invalid(at, "resource", "fieldRef and resourceFieldRef can not be specified simultaneously")
      }
    } else if let ref = file.get(.resourceFieldRef) {
      EnvironmentValidation.resourceField(ref, inVolume: true, at.child("resourceFieldRef"), &out)
    } else {
      out.required(at, "one of fieldRef and resourceFieldRef is required")
    }
    mode(file[.mode], at.child("mode"), &out)
  }
}
