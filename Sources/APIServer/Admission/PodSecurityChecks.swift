import APIMachinery

/// One violated control: its reason and what violates it.
struct PodSecurityFinding {
  let reason: String
  let detail: String
  var text: String { "\(reason) (\(detail))" }
}

/// The controls of the Pod Security Standards on one pod (`pod-security-admission/policy/check_*.go`).
struct PodSecurityView {
  let spec: Value
  let annotations: Value
  /// The minor version of Kubernetes whose standards are meant.
  let minor: Int
  private let all: [Value]

  init(spec: Value, annotations: Value, minor: Int) {
    self.spec = spec
    self.annotations = annotations
    self.minor = minor
    all =
      Array(spec[.initContainers].items) + Array(spec[.containers].items)
      + Array(spec[.ephemeralContainers].items)
  }

  private var podContext: Value { spec[.securityContext] }
  /// What Windows does not have is not asked of its pods since 1.25.
  private var isWindows: Bool { minor >= 25 && spec[.os][.name].says("windows") }

  /// Checks run in the order of their ids.
  func baseline() -> [PodSecurityFinding] {
    [
      appArmor(), baselineCapabilities(), hostNamespaces(), hostPathVolumes(), hostPorts(),
      since(34, hostProbes), privileged(), procMount(), seLinux(), anySeccomp(), sysctls(),
      windowsHostProcess(),
    ].compactMap { $0 }
  }

  func restricted() -> [PodSecurityFinding] {
    // A restricted control that covers a baseline one replaces it.
    [
      since(8, allowPrivilegeEscalation), appArmor(),
      minor >= 22 ? restrictedCapabilities() : baselineCapabilities(), hostNamespaces(), hostPorts(),
      since(34, hostProbes), privileged(), procMount(), restrictedVolumes(), runAsNonRoot(),
      since(23, runAsUser), seLinux(), minor >= 19 ? restrictedSeccomp() : annotatedSeccomp(), sysctls(),
      windowsHostProcess(),
    ].compactMap { $0 }
  }

  private func since(_ first: Int, _ check: () -> PodSecurityFinding?) -> PodSecurityFinding? {
    minor >= first ? check() : nil
  }

  private func anySeccomp() -> PodSecurityFinding? { minor >= 19 ? baselineSeccomp() : annotatedSeccomp() }

  // MARK: - Words

  private func names(_ containers: [Value]) -> String {
    containers.map { "\"\($0[.name].string ?? "")\"" }.joined(separator: ", ")
  }

  /// `container "a"`, `containers "a", "b"`.
  private func subject(_ containers: [Value]) -> String {
    (containers.count == 1 ? "container " : "containers ") + names(containers)
  }

  private func quoted(_ words: [String]) -> String {
    Set(words).sorted().map { "\"\($0)\"" }.joined(separator: ", ")
  }

  private func context(_ container: Value) -> Value { container[.securityContext] }

  // MARK: - Baseline

  private func hostNamespaces() -> PodSecurityFinding? {
    let on = [Key.hostNetwork, Key.hostPID, Key.hostIPC].filter { spec[$0].bool == true }
    if on.isEmpty { return nil }
    return PodSecurityFinding(
      reason: "host namespaces", detail: on.map { "\($0)=true" }.joined(separator: ", "))
  }

  private func privileged() -> PodSecurityFinding? {
    let bad = all.filter { context($0)[.privileged].bool == true }
    if bad.isEmpty { return nil }
    return PodSecurityFinding(
      reason: "privileged", detail: "\(subject(bad)) must not set securityContext.privileged=true")
  }

  private func hostPorts() -> PodSecurityFinding? {
    var bad: [Value] = []
    var ports: [Int] = []
    for container in all {
      let own = container[.ports].items.compactMap { $0[.hostPort].int }.filter { $0 != 0 }
      if own.isEmpty { continue }
      bad.append(container)
      ports += own
    }
    if bad.isEmpty { return nil }
    let distinct = Set(ports).sorted()
    let list = distinct.map(String.init).sorted().joined(separator: ", ")
    let verb = bad.count == 1 ? "uses" : "use"
    return PodSecurityFinding(
      reason: "hostPort",
      detail: "\(subject(bad)) \(verb) \(distinct.count == 1 ? "hostPort" : "hostPorts") \(list)")
  }

