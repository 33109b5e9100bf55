public import APIMachinery

/// What the API server warns of in pods and pod templates (`pkg/api/pod/warnings.go`), in its order.
public struct PodWarnings {
  private let spec: Value
  private let annotations: Value
  private let path: Path
  private let meta: Path
  private let isTemplate: Bool
  private var out: [String] = []

  static func pod(_ pod: Value) -> [String] {
    var this = PodWarnings(pod[.spec], pod[.metadata], .spec, .metadata, isTemplate: false)
    this.run()
    return this.out
  }

  static func template(_ template: Value, _ path: Path) -> [String] {
    var this = PodWarnings(
      template[.spec], template[.metadata], path.child("spec"), path.child("metadata"), isTemplate: true)
    this.run()
    return this.out
  }

  private init(_ spec: Value, _ metadata: Value, _ path: Path, _ meta: Path, isTemplate: Bool) {
    self.spec = spec
    annotations = metadata[.annotations]
    self.path = path
    self.meta = meta.child("annotations")
    self.isTemplate = isTemplate
  }

  private mutating func add(_ path: Path, _ text: String) { out.append("\(path.text): \(text)") }

  private mutating func run() {
    nodeLabels()
    spread()
    deprecatedAnnotations()
    for (i, volume) in spec[.volumes].items.enumerated() {
      self.volume(volume, path.child("volumes").index(i))
    }
    out += VolumePathWarnings.overlaps(spec[.volumes])
    duplicates()
    let path = path
    fractions(spec[.overhead], path.child("overhead"))
    containers()
    ports()
    if let seconds = spec[.terminationGracePeriodSeconds].int, seconds < 0 {
      add(
        path.child("terminationGracePeriodSeconds"),
        "must be >= 0; negative values are invalid and will be treated as 1")
    }
    podAffinity()
    for (i, server) in spec[.dnsConfig][.nameservers].items.enumerated() {
      out += AddressWarnings.ip(server, path.child("dnsConfig").child("nameservers").index(i))
    }
    for (i, alias) in spec[.hostAliases].items.enumerated() {
      out += AddressWarnings.ip(alias[.ip], path.child("hostAliases").index(i).child("ip"))
    }
  }

  // MARK: - Where pods may run

  private mutating func nodeLabels() {
    for field in spec[.nodeSelector].fields {
      if let why = NodeLabelWarnings.deprecated(field.key.string) {
        add(path.child("nodeSelector").key(field.key.string), why)
      }
    }
    let affinity = spec[.affinity][.nodeAffinity]
    if !affinity.isObject { return }
    let at = path.child("affinity").child("nodeAffinity")
    let required = "requiredDuringSchedulingIgnoredDuringExecution"
    let terms = affinity[.requiredDuringSchedulingIgnoredDuringExecution][.nodeSelectorTerms]
    for (i, term) in terms.items.enumerated() {
      out += NodeLabelWarnings.term(
        term, checksValues: false, at.child(required).child("nodeSelectorTerms").index(i))
    }
    let preferred = "preferredDuringSchedulingIgnoredDuringExecution"
    for (i, term) in affinity[.preferredDuringSchedulingIgnoredDuringExecution].items.enumerated() {
      out += NodeLabelWarnings.term(
        term[.preference], checksValues: true, at.child(preferred).index(i).child("preference"))
    }
  }

  private static let noSelector = "a null labelSelector results in matching no pod"

  private mutating func spread() {
    for (i, constraint) in spec[.topologySpreadConstraints].items.enumerated() {
      let at = path.child("topologySpreadConstraints").index(i)
      let key = constraint[.topologyKey].string ?? ""
      if let why = NodeLabelWarnings.deprecated(key) { add(at.child("topologyKey"), "\(key) is \(why)") }
      if !constraint.has(.labelSelector) { add(at.child("labelSelector"), Self.noSelector) }
    }
  }

