import APIMachinery

/// Security contexts and what an operating system allows.
enum SecurityValidation {
  private static let idRange = Names.inRange(0, 2_147_483_647)

  private static func id(_ context: Value, _ key: String, _ path: Path, _ out: inout Findings) {
    if let id = context[Key(key)].int, id < 0 || id > 2_147_483_647 {
      out.invalid(path.child(key), .int(id), idRange)
    }
  }

  private static func profiles(_ context: Value, _ path: Path, _ out: inout Findings) {
    for (key, types) in [
      ("seccompProfile", ["Localhost", "RuntimeDefault", "Unconfined"]),
      ("appArmorProfile", ["Localhost", "RuntimeDefault", "Unconfined"]),
    ] {
      guard let profile = context.get(Key(key)) else { continue }
      let at = path.child(key)
      let type = profile[.type].string ?? ""
      let local = profile.get("localhostProfile")
      if type.isEmpty {
        out.required(at.child("type"), "type is required when \(key) is set")
      } else if type == "Localhost" {
        guard let text = local?.string else {
          out.required(
            at.child("localhostProfile"),
            "must be set when \(key == "seccompProfile" ? "seccomp" : "AppArmor") type is Localhost")
          continue
        }
        if key == "seccompProfile" {
          VolumeValidation.descending(text, at.child("localhostProfile"), &out)
        } else if text.first?.isWhitespace == true || text.last?.isWhitespace == true {
          out.invalid(at.child("localhostProfile"), text, "must not be padded with whitespace")
        }
      } else {
        if let local {
          out.invalid(
            at.child("localhostProfile"), local,
            "can only be set when \(key == "seccompProfile" ? "seccomp" : "AppArmor") type is Localhost")
        }
        out.oneOf(at.child("type"), profile[.type], types)
      }
    }
  }

  /// `ValidatePodSecurityContext`.
  static func pod(_ spec: Value, _ path: Path, _ out: inout Findings) {
    let context = spec[.securityContext]
    let at = path.child("securityContext")
    id(context, "fsGroup", at, &out)
    id(context, "runAsUser", at, &out)
    id(context, "runAsGroup", at, &out)
    for (i, group) in context["supplementalGroups"].items.enumerated() {
      if let id = group.int, id < 0 || id > 2_147_483_647 {
        out.invalid(at.child("supplementalGroups").index(i), group, idRange)
      }
    }
    if let policy = context.get("fsGroupChangePolicy") {
      out.oneOf(at.child("fsGroupChangePolicy"), policy, ["Always", "OnRootMismatch"])
    }
    profiles(context, at, &out)
    hostProcess(spec, path, &out)
  }

  private static func hostProcess(_ spec: Value, _ path: Path, _ out: inout Findings) {
    func isHost(_ context: Value) -> Bool { context["windowsOptions"]["hostProcess"].bool == true }
    let lists = [spec[.containers], spec[.initContainers]]
    let any = lists.contains { $0.items.contains { isHost($0[.securityContext]) } }
    if isHost(spec[.securityContext]) || any, spec[.hostNetwork].bool != true {
      out.invalid(
        path.child("hostNetwork"), false,
        "hostNetwork must be true if pod contains any hostProcess containers")
    }
  }

  private static let contextFields = [
    "Capabilities", "Privileged", "SELinuxOptions", "WindowsOptions", "RunAsUser", "RunAsGroup",
    "RunAsNonRoot", "ReadOnlyRootFilesystem", "AllowPrivilegeEscalation", "ProcMount", "SeccompProfile",
    "AppArmorProfile",
  ]

  /// The context as the server prints its own type.
  private static func shown(_ context: Value) -> String {
    let parts = contextFields.map { name -> String in
      let key =
        name == "SELinuxOptions" ? "seLinuxOptions" : (name.first?.lowercased() ?? "") + name.dropFirst()
      guard let value = context.get(Key(key)) else { return "\"\(name)\":null" }
      if name == "Capabilities" {
        let add = value.get("add").map { CanonicalJSON.string($0) } ?? "null"
        let drop = value.get("drop").map { CanonicalJSON.string($0) } ?? "null"
        return "\"Capabilities\":{\"Add\":\(add),\"Drop\":\(drop)}"
      }
      return "\"\(name)\":\(CanonicalJSON.string(value))"
    }
    return "{" + parts.joined(separator: ",") + "}"
  }

  /// `ValidateSecurityContext`.
  static func container(_ context: Value, hostUsers: Bool, _ path: Path, _ out: inout Findings) {
    guard context.isObject else { return }
    id(context, "runAsUser", path, &out)
    id(context, "runAsGroup", path, &out)
    if let mount = context.get("procMount") {
      if mount.string == "Unmasked", hostUsers {
        out.invalid(path.child("procMount"), mount, "`hostUsers` must be false to use `Unmasked`")
      } else {
        out.oneOf(path.child("procMount"), mount, ["Default", "Unmasked"])
      }
    }
    profiles(context, path, &out)
    guard context["allowPrivilegeEscalation"].bool == false else { return }
    if context[.privileged].bool == true {
      out.invalid(
        path, shown: shown(context),
        "cannot set `allowPrivilegeEscalation` to false and `privileged` to true")
    }
    for capability in context["capabilities"]["add"].items where capability.string == "CAP_SYS_ADMIN" {
      out.invalid(
        path, shown: shown(context),
        "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN")
    }
  }

  private static let notOnWindows = [
    "appArmorProfile", "seLinuxOptions", "seccompProfile", "fsGroup", "fsGroupChangePolicy", "sysctls",
    "shareProcessNamespace", "runAsUser", "runAsGroup", "supplementalGroups", "supplementalGroupsPolicy",
  ]

  /// `validateWindows`.
  static func operatingSystem(_ spec: Value, _ path: Path, _ out: inout Findings) {
    guard let os = spec.get("os") else { return }
    let name = os[.name].string ?? ""
    if name.isEmpty { return out.required(path.child("os").child("name")) }
    if name == "linux" || name != "windows" {
      if name != "linux" {
        out.notSupported(path.child("os").child("name"), .string(name), ["linux", "windows"])
      }
      return
    }
    for key in notOnWindows where spec[.securityContext].has(Key(key)) {
      out.forbidden(path.child("securityContext").child(key), "cannot be set for a windows pod")
    }
    for key in ["hostPID", "hostIPC"] where spec[Key(key)].bool == true {
      out.forbidden(path.child(key), "cannot be set for a windows pod")
    }
  }
}
