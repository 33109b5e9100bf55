import APIMachinery

/// What a pod's operating system allows and the options of Windows (`validateOS`, `validateWindows`,
/// `validateLinux`, `validateWindowsSecurityContextOptions`, `validateWindowsHostProcessPod`).
enum WindowsValidation {
  /// Visits init containers, containers and ephemeral ones (`VisitContainersWithPath`).
  static func containers(_ spec: Value, _ path: Path, _ visit: (Value, Path) -> Void) {
    for key in ["initContainers", "containers", "ephemeralContainers"] {
      for (i, container) in spec[Key(key)].items.enumerated() { visit(container, path.child(key).index(i)) }
    }
  }

  private static let notOnWindows = [
    ("appArmorProfile", true), ("seLinuxOptions", true), ("hostUsers", false), ("hostPID", false),
    ("hostIPC", false), ("seccompProfile", true), ("fsGroup", true), ("fsGroupChangePolicy", true),
    ("sysctls", true), ("shareProcessNamespace", false), ("runAsUser", true), ("runAsGroup", true),
    ("supplementalGroups", true), ("supplementalGroupsPolicy", true), ("seLinuxChangePolicy", true),
  ]
  private static let notInWindowsContainers = [
    "appArmorProfile", "seLinuxOptions", "seccompProfile", "capabilities", "readOnlyRootFilesystem",
    "privileged", "allowPrivilegeEscalation", "procMount", "runAsUser", "runAsGroup",
  ]

  static func operatingSystem(_ spec: Value, _ path: Path, _ out: inout Findings) {
    guard let os = spec.get(.os) else { return }
    let context = path.child("securityContext")
    switch os[.name].string ?? "" {
    case "": out.required(path.child("os").child("name"))
    case "linux":
      let why = "windows options cannot be set for a linux pod"
      if spec[.securityContext].has(.windowsOptions) { out.forbidden(context.child("windowsOptions"), why) }
      containers(spec, path) { container, at in
        if container[.securityContext].has(.windowsOptions) {
          out.forbidden(at.child("securityContext").child("windowsOptions"), why)
        }
      }
    case "windows":
      let why = "cannot be set for a windows pod"
      for (key, isInContext) in notOnWindows {
        let value = isInContext ? spec[.securityContext].get(Key(key)) : spec.get(Key(key))
        guard let value, !(key.hasPrefix("host") && key != "hostUsers" && value != true) else { continue }
        out.forbidden(isInContext ? context.child(key) : path.child(key), why)
      }
      containers(spec, path) { container, at in
        for key in notInWindowsContainers where container[.securityContext].has(Key(key)) {
          out.forbidden(at.child("securityContext").child(key), why)
        }
      }
    default: out.notSupported(path.child("os"), os[.name], ["linux", "windows"])
    }
  }

  static func hostProcess(_ spec: Value, _ path: Path, _ out: inout Findings) {
    let own = spec[.securityContext][.windowsOptions][.hostProcess].bool
    var count = 0
    var hosts = 0
    containers(spec, path) { container, at in
      count += 1
      let given = container[.securityContext][.windowsOptions][.hostProcess].bool
      if let own, let given, own != given {
        out.invalid(
          at.child("securityContext").child("windowsOptions").child("hostProcess"), .bool(given),
          "pod hostProcess value must be identical if both are specified, was \(own)")
      }
      if given ?? own ?? false { hosts += 1 }
    }
    guard hosts > 0 else { return }
    if hosts != count {
      out.invalid(
        path, "",
        "If pod contains any hostProcess containers then all containers must be HostProcess containers")
    }
    if spec[.hostNetwork].bool != true {
      out.invalid(
        path.child("hostNetwork"), false,
        "hostNetwork must be true if pod contains any hostProcess containers")
    }
  }

  // MARK: - Options

  static func options(_ options: Value, _ at: Path, _ out: inout Findings) {
    guard options.isObject else { return }
    if let name = options[.gmsaCredentialSpecName].string {
      out.invalid(at.child("gmsaCredentialSpecName"), name, all: Names.isDNS1123Subdomain(name))
    }
    if let text = options[.gmsaCredentialSpec].string {
      let place = at.child("gmsaCredentialSpec")
      if text.isEmpty { out.invalid(place, text, "gmsaCredentialSpec cannot be an empty string") }
      if text.utf8.count > 64 * 1024 {
        out.invalid(place, text, "gmsaCredentialSpec size must be under 64 KiB")
      }
    }
    if let name = options[.runAsUserName].string { user(name, at.child("runAsUserName"), &out) }
  }

  private static func user(_ name: String, _ at: Path, _ out: inout Findings) {
    func no(_ why: String) { out.invalid(at, name, "runAsUserName" + why) }
    if name.isEmpty { return no(" cannot be an empty string") }
    if name.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) {
      return no(" cannot contain control characters")
    }
    let parts = name.split(separator: "\\", omittingEmptySubsequences: false).map(String.init)
    if parts.count > 2 { return no(" cannot contain more than one backslash") }
    let user = parts[parts.count - 1]
    if parts.count == 2 {
      if parts[0].utf8.count >= 256 { no("'s Domain length must be under 256 characters") }
      if !isDomain(parts[0]) { no("'s Domain doesn't match the NetBios nor the DNS format") }
    }
    if user.isEmpty { no("'s User cannot be empty") }
    if user.utf8.count > 104 { no("'s User length must not be longer than 104 characters") }
    if !user.isEmpty, user.allSatisfy({ $0 == "." || $0 == " " }) {
      no("'s User cannot contain only periods or spaces")
    }
    if user.contains(where: { "\"/\\:;|=,+*?<>@[]".contains($0) }) {
      no("'s User cannot contain the following characters: \"/\\:;|=,+*?<>@[]")
    }
  }

  private static func isDomain(_ text: String) -> Bool {
    let bad = "\\/:*?\"<>|"
    let isNetBIOS =
      !text.isEmpty && text.count <= 15 && text.first != "." && !text.contains { bad.contains($0) }
    let labels = text.split(separator: ".", omittingEmptySubsequences: false)
    let isDNS = labels.allSatisfy { Names.matchesDNS1123Label($0.lowercased()) }
    return isNetBIOS || isDNS
  }
}