  private mutating func podAffinity() {
    for part in [Key.podAffinity, .podAntiAffinity] {
      let affinity = spec[.affinity][part]
      if !affinity.isObject { continue }
      let at = path.child("affinity").child(part)
      let required = Key.requiredDuringSchedulingIgnoredDuringExecution
      for (i, term) in affinity[required].items.enumerated() where !term.has(.labelSelector) {
        add(at.child(required).index(i).child("labelSelector"), Self.noSelector)
      }
      let preferred = Key.preferredDuringSchedulingIgnoredDuringExecution
      for (i, term) in affinity[preferred].items.enumerated()
      where !term[.podAffinityTerm].has(.labelSelector) {
        add(
          at.child(preferred).index(i).child("podAffinityTerm").child("labelSelector"), Self.noSelector)
      }
    }
  }

  // MARK: - Annotations and volumes

  private static let deprecated: [(Key, String)] = [
    (
      "scheduler.alpha.kubernetes.io/critical-pod",
      "non-functional in v1.16+; use the \"priorityClassName\" field instead"
    ),
    (
      "security.alpha.kubernetes.io/sysctls",
      "non-functional in v1.11+; use the \"sysctls\" field instead"
    ),
    (
      "security.alpha.kubernetes.io/unsafe-sysctls",
      "non-functional in v1.11+; use the \"sysctls\" field instead"
    ),
  ]

  private mutating func deprecatedAnnotations() {
    if annotations.isEmpty { return }
    for (key, why) in Self.deprecated where annotations.has(key) { add(meta.key(key.string), why) }
  }

  private mutating func volume(_ volume: Value, _ at: Path) {
    for (key, why) in DeprecatedVolumes.inPods where volume.has(key) {
      add(at.child(DeprecatedVolumes.name(key)), why)
    }
    let template = volume[.ephemeral][.volumeClaimTemplate]
    if template.isObject {
      out += ClaimWarnings.spec(
        template[.spec], at.child("ephemeral").child("volumeClaimTemplate").child("spec"))
    }
  }

  private mutating func duplicates() {
    var seen: Set<String> = []
    for (i, alias) in spec[.hostAliases].items.enumerated() {
      let ip = alias[.ip].string ?? ""
      if !seen.insert(ip).inserted {
        add(path.child("hostAliases").index(i).child("ip"), "duplicate ip \(ScalarText.quoted(ip))")
      }
    }
    seen = []
    let secrets = spec[.imagePullSecrets].items.map { $0[.name].string ?? "" }
    for (i, name) in secrets.enumerated() where !seen.insert(name).inserted {
      add(path.child("imagePullSecrets").index(i).child("name"), "duplicate name \(ScalarText.quoted(name))")
    }
    for (i, name) in secrets.enumerated() where name.isEmpty {
      add(path.child("imagePullSecrets").index(i).child("name"), "invalid empty name \"\"")
    }
  }

  // MARK: - Containers

  private mutating func fractions(_ list: Value, _ at: @autoclosure () -> Path) {
    for name in [Key.memory, .ephemeralStorage] {
      guard let amount = Quantity(list[name]), !amount.isInteger else { continue }
      add(
        at().key(name.string),
        "fractional byte value \(ScalarText.quoted(amount.canonical)) is invalid, must be an integer")
    }
  }

  private static let seccomp = "seccomp.security.alpha.kubernetes.io/pod"
  private static let containerSeccomp = "container.seccomp.security.alpha.kubernetes.io/"
  private static let appArmor = "container.apparmor.security.beta.kubernetes.io/"
  private static let useSeccomp = "non-functional in v1.27+; use the \"seccompProfile\" field instead"
  static let useAppArmor = "deprecated since v1.30; use the \"appArmorProfile\" field instead"

  private mutating func containers() {
    if !annotations.isEmpty, !spec[.securityContext].has(.seccompProfile),
      annotations.has(Key(Self.seccomp))
    {
      add(meta.key(Self.seccomp), Self.useSeccomp)
    }
    let hasAppArmor = spec[.securityContext].has(.appArmorProfile)
    for list in [Key.initContainers, .containers, .ephemeralContainers] {
      for (i, container) in spec[list].items.enumerated() {
        if !annotations.isEmpty { profiles(container, hasAppArmor) }
        let at = path.child(list).index(i)
        fractions(container[.resources][.limits], at.child("resources").child("limits"))
        fractions(container[.resources][.requests], at.child("resources").child("requests"))
        environment(container[.env], at.child("env"))
      }
    }
  }