  private func hostPathVolumes() -> PodSecurityFinding? {
    let bad = spec[.volumes].items.filter { $0.has(.hostPath) }.compactMap { $0[.name].string }
    if bad.isEmpty { return nil }
    let word = bad.count == 1 ? "volume" : "volumes"
    return PodSecurityFinding(
      reason: "hostPath volumes", detail: "\(word) " + bad.map { "\"\($0)\"" }.joined(separator: ", "))
  }

  private static let baselineAdds: Set<String> = [
    "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE",
    "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
  ]

  private func adds(_ container: Value) -> [String] {
    context(container)[.capabilities][.add].items.compactMap(\.string)
  }

  private func baselineCapabilities() -> PodSecurityFinding? {
    let bad = all.filter { adds($0).contains { !Self.baselineAdds.contains($0) } }
    if bad.isEmpty { return nil }
    let extra = bad.flatMap { adds($0).filter { !Self.baselineAdds.contains($0) } }
    return PodSecurityFinding(
      reason: "non-default capabilities",
      detail: "\(subject(bad)) must not include \(quoted(extra)) in securityContext.capabilities.add")
  }

  private func hostProbes() -> PodSecurityFinding? {
    func hosts(_ container: Value) -> [String] {
      let probes = [Key.livenessProbe, Key.readinessProbe, Key.startupProbe].map { container[$0] }
      let hooks = [Key.postStart, Key.preStop].map { container[.lifecycle][$0] }
      return (probes + hooks).flatMap { [$0[.httpGet], $0[.tcpSocket]] }.compactMap { $0[.host].string }
        .filter { !$0.isEmpty }
    }
    let bad = all.filter { !hosts($0).isEmpty }
    if bad.isEmpty { return nil }
    let list = Set(bad.flatMap(hosts)).sorted()
    return PodSecurityFinding(
      reason: "probe or lifecycle host",
      detail: "\(subject(bad)) \(bad.count == 1 ? "uses" : "use") probe or lifecycle "
        + "\(list.count == 1 ? "host" : "hosts") \(quoted(list))")
  }

  private func procMount() -> PodSecurityFinding? {
    let bad = all.filter { !["", "Default"].contains(context($0)[.procMount].string ?? "") }
    if bad.isEmpty { return nil }
    let kinds = bad.compactMap { context($0)[.procMount].string }
    return PodSecurityFinding(
      reason: "procMount",
      detail: "\(subject(bad)) must not set securityContext.procMount to \(quoted(kinds))")
  }

  private func seLinux() -> PodSecurityFinding? {
    var allowed: Set<String> = ["", "container_t", "container_init_t", "container_kvm_t"]
    if minor >= 31 { allowed.insert("container_engine_t") }
    var setters: [String] = []
    let bad = all.filter { violates(context($0)) }
    func violates(_ context: Value) -> Bool {
      let options = context[.seLinuxOptions]
      return !allowed.contains(options[.type].string ?? "") || !(options[.user].string ?? "").isEmpty
        || !(options[.role].string ?? "").isEmpty
    }
    if violates(podContext) { setters.append("pod") }
    if !bad.isEmpty { setters.append(subject(bad)) }
    if setters.isEmpty { return nil }
    let options = ([podContext] + bad.map(context)).map { $0[.seLinuxOptions] }
    var details: [String] = []
    let types = options.compactMap { $0[.type].string }.filter { !allowed.contains($0) }
    if !types.isEmpty {
      details.append("\(types.count == 1 ? "type" : "types") \(quoted(types))")
    }
    if options.contains(where: { !($0[.user].string ?? "").isEmpty }) {
      details.append("user may not be set")
    }
    if options.contains(where: { !($0[.role].string ?? "").isEmpty }) {
      details.append("role may not be set")
    }
    return PodSecurityFinding(
      reason: "seLinuxOptions",
      detail: "\(setters.joined(separator: " and ")) set forbidden securityContext.seLinuxOptions: "
        + details.joined(separator: "; "))
  }

  private func baselineSeccomp() -> PodSecurityFinding? {
    let bad = all.filter { context($0)[.seccompProfile][.type].string == "Unconfined" }
    var setters: [String] = []
    if podContext[.seccompProfile][.type].says("Unconfined") { setters.append("pod") }
    if !bad.isEmpty { setters.append(subject(bad)) }
    if setters.isEmpty { return nil }
    return PodSecurityFinding(
      reason: "seccompProfile",
      detail: "\(setters.joined(separator: " and ")) must not set securityContext.seccompProfile.type to "
        + "\"Unconfined\"")
  }

