import APIMachinery

/// Security contexts and what an operating system allows.
enum SecurityValidation {
  private static let idRange = Names.inRange(0, 2_147_483_647)

  private static func id(_ context: Value, _ key: String, _ path: Path, _ out: inout Findings) {
    if let id = context[Key(key)].int, id < 0 || id > 2_147_483_647 {
      out.invalid(path.child(key), .int(id), idRange)
    }
  }

  private static let profileTypes = ["Localhost", "RuntimeDefault", "Unconfined"]

  /// `validateSeccompProfileField`.
  private static func seccomp(_ context: Value, _ path: Path, _ out: inout Findings) {
    guard let profile = context.get(.seccompProfile) else { return }
    let at = path.child("seccompProfile")
    let type = profile[.type].string ?? ""
    if type.isEmpty {
      out.required(at.child("type"), "type is required when seccompProfile is set")
    } else {
      out.oneOf(at.child("type"), profile[.type], profileTypes)
    }
    let place = at.child("localhostProfile")
    let local = profile[.localhostProfile].string
    if type == "Localhost" {
      guard let local else { return out.required(place, "must be set when seccomp type is Localhost") }
      VolumeValidation.descending(local, place, &out)
    } else if let local {
      let shown =
        "{\"Type\":\(CanonicalJSON.string(.string(type))),"
        + "\"LocalhostProfile\":\(CanonicalJSON.string(.string(local)))}"
      out.invalid(place, shown: shown, "can only be set when seccomp type is Localhost")
    }
  }

  /// `ValidateAppArmorProfileField`.
  private static func appArmor(_ context: Value, _ path: Path, _ out: inout Findings) {
    guard let profile = context.get(.appArmorProfile) else { return }
    let at = path.child("appArmorProfile")
    let place = at.child("localhostProfile")
    let local = profile[.localhostProfile].string
    switch profile[.type].string ?? "" {
    case "Localhost":
      let needed = "must be set when AppArmor type is Localhost"
      guard let local else { return out.required(place, needed) }
      if local.first?.isWhitespace == true || local.last?.isWhitespace == true {
        out.invalid(place, local, "must not be padded with whitespace")
      } else if local.isEmpty {
        out.required(place, needed)
      }
      if local.utf8.count > 4095 { out.tooLong(place, most: 4095) }
    case "RuntimeDefault", "Unconfined":
      if let local { out.invalid(place, local, "can only be set when AppArmor type is Localhost") }
    case "": out.required(at.child("type"), "type is required when appArmorProfile is set")
    default: out.notSupported(at.child("type"), profile[.type], profileTypes)
    }
  }

  /// `validatePodSpecSecurityContext`.
  static func pod(_ spec: Value, _ path: Path, _ out: inout Findings) {
    let context = spec[.securityContext]
    let at = path.child("securityContext")
    id(context, "fsGroup", at, &out)
    id(context, "runAsUser", at, &out)
    id(context, "runAsGroup", at, &out)
    for (i, group) in context[.supplementalGroups].items.enumerated() {
      if let id = group.int, id < 0 || id > 2_147_483_647 {
        out.invalid(at.child("supplementalGroups").index(i), group, idRange)
      }
    }
    if spec[.shareProcessNamespace].bool == true, spec[.hostPID].bool == true {
      out.invalid(
        at.child("shareProcessNamespace"), true, "ShareProcessNamespace and HostPID cannot both be enabled")
    }
    sysctls(spec, at.child("sysctls"), &out)
    if let policy = context.get(.fsGroupChangePolicy) {
      out.oneOf(at.child("fsGroupChangePolicy"), policy, ["Always", "OnRootMismatch"])
    }
    seccomp(context, at, &out)
    WindowsValidation.options(context[.windowsOptions], at.child("windowsOptions"), &out)
    appArmor(context, at, &out)
    if let policy = context.get(.supplementalGroupsPolicy) {
      out.oneOf(at.child("supplementalGroupsPolicy"), policy, ["Merge", "Strict"])
    }
    if let policy = context.get(.seLinuxChangePolicy) {
      out.oneOf(at.child("seLinuxChangePolicy"), policy, ["MountOption", "Recursive"])
    }
  }

  private static let sysctlName = try? RegularExpression(
    #"^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$"#)

  private static func sysctls(_ spec: Value, _ at: Path, _ out: inout Findings) {
    var names: Set<String> = []
    for (i, sysctl) in spec[.securityContext][.sysctls].items.enumerated() {
      let name = sysctl[.name].string ?? ""
      let place = at.index(i).child("name")
      if name.isEmpty {
        out.required(place)
      } else if name.utf8.count > 253 || sysctlName?.matches(name) != true {
        out.invalid(
          place, name,
          "must have at most 253 characters and match regex "
            + #"^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$"#)
      } else if names.contains(name) {
        out.duplicate(place, .string(name))
      }
      let dotted = name.replacingSlashes
      if spec[.hostNetwork].bool == true, dotted.hasPrefix("net.") {
        out.invalid(place, name, "may not be specified when 'hostNetwork' is true")
      } else if spec[.hostIPC].bool == true,
        ["kernel.sem", "kernel.shm", "kernel.msg", "fs.mqueue."].contains(where: dotted.hasPrefix)
      {
        out.invalid(place, name, "may not be specified when 'hostIPC' is true")
      }
      names.insert(name)
    }
  }

  /// `ValidateSecurityContext`.
  static func container(_ context: Value, hostUsers: Bool, _ path: Path, _ out: inout Findings) {
    guard context.isObject else { return }
    id(context, "runAsUser", path, &out)
    id(context, "runAsGroup", path, &out)
    if let mount = context.get(.procMount) {
      out.oneOf(path.child("procMount"), mount, ["Default", "Unmasked"])
      if mount.string == "Unmasked", hostUsers {
        out.invalid(path.child("procMount"), mount, "`hostUsers` must be false to use `Unmasked`")
      }
    }
    seccomp(context, path, &out)
    escalation(context, path, &out)
    WindowsValidation.options(context[.windowsOptions], path.child("windowsOptions"), &out)
    appArmor(context, path, &out)
  }

  private static func escalation(_ context: Value, _ path: Path, _ out: inout Findings) {
    guard context[.allowPrivilegeEscalation].bool == false else { return }
    if context[.privileged].bool == true {
      out.invalid(
        path, shown: GoForm.text(context, "SecurityContext"),
        "cannot set `allowPrivilegeEscalation` to false and `privileged` to true")
    }
    for capability in context[.capabilities][.add].items where capability.string == "CAP_SYS_ADMIN" {
      out.invalid(
        path, shown: GoForm.text(context, "SecurityContext"),
        "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN")
    }
  }
}

extension String {
  /// The name of a sysctl with dots (`utilsysctl.NormalizeName`).
  fileprivate var replacingSlashes: String {
    guard let first = first(where: { $0 == "." || $0 == "/" }), first == "/" else { return self }
    return String(map { $0 == "/" ? "." : $0 == "." ? "/" : $0 })
  }
}
