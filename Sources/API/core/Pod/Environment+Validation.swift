import APIMachinery

/// `ValidateEnv`, `ValidateEnvFrom` and the selectors in them.
enum EnvironmentValidation {
  static func env(_ env: Value, _ path: Path, _ out: inout Findings) {
    for (i, variable) in env.items.enumerated() {
      let at = path.index(i)
      let name = variable[.name].string ?? ""
      if name.isEmpty {
        out.required(at.child("name"))
      } else {
        out.invalid(at.child("name"), name, all: Names.isEnvVarName(name))
      }
      if let source = variable.get(.valueFrom) {
        valueFrom(source, hasValue: !variable[.value].string.isNilOrEmpty, at.child("valueFrom"), &out)
      }
    }
  }

  private static let podFields = [
    "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName",
    "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs",
  ]
  static let volumeFields = [
    "metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid",
  ]

  private static func valueFrom(_ from: Value, hasValue: Bool, _ path: Path, _ out: inout Findings) {
    if let field = from.get(.fieldRef) { fieldRef(field, podFields, path.child("fieldRef"), &out) }
    if let resource = from.get(.resourceFieldRef) {
      resourceField(resource, inVolume: false, path.child("resourceFieldRef"), &out)
    }
    for key in ["configMapKeyRef", "secretKeyRef"] {
      guard let selector = from.get(Key(key)) else { continue }
      let at = path.child(key)
      let name = selector[.name].string ?? ""
      out.invalid(at.child("name"), name, all: Names.isDNS1123Subdomain(name))
      let text = selector[.key].string ?? ""
      if text.isEmpty {
        out.required(at.child("key"))
      } else {
        out.invalid(at.child("key"), text, all: Names.isConfigMapKey(text))
      }
    }
    if let file = from.get(.fileKeyRef) { fileKey(file, path.child("fileKeyRef"), &out) }
    if from.count == 0 {
      out.invalid(
        path, "",
        "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or "
          + "`fileKeyRef`")
    } else if hasValue {
      out.invalid(path, "", "may not be specified when `value` is not empty")
    } else if from.count > 1 {
      out.invalid(path, "", "may not have more than one field specified at a time")
    }
  }

  private static func fileKey(_ ref: Value, _ at: Path, _ out: inout Findings) {
    let key = ref[.key].string ?? ""
    if key.isEmpty {
      out.required(at.child("key"))
    } else {
      out.invalid(at.child("key"), key, all: Names.isEnvVarName(key))
    }
    let volume = ref[.volumeName].string ?? ""
    if volume.isEmpty {
      out.required(at.child("volumeName"))
    } else {
      out.invalid(at.child("volumeName"), volume, all: Names.isDNS1123Label(volume))
    }
    let path = ref[.path].string ?? ""
    if path.isEmpty {
      out.required(at.child("path"))
    } else {
      VolumeValidation.backsteps(path, at.child("path"), &out)
    }
  }

  private static let labels: Set<String> = [
    "metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid",
    "spec.nodeName", "spec.restartPolicy", "spec.serviceAccountName", "spec.schedulerName", "status.phase",
    "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs", "spec.host",
  ]

  /// `validateObjectFieldSelector`.
  static func fieldRef(_ ref: Value, _ supported: [String], _ path: Path, _ out: inout Findings) {
    let version = ref[.apiVersion].string ?? ""
    let field = ref[.fieldPath].string ?? ""
    if version.isEmpty { return out.required(path.child("apiVersion")) }
    if field.isEmpty { return out.required(path.child("fieldPath")) }
    let at = path.child("fieldPath")
    if version != "v1" {
      return out.invalid(at, field, "error converting fieldPath: unsupported pod version: \(version)")
    }
    if field.hasSuffix("']"), let open = field.firstIndex(of: "["), field[open...].hasPrefix("['") {
      let base = String(field[..<open])
      let key = String(field[open...].dropFirst(2).dropLast(2))
      switch base {
      case "metadata.annotations": out.invalid(path, key, all: Names.isQualifiedName(key.lowercased()))
      case "metadata.labels": out.invalid(path, key, all: Names.isQualifiedName(key))
      default:
        out.invalid(at, field, "error converting fieldPath: field label does not support subscript: \(field)")
      }
      return
    }
    if !labels.contains(field) {
      return out.invalid(at, field, "error converting fieldPath: field label not supported: \(field)")
    }
    let name = field == "spec.host" ? "spec.nodeName" : field
    if !supported.contains(name) { out.notSupported(at, .string(name), supported) }
  }

  private static let resources = [
    "limits.cpu", "limits.ephemeral-storage", "limits.memory", "requests.cpu", "requests.ephemeral-storage",
    "requests.memory",
  ]

  /// `validateContainerResourceFieldSelector`.
  static func resourceField(_ ref: Value, inVolume: Bool, _ path: Path, _ out: inout Findings) {
    let resource = ref[.resource].string ?? ""
    if inVolume, ref[.containerName].string.isNilOrEmpty {
      out.required(path.child("containerName"))
    } else if resource.isEmpty {
      out.required(path.child("resource"))
    } else if !resources.contains(resource), !resource.hasPrefix("limits.hugepages-"),
      !resource.hasPrefix("requests.hugepages-")
    {
      out.notSupported(path.child("resource"), .string(resource), resources)
    }
    divisor(ref[.divisor], resource, path.child("divisor"), &out)
  }

  private static func divisor(_ value: Value, _ resource: String, _ path: Path, _ out: inout Findings) {
    guard let divisor = Quantity(value), !divisor.isZero else { return }
    let units = ["1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei"]
    let text = divisor.canonical
    if resource.hasSuffix(".cpu") {
      if text != "1m", text != "1" {
        out.invalid(path, resource, "only divisor's values 1m and 1 are supported with the cpu resource")
      }
    } else if resource.hasSuffix(".memory"), !units.contains(text) {
      let list = units.joined(separator: ", ")
      out.invalid(path, resource, "only divisor's values \(list) are supported with the memory resource")
    } else if resource.hasSuffix(".ephemeral-storage"), !units.contains(text) {
      let list = units.joined(separator: ", ")
      out.invalid(
        path, resource,
        "only divisor's values \(list) are supported with the local ephemeral storage resource")
    } else if resource.contains(".hugepages-"), !units.contains(text) {
      let list = units.joined(separator: ", ")
      out.invalid(path, resource, "only divisor's values \(list) are supported with the hugepages resource")
    }
  }

  static func envFrom(_ sources: Value, _ path: Path, _ out: inout Findings) {
    for (i, source) in sources.items.enumerated() {
      let at = path.index(i)
      if let prefix = source[.prefix].string, !prefix.isEmpty {
        out.invalid(at.child("prefix"), prefix, all: Names.isEnvVarName(prefix))
      }
      var count = 0
      for key in ["configMapRef", "secretRef"] {
        guard let ref = source.get(Key(key)) else { continue }
        count += 1
        let name = ref[.name].string ?? ""
        if name.isEmpty {
          out.required(at.child(key).child("name"))
        } else {
          out.invalid(at.child(key).child("name"), name, all: Names.isDNS1123Subdomain(name))
        }
      }
      if count == 0 {
        out.invalid(path, "", "must specify one of: `configMapRef` or `secretRef`")
      } else if count > 1 {
        out.invalid(path, "", "may not have more than one field specified at a time")
      }
    }
  }
}