  /// Before fields there were annotations (up to 1.18).
  private func annotatedSeccomp() -> PodSecurityFinding? {
    let prefix = "container.seccomp.security.alpha.kubernetes.io/"
    let keys = ["seccomp.security.alpha.kubernetes.io/pod"] + all.map { prefix + ($0[.name].string ?? "") }
    let bad = Set(
      keys.compactMap { key -> String? in
        guard let value = annotations[Key(key)].string, value != "runtime/default",
          value != "docker/default", !value.hasPrefix("localhost/")
        else { return nil }
        return "\(key)=\(ScalarText.quoted(value))"
      }
    ).sorted()
    if bad.isEmpty { return nil }
    return PodSecurityFinding(
      reason: "seccompProfile",
      detail: "forbidden \(bad.count == 1 ? "annotation" : "annotations") \(bad.joined(separator: ", "))")
  }

  /// Sysctls that a pod may set, with the version that let them in.
  private static let safeSysctls: [String: Int] = [
    "kernel.shm_rmid_forced": 0, "net.ipv4.ip_local_port_range": 0, "net.ipv4.tcp_syncookies": 0,
    "net.ipv4.ping_group_range": 0, "net.ipv4.ip_unprivileged_port_start": 0,
    "net.ipv4.ip_local_reserved_ports": 27, "net.ipv4.tcp_keepalive_time": 29,
    "net.ipv4.tcp_fin_timeout": 29, "net.ipv4.tcp_keepalive_intvl": 29, "net.ipv4.tcp_keepalive_probes": 29,
    "net.ipv4.tcp_rmem": 32, "net.ipv4.tcp_wmem": 32,
  ]

  private func sysctls() -> PodSecurityFinding? {
    let bad = podContext[.sysctls].items.compactMap { $0[.name].string }.filter {
      Self.safeSysctls[$0].map { $0 > minor } ?? true
    }
    if bad.isEmpty { return nil }
    return PodSecurityFinding(reason: "forbidden sysctls", detail: bad.joined(separator: ", "))
  }

  private func windowsHostProcess() -> PodSecurityFinding? {
    func isSet(_ context: Value) -> Bool { context[.windowsOptions][.hostProcess].bool == true }
    let bad = all.filter { isSet(context($0)) }
    var setters: [String] = []
    if isSet(podContext) { setters.append("pod") }
    if !bad.isEmpty { setters.append(subject(bad)) }
    if setters.isEmpty { return nil }
    return PodSecurityFinding(
      reason: "hostProcess",
      detail: "\(setters.joined(separator: " and ")) must not set "
        + "securityContext.windowsOptions.hostProcess=true")
  }

  private func appArmor() -> PodSecurityFinding? {
    let prefix = "container.apparmor.security.beta.kubernetes.io/"
    func isBad(_ context: Value) -> Bool { context[.appArmorProfile][.type].says("Unconfined") }
    var setters: [String] = []
    var values: [String] = []
    if isBad(podContext) {
      setters.append("pod")
      values.append("Unconfined")
    }
    let bad = all.filter { isBad(context($0)) }
    if !bad.isEmpty {
      setters.append(subject(bad))
      values.append("Unconfined")
    }
    let noted = annotations.fields.filter { field in
      let value = field.value.string ?? ""
      return field.key.string.hasPrefix(prefix)
        && !(value.isEmpty || value == "runtime/default" || value.hasPrefix("localhost/"))
    }
    if !noted.isEmpty {
      let list = noted.map { "\"\($0.key.string)=\($0.value.string ?? "")\"" }.joined(separator: ", ")
      return PodSecurityFinding(
        reason: noted.count == 1 ? "forbidden AppArmor profile" : "forbidden AppArmor profiles", detail: list)
    }
    if setters.isEmpty { return nil }
    return PodSecurityFinding(
      reason: "forbidden AppArmor profile",
      detail: "\(setters.joined(separator: " and ")) must not set AppArmor profile type to \(quoted(values))")
  }

  // MARK: - Restricted

  private func allowPrivilegeEscalation() -> PodSecurityFinding? {
    if isWindows { return nil }
    let bad = all.filter { context($0)[.allowPrivilegeEscalation].bool != false }
    if bad.isEmpty { return nil }
    return PodSecurityFinding(
      reason: "allowPrivilegeEscalation != false",
      detail: "\(subject(bad)) must set securityContext.allowPrivilegeEscalation=false")
  }

