import APIMachinery

/// `ValidateVolumes` and the sources (`pkg/apis/core/validation`).
enum VolumeValidation {
  /// The names of the sound volumes.
  static func volumes(_ volumes: Value, _ path: Path, _ out: inout Findings) -> Set<String> {
    var names: Set<String> = []
    for (i, volume) in volumes.items.enumerated() {
      let at = path.index(i)
      var own = Findings()
      source(volume, at, &own)
      let name = volume[.name].string ?? ""
      if name.isEmpty {
        own.required(at.child("name"))
      } else {
        own.invalid(at.child("name"), name, all: Names.isDNS1123Label(name))
      }
      if names.contains(name) { own.duplicate(at.child("name"), .string(name)) }
      if own.isEmpty { names.insert(name) } else { out.append(own.causes) }
    }
    return names
  }

  private static let order = [
    "emptyDir", "hostPath", "gitRepo", "gcePersistentDisk", "awsElasticBlockStore", "secret", "nfs", "iscsi",
    "glusterfs", "flocker", "rbd", "cinder", "cephfs", "quobyte", "downwardAPI", "fc",
    "persistentVolumeClaim",
    "configMap", "azureFile", "vsphereVolume", "photonPersistentDisk", "portworxVolume", "azureDisk",
    "storageos", "projected", "scaleIO", "csi", "ephemeral", "image", "flexVolume",
  ]

  private static func source(_ volume: Value, _ path: Path, _ out: inout Findings) {
    var count = 0
    for key in order {
      guard let source = volume.get(Key(key)) else { continue }
      count += 1
      if count > 1 {
        out.forbidden(path.child(key), "may not specify more than 1 volume type")
      } else {
        self.source(key, source, path.child(key), &out)
      }
    }
    if count == 0 { out.required(path, "must specify a volume type") }
  }

  private static func source(_ key: String, _ source: Value, _ at: Path, _ out: inout Findings) {
    switch key {
    case "emptyDir":
      if let size = Quantity(source["sizeLimit"]), size.sign < 0 {
        out.forbidden(at.child("sizeLimit"), "SizeLimit field must be a valid resource quantity")
      }
    case "hostPath": hostPath(source, at, &out)
    case "gitRepo":
      if source["repository"].string.isNilOrEmpty { out.required(at.child("repository")) }
      let directory = source["directory"].string ?? ""
      if !directory.isEmpty { descending(directory, at.child("directory"), &out) }
    case "secret":
      if source["secretName"].string.isNilOrEmpty { out.required(at.child("secretName")) }
      mode(source["defaultMode"], at.child("defaultMode"), &out)
      items(source[.items], at.child("items"), &out)
    case "configMap":
      if source[.name].string.isNilOrEmpty { out.required(at.child("name")) }
      mode(source["defaultMode"], at.child("defaultMode"), &out)
      items(source[.items], at.child("items"), &out)
    case "nfs":
      if source["server"].string.isNilOrEmpty { out.required(at.child("server")) }
      let path = source[.path].string ?? ""
      if path.isEmpty { out.required(at.child("path")) }
      if !path.hasPrefix("/") { out.invalid(at.child("path"), path, "must be an absolute path") }
    case "persistentVolumeClaim":
      if source["claimName"].string.isNilOrEmpty { out.required(at.child("claimName")) }
    case "downwardAPI": downward(source, at, &out)
    case "projected": projected(source, at, &out)
    case "csi":
      let driver = source["driver"].string ?? ""
      if driver.isEmpty { out.required(at.child("driver")) }
    case "ephemeral":
      if !source["volumeClaimTemplate"].isObject { out.required(at.child("volumeClaimTemplate")) }
    default: break
    }
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

  private static func backsteps(_ text: String, _ path: Path, _ out: inout Findings) {
    if text.split(separator: "/").contains("..") { out.invalid(path, text, "must not contain '..'") }
  }

  /// `validateLocalDescendingPath`.
  static func descending(_ text: String, _ path: Path, _ out: inout Findings) {
    if text.hasPrefix("/") { out.invalid(path, text, "must be a relative path") }
    backsteps(text, path, &out)
  }

  /// `validateLocalNonReservedPath`.
  private static func local(_ text: String, _ path: Path, _ out: inout Findings) {
    descending(text, path, &out)
    if text.hasPrefix(".."), !text.hasPrefix("../") { out.invalid(path, text, "must not start with '..'") }
  }

  private static func mode(_ value: Value, _ path: Path, _ out: inout Findings) {
    if let mode = value.int, mode < 0 || mode > 511 {
      out.invalid(path, value, "must be a number between 0 and 0777 (octal), both inclusive")
    }
  }

  private static func items(_ items: Value, _ path: Path, _ out: inout Findings) {
    for (i, item) in items.items.enumerated() {
      let at = path.index(i)
      if item[.key].string.isNilOrEmpty { out.required(at.child("key")) }
      let target = item[.path].string ?? ""
      if target.isEmpty { out.required(at.child("path")) } else { local(target, at.child("path"), &out) }
      mode(item["mode"], at.child("mode"), &out)
    }
  }

  private static func downward(_ source: Value, _ at: Path, _ out: inout Findings) {
    mode(source["defaultMode"], at.child("defaultMode"), &out)
    for file in source[.items].items {
      let path = file[.path].string ?? ""
      if path.isEmpty { out.required(at.child("path")) } else { local(path, at.child("path"), &out) }
      if let ref = file.get("fieldRef") {
        EnvironmentValidation.fieldRef(ref, EnvironmentValidation.volumeFields, at.child("fieldRef"), &out)
        if file.has("resourceFieldRef") {
          out.invalid(at, "resource", "fieldRef and resourceFieldRef can not be specified simultaneously")
        }
      } else if let ref = file.get("resourceFieldRef") {
        EnvironmentValidation.resourceField(ref, inVolume: true, at.child("resourceFieldRef"), &out)
      } else {
        out.required(at, "one of fieldRef and resourceFieldRef is required")
      }
      mode(file["mode"], at.child("mode"), &out)
    }
  }

  private static func projected(_ source: Value, _ at: Path, _ out: inout Findings) {
    mode(source["defaultMode"], at.child("defaultMode"), &out)
    for (i, part) in source["sources"].items.enumerated() {
      let place = at.child("sources").index(i)
      for key in ["secret", "configMap"] {
        guard let body = part.get(Key(key)) else { continue }
        if body[.name].string.isNilOrEmpty { out.required(place.child(key).child("name")) }
        items(body[.items], place.child(key).child("items"), &out)
      }
      if let token = part.get("serviceAccountToken") {
        let seconds = token["expirationSeconds"].int ?? 3600
        let at = place.child("serviceAccountToken")
        if seconds < 600 {
          out.invalid(
            at.child("expirationSeconds"), .int(seconds), "may not specify a duration less than 10 minutes")
        }
        if token[.path].string.isNilOrEmpty { out.required(at.child("path")) }
      }
      if part.count > 1 {
        out.forbidden(place, "may not specify more than 1 volume type")
      } else if part.isEmpty {
        out.required(place, "must specify a volume type")
      }
    }
  }
}
