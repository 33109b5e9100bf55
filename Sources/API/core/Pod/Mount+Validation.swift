import APIMachinery

/// `ValidateVolumeMounts` and `ValidateVolumeDevices` (`pkg/apis/core/validation`).
struct MountValidation {
  let container: Value
  /// The sound volumes of the pod by name.
  let volumes: [String: Value]
  let isFinal: Bool

  func mounts(_ path: Path, _ out: inout Findings) {
    let devices = container[.volumeDevices].items
    var points: Set<String> = []
    for (i, mount) in container[.volumeMounts].items.enumerated() {
      let at = path.index(i)
      let name = mount[.name].string ?? ""
      if name.isEmpty { out.required(at.child("name")) }
      if volumes[name] == nil { out.notFound(at.child("name"), .string(name)) }
      let point = mount[.mountPath].string ?? ""
      if point.isEmpty { out.required(at.child("mountPath")) }
      if !points.insert(point).inserted { out.invalid(at.child("mountPath"), point, "must be unique") }
      if devices.contains(where: { $0[.name].string == name }) {
        out.invalid(at.child("name"), name, "must not already exist in volumeDevices")
      }
      if devices.contains(where: { $0[.devicePath].string == point }) {
        out.invalid(at.child("mountPath"), point, "must not already exist as a path in volumeDevices")
      }
      subPaths(mount, at, path, &out)
      propagation(mount, path.child("mountPropagation"), &out)
      recursiveReadOnly(mount, path.child("recursiveReadOnly"), &out)
    }
  }

  private func subPaths(_ mount: Value, _ at: Path, _ path: Path, _ out: inout Findings) {
    if let sub = mount[.subPath].string, !sub.isEmpty {
      VolumeValidation.descending(sub, path.child("subPath"), &out)
    }
    guard let sub = mount[.subPathExpr].string, !sub.isEmpty else { return }
    if !mount[.subPath].string.isNilOrEmpty {
      out.invalid(at.child("subPathExpr"), sub, "subPathExpr and subPath are mutually exclusive")
    }
    VolumeValidation.descending(sub, path.child("subPathExpr"), &out)
  }

  private func propagation(_ mount: Value, _ at: Path, _ out: inout Findings) {
    guard let mode = mount.get(.mountPropagation) else { return }
    out.oneOf(at, mode, ["Bidirectional", "HostToContainer", "None"])
    if mode.string == "Bidirectional", container[.securityContext][.privileged].bool != true {
      out.forbidden(at, "Bidirectional mount propagation is available only to privileged containers")
    }
  }

  private func recursiveReadOnly(_ mount: Value, _ at: Path, _ out: inout Findings) {
    guard let mode = mount[.recursiveReadOnly].string else { return }
    switch mode {
    case "Disabled": return
    case "Enabled", "IfPossible":
      if mount[.readOnly].bool != true { out.forbidden(at, "may only be specified when readOnly is true") }
      if let propagation = mount[.mountPropagation].string, propagation != "None" {
        out.forbidden(at, "may only be specified when mountPropagation is None or not specified")
      }
    default: out.notSupported(at, .string(mode), ["Disabled", "Enabled", "IfPossible"])
    }
  }

  func devices(_ path: Path, _ out: inout Findings) {
    let mounts = container[.volumeMounts].items
    var paths: Set<String> = []
    var names: Set<String> = []
    for (i, device) in container[.volumeDevices].items.enumerated() {
      let at = path.index(i)
      let name = device[.name].string ?? ""
      let target = device[.devicePath].string ?? ""
      let volume = volumes[name]
      if name.isEmpty { out.required(at.child("name")) }
      if names.contains(name) { out.invalid(at.child("name"), name, "must be unique") }
      if let volume {
        if !volume.has(.persistentVolumeClaim), !volume.has(.ephemeral) {
          out.invalid(
            at.child("name"), name,
            "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode")
        }
      } else {
        out.notFound(at.child("name"), .string(name))
      }
      if target.isEmpty { out.required(at.child("devicePath")) }
      if paths.contains(target) { out.invalid(at.child("devicePath"), target, "must be unique") }
      if target.split(separator: "/", omittingEmptySubsequences: false).contains("..") {
        out.invalid(at.child("devicePath"), target, "can not contain backsteps ('..')")
      } else {
        paths.insert(target)
      }
      if mounts.contains(where: { $0[.name].string == name }) {
        out.invalid(at.child("name"), name, "must not already exist in volumeMounts")
      }
      if mounts.contains(where: { $0[.mountPath].string == target }) {
        out.invalid(at.child("devicePath"), target, "must not already exist as a path in volumeMounts")
      }
      if !name.isEmpty { names.insert(name) }
    }
  }
}

/// `validateContainerRestartPolicy`.
enum RestartRulesValidation {
  static func check(_ container: Value, _ at: Path, _ out: inout Findings) {
    let rules = container[.restartPolicyRules]
    let place = at.child("restartPolicy")
    if let policy = container.get(.restartPolicy) {
      out.oneOf(place, policy, ["Always", "Never", "OnFailure"])
    } else if !rules.isEmpty {
      out.required(place, "must specify restartPolicy when restart rules are used")
    } else {
      return
    }
    let path = at.child("restartPolicyRules")
    if rules.count > 20 { out.tooMany(path, rules.count, most: 20) }
    for (i, rule) in rules.items.enumerated() {
      out.oneOf(path.index(i).child("action"), rule[.action], ["Restart", "RestartAllContainers"])
      let codes = path.index(i).child("exitCodes")
      guard let given = rule.get(.exitCodes) else {
        out.required(codes, "must be specified")
        continue
      }
      out.oneOf(codes.child("operator"), given[.operator], ["In", "NotIn"])
      if given[.values].count > 255 {
        out.tooMany(codes.child("values"), given[.values].count, most: 255)
      }
    }
  }
}