  private func restrictedCapabilities() -> PodSecurityFinding? {
    if isWindows { return nil }
    let undropped = all.filter {
      !context($0)[.capabilities][.drop].items.contains { $0.string == "ALL" }
    }
    let adding = all.filter { adds($0).contains { $0 != "NET_BIND_SERVICE" } }
    var details: [String] = []
    if !undropped.isEmpty {
      details.append("\(subject(undropped)) must set securityContext.capabilities.drop=[\"ALL\"]")
    }
    if !adding.isEmpty {
      let extra = adding.flatMap { adds($0).filter { $0 != "NET_BIND_SERVICE" } }
      details.append(
        "\(subject(adding)) must not include \(quoted(extra)) in securityContext.capabilities.add")
    }
    if details.isEmpty { return nil }
    return PodSecurityFinding(reason: "unrestricted capabilities", detail: details.joined(separator: "; "))
  }

  private static let restrictedVolumeTypes: Set<Key> = [
    .configMap, .csi, .downwardAPI, .emptyDir, .ephemeral, .image, .persistentVolumeClaim, .projected,
    .secret,
  ]

  private func restrictedVolumes() -> PodSecurityFinding? {
    var bad: [String] = []
    var types: [String] = []
    for volume in spec[.volumes].items {
      let sources = volume.fields.map(\.key).filter { $0 != .name }
      guard let wrong = sources.first(where: { !Self.restrictedVolumeTypes.contains($0) }) else { continue }
      bad.append(volume[.name].string ?? "")
      types.append(wrong.string)
    }
    if bad.isEmpty { return nil }
    let names = bad.map { "\"\($0)\"" }.joined(separator: ", ")
    let kinds = Set(types)
    return PodSecurityFinding(
      reason: "restricted volume types",
      detail:
        "\(bad.count == 1 ? "volume" : "volumes") \(names) \(bad.count == 1 ? "uses" : "use") restricted "
        + "volume \(kinds.count == 1 ? "type" : "types") \(quoted(types))")
  }

  private func runAsNonRoot() -> PodSecurityFinding? {
    var setters: [String] = []
    if podContext[.runAsNonRoot].bool == false { setters.append("pod") }
    let explicit = all.filter { context($0)[.runAsNonRoot].bool == false }
    if !explicit.isEmpty { setters.append(subject(explicit)) }
    if !setters.isEmpty {
      return PodSecurityFinding(
        reason: "runAsNonRoot != true",
        detail: "\(setters.joined(separator: " and ")) must not set securityContext.runAsNonRoot=false")
    }
    if podContext[.runAsNonRoot].bool == true { return nil }
    let silent = all.filter { context($0)[.runAsNonRoot].bool == nil }
    if silent.isEmpty { return nil }
    return PodSecurityFinding(
      reason: "runAsNonRoot != true",
      detail: "pod or \(subject(silent)) must set securityContext.runAsNonRoot=true")
  }

  private func runAsUser() -> PodSecurityFinding? {
    var setters: [String] = []
    if podContext[.runAsUser].int == 0 { setters.append("pod") }
    let bad = all.filter { context($0)[.runAsUser].int == 0 }
    if !bad.isEmpty { setters.append(subject(bad)) }
    if setters.isEmpty { return nil }
    return PodSecurityFinding(
      reason: "runAsUser=0", detail: "\(setters.joined(separator: " and ")) must not set runAsUser=0")
  }

  private func restrictedSeccomp() -> PodSecurityFinding? {
    if isWindows { return nil }
    let allowed: Set<String> = ["RuntimeDefault", "Localhost"]
    func type(_ context: Value) -> String? { context[.seccompProfile][.type].string }
    var setters: [String] = []
    if let own = type(podContext), !allowed.contains(own) { setters.append("pod") }
    let explicit = all.filter { type(context($0)).map { !allowed.contains($0) } ?? false }
    if !explicit.isEmpty { setters.append(subject(explicit)) }
    if !setters.isEmpty {
      let wrong = ([podContext] + explicit.map(context)).compactMap(type).filter { !allowed.contains($0) }
      return PodSecurityFinding(
        reason: "seccompProfile",
        detail: "\(setters.joined(separator: " and ")) must not set securityContext.seccompProfile.type to "
          + quoted(wrong))
    }
    if type(podContext) != nil { return nil }
    let silent = all.filter { type(context($0)) == nil }
    if silent.isEmpty { return nil }
    return PodSecurityFinding(
      reason: "seccompProfile",
      detail:
        "pod or \(subject(silent)) must set securityContext.seccompProfile.type to \"RuntimeDefault\" or "
        + "\"Localhost\"")
  }
}