  private mutating func profiles(_ container: Value, _ hasAppArmor: Bool) {
    let name = container[.name].string ?? ""
    let context = container[.securityContext]
    if !context.has(.seccompProfile), annotations.has(Key(Self.containerSeccomp + name)) {
      add(meta.key(Self.containerSeccomp + name), Self.useSeccomp)
    }
    if isTemplate, !hasAppArmor, !context.has(.appArmorProfile), annotations.has(Key(Self.appArmor + name)) {
      add(meta.key(Self.appArmor + name), Self.useAppArmor)
    }
  }

  /// A pod's AppArmor annotations without a field, which become fields (`applyAppArmorVersionSkew`).
  public static func appArmorAnnotations(_ pod: Value) -> [String] {
    let annotations = pod[.metadata][.annotations]
    let spec = pod[.spec]
    if annotations.isEmpty || spec[.os][.name].says("windows") { return [] }
    var out: [String] = []
    for list in [Key.initContainers, .containers, .ephemeralContainers] {
      for container in spec[list].items where !container[.securityContext].has(.appArmorProfile) {
        let key = appArmor + (container[.name].string ?? "")
        if annotations.has(Key(key)) { out.append("metadata.annotations[\(key)]: \(useAppArmor)") }
      }
    }
    return out
  }

  /// A variable that is given again loses what it was, unless it refers to that.
  private mutating func environment(_ env: Value, _ at: @autoclosure () -> Path) {
    if env.count < 2 { return }
    var seen: Set<String> = []
    for (i, variable) in env.items.enumerated() {
      let name = variable[.name].string ?? ""
      if seen.insert(name).inserted { continue }
      let reference = "$(\(name))"
      let value = variable[.value].string ?? ""
      if variable.has(.valueFrom) || value == reference || !value.contains(reference) {
        add(
          at().index(i),
          "hides previous definition of \(ScalarText.quoted(name)), which may be dropped when using apply")
      }
    }
  }

  private struct Port {
    let at: Path
    let key: String
    let ip: String
    let host: Int
  }

  private mutating func ports() {
    var all: [Port] = []
    var names: [String: Path] = [:]
    var named: [String] = []
    for list in [Key.initContainers, .containers] {
      for (i, container) in spec[list].items.enumerated() {
        for (j, port) in container[.ports].items.enumerated() {
          let at = path.child(list).index(i).child("ports").index(j)
          self.port(port, at, &all)
          guard let name = port[.name].string, !name.isEmpty else { continue }
          if let other = names[name] {
            named.append(
              "\(at.text): duplicate port name \(ScalarText.quoted(name)) with \(other.text), services and "
                + "probes that select ports by name will use \(other.text)")
          } else {
            names[name] = at
          }
        }
      }
    }
    out += named
  }

  private mutating func port(_ port: Value, _ at: Path, _ all: inout [Port]) {
    let number = port[.containerPort].int ?? 0
    let named = port[.`protocol`].string ?? ""
    let own = Port(
      at: at, key: "\(number)/\(named)", ip: port[.hostIP].string ?? "", host: port[.hostPort].int ?? 0)
    if !own.ip.isEmpty, own.host == 0 {
      add(
        at,
        "hostIP set without hostPort: {Name:\(port[.name].string ?? "") HostPort:0 ContainerPort:\(number) "
          + "Protocol:\(named) HostIP:\(own.ip)}")
    }
    for other in all where other.key == own.key {
      if own.ip == other.ip, own.host == other.host {
        add(at, "duplicate port definition with \(other.at.text)")
      } else if own.host == 0 || other.host == 0 {
        add(at, "overlapping port definition with \(other.at.text)")
      } else if own.host == other.host, own.ip.isEmpty != other.ip.isEmpty {
        add(at, "dangerously ambiguous port definition with \(other.at.text)")
      }
    }
    all.append(own)
  }
}
