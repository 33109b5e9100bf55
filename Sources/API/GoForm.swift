import APIMachinery

/// Values as the API server prints its internal types in a refusal: Go's names for the fields, in Go's order,
/// with everything that is not set (`encoding/json` over `pkg/apis/*/types.go`).
enum GoForm {
  /// One field: its Go name, its name in the API, and how its value is printed.
  private struct Field {
    let name: String
    let key: Key
    let kind: Kind
  }

  private enum Kind {
    /// A string, a bool, a number that is printed though it is zero.
    case text, flag, number
    /// What it is, or null.
    case raw
    case structure(String)
    case pointer(String)
    case list(String)
  }

  /// A type a line: its name, then `Name[=key]:kind`; `s` text, `b` flag, `n` number, `?` raw, `@T` struct, `*T`
  /// pointer to a struct, `[T` list of structs.
  private static let notation = """
    PodSpec Volumes:[Volume InitContainers:[Container Containers:[Container EphemeralContainers:[Ephemeral \
    RestartPolicy:s TerminationGracePeriodSeconds:? ActiveDeadlineSeconds:? DNSPolicy=dnsPolicy:s \
    NodeSelector:? ServiceAccountName:s AutomountServiceAccountToken:? NodeName:s \
    SecurityContext:*PodSecurityContext ImagePullSecrets:[LocalReference Hostname:s Subdomain:s \
    SetHostnameAsFQDN:? Affinity:*Affinity SchedulerName:s Tolerations:[Toleration HostAliases:[HostAlias \
    PriorityClassName:s Priority:? PreemptionPolicy:? DNSConfig=dnsConfig:*DNSConfig ReadinessGates:[Gate \
    RuntimeClassName:? Overhead:? EnableServiceLinks:? TopologySpreadConstraints:[Spread OS=os:*OS \
    SchedulingGates:[SchedulingGate ResourceClaims:[PodClaim Resources:*Resources HostnameOverride:? \
    SchedulingGroup:?
    LocalReference Name:s
    HostAlias IP=ip:s Hostnames:?
    Gate ConditionType:s
    SchedulingGate Name:s
    OS Name:s
    PodClaim Name:s ResourceClaimName:? ResourceClaimTemplateName:?
    DNSConfig Nameservers:? Searches:? Options:[DNSOption
    DNSOption Name:s Value:?
    Toleration Key:s Operator:s Value:s Effect:s TolerationSeconds:?
    Spread MaxSkew:n TopologyKey:s WhenUnsatisfiable:s LabelSelector:? MinDomains:? NodeAffinityPolicy:? \
    NodeTaintsPolicy:? MatchLabelKeys:?
    PodSecurityContext HostNetwork:b HostPID:b HostIPC:b ShareProcessNamespace:? HostUsers:? \
    SELinuxOptions=seLinuxOptions:*SELinux WindowsOptions:*Windows RunAsUser:? RunAsGroup:? RunAsNonRoot:? \
    SupplementalGroups:? SupplementalGroupsPolicy:? FSGroup=fsGroup:? \
    FSGroupChangePolicy=fsGroupChangePolicy:? Sysctls:[Sysctl SeccompProfile:*Profile \
    AppArmorProfile:*Profile SELinuxChangePolicy=seLinuxChangePolicy:?
    SecurityContext Capabilities:*Capabilities Privileged:? SELinuxOptions=seLinuxOptions:*SELinux \
    WindowsOptions:*Windows RunAsUser:? RunAsGroup:? RunAsNonRoot:? ReadOnlyRootFilesystem:? \
    AllowPrivilegeEscalation:? ProcMount:? SeccompProfile:*Profile AppArmorProfile:*Profile
    SELinux User:s Role:s Type:s Level:s
    Windows GMSACredentialSpecName=gmsaCredentialSpecName:? GMSACredentialSpec=gmsaCredentialSpec:? \
    RunAsUserName:? HostProcess:?
    Profile Type:s LocalhostProfile:?
    Sysctl Name:s Value:s
    Capabilities Add:? Drop:?
    Container Name:s Image:s Command:? Args:? WorkingDir:s Ports:[Port EnvFrom:[EnvFrom Env:[Env \
    Resources:@Resources ResizePolicy:[Resize RestartPolicy:? RestartPolicyRules:? VolumeMounts:[Mount \
    VolumeDevices:[Device LivenessProbe:*Probe ReadinessProbe:*Probe StartupProbe:*Probe \
    Lifecycle:*Lifecycle TerminationMessagePath:s TerminationMessagePolicy:s ImagePullPolicy:s \
    SecurityContext:*SecurityContext Stdin:b StdinOnce:b TTY=tty:b
    Ephemeral Name:s Image:s
    Resources Limits:? Requests:? Claims:[Claim
    Claim Name:s Request:s
    Resize ResourceName:s RestartPolicy:s
    Port Name:s HostPort:n ContainerPort:n Protocol:s HostIP:s
    EnvFrom Prefix:s ConfigMapRef:*OptionalReference SecretRef:*OptionalReference
    OptionalReference Name:s Optional:?
    Env Name:s Value:s ValueFrom:*EnvSource
    EnvSource FieldRef:*FieldRef ResourceFieldRef:*ResourceRef ConfigMapKeyRef:*KeyRef SecretKeyRef:*KeyRef \
    FileKeyRef:?
    FieldRef APIVersion=apiVersion:s FieldPath:s
    ResourceRef ContainerName:s Resource:s Divisor:?
    KeyRef Name:s Key:s Optional:?
    Mount Name:s ReadOnly:b RecursiveReadOnly:? MountPath:s SubPath:s MountPropagation:? SubPathExpr:s
    Device Name:s DevicePath:s
    Probe Exec:*Exec HTTPGet=httpGet:*HTTPGet TCPSocket=tcpSocket:*TCPSocket GRPC=grpc:*GRPC \
    InitialDelaySeconds:n TimeoutSeconds:n PeriodSeconds:n SuccessThreshold:n FailureThreshold:n \
    TerminationGracePeriodSeconds:?
    Exec Command:?
    HTTPGet Path:s Port:? Host:s Scheme:s HTTPHeaders=httpHeaders:[Header
    Header Name:s Value:s
    TCPSocket Port:? Host:s
    GRPC Port:n Service:?
    Lifecycle PostStart:*Handler PreStop:*Handler StopSignal:?
    Handler Exec:*Exec HTTPGet=httpGet:*HTTPGet TCPSocket=tcpSocket:*TCPSocket Sleep:*Sleep
    Sleep Seconds:n
    Volume Name:s HostPath:*HostPath EmptyDir:*EmptyDir GCEPersistentDisk=gcePersistentDisk:? \
    AWSElasticBlockStore=awsElasticBlockStore:? GitRepo:? Secret:*SecretVolume NFS=nfs:*NFS ISCSI=iscsi:? \
    Glusterfs:? PersistentVolumeClaim:*ClaimVolume RBD=rbd:? Quobyte:? FlexVolume:? Cinder:? CephFS=cephfs:? \
    Flocker:? DownwardAPI:? FC=fc:? AzureFile:? ConfigMap:*ConfigMapVolume VsphereVolume:? AzureDisk:? \
    PhotonPersistentDisk:? Projected:? PortworxVolume:? ScaleIO:? StorageOS=storageos:? CSI=csi:? \
    Ephemeral:? Image:?
    HostPath Path:s Type:?
    EmptyDir Medium:s SizeLimit:?
    SecretVolume SecretName:s Items:[KeyToPath DefaultMode:? Optional:?
    ConfigMapVolume Name:s Items:[KeyToPath DefaultMode:? Optional:?
    KeyToPath Key:s Path:s Mode:?
    NFS Server:s Path:s ReadOnly:b
    ClaimVolume ClaimName:s ReadOnly:b
    Affinity NodeAffinity:*NodeAffinity PodAffinity:*PodAffinity PodAntiAffinity:*PodAffinity
    NodeAffinity RequiredDuringSchedulingIgnoredDuringExecution:*NodeSelector \
    PreferredDuringSchedulingIgnoredDuringExecution:[Preferred
    Preferred Weight:n Preference:@NodeTerm
    NodeSelector NodeSelectorTerms:[NodeTerm
    NodeTerm MatchExpressions:[NodeRule MatchFields:[NodeRule
    NodeRule Key:s Operator:s Values:?
    PodAffinity RequiredDuringSchedulingIgnoredDuringExecution:[PodTerm \
    PreferredDuringSchedulingIgnoredDuringExecution:[Weighted
    Weighted Weight:n PodAffinityTerm:@PodTerm
    PodTerm LabelSelector:? Namespaces:? TopologyKey:s NamespaceSelector:? MatchLabelKeys:? MismatchLabelKeys:?
    ScopeSelector MatchExpressions:[ScopeRule
    ScopeRule ScopeName:s Operator:s Values:?
    FailurePolicy Rules:[FailureRule
    FailureRule Action:s OnExitCodes:*ExitCodes OnPodConditions:[PodCondition
    ExitCodes ContainerName:? Operator:s Values:?
    PodCondition Type:s Status:s
    SuccessPolicy Rules:[SuccessRule
    SuccessRule SucceededIndexes:? SucceededCount:?
    VolumeNodeAffinity Required:*NodeSelector
    RoleRef APIGroup=apiGroup:s Kind:s Name:s
    """

  private static let types: [String: [Field]] = {
    var all: [String: [Field]] = [:]
    for line in notation.split(separator: "\n") {
      let words = line.split(separator: " ")
      all[String(words[0])] = words.dropFirst().map(field)
    }
    return all
  }()

  private static func field(_ word: Substring) -> Field {
    let parts = word.split(separator: ":", maxSplits: 1)
    let names = parts[0].split(separator: "=")
    let name = String(names[0])
    let key = names.count > 1 ? String(names[1]) : name.prefix(1).lowercased() + name.dropFirst()
    let kind = parts.count > 1 ? parts[1] : "?"
    let type = String(kind.dropFirst())
    let shape: Kind =
      switch kind.first {
      case "s": .text
      case "b": .flag
      case "n": .number
      case "@": .structure(type)
      case "*": .pointer(type)
      case "[": .list(type)
      default: .raw
      }
    return Field(name: name, key: Key(key), kind: shape)
  }

  static func text(_ value: Value, _ type: String) -> String {
    if type == "PodSpec" { return structure(podSpec(value), type) }
    return structure(value, type)
  }

  private static func structure(_ value: Value, _ type: String) -> String {
    let parts = (types[type] ?? []).map { field -> String in
      let given = value[field.key]
      let shown: String =
        switch field.kind {
        case .text: given.isNull ? "\"\"" : CanonicalJSON.string(given)
        case .flag: given.isNull ? "false" : CanonicalJSON.string(given)
        case .number: given.isNull ? "0" : CanonicalJSON.string(given)
        case .raw: CanonicalJSON.string(given)
        case .structure(let inner): structure(given, inner)
        case .pointer(let inner): given.isNull ? "null" : structure(given, inner)
        case .list(let inner):
          given.isNull ? "null" : "[\(given.items.map { structure($0, inner) }.joined(separator: ","))]"
        }
      return "\"\(field.name)\":\(shown)"
    }
    return "{\(parts.joined(separator: ","))}"
  }

  /// The internal form keeps what the host shares in the security context.
  private static func podSpec(_ spec: Value) -> Value {
    var context = spec[.securityContext].isObject ? spec[.securityContext] : .emptyObject
    for key in ["hostNetwork", "hostPID", "hostIPC", "shareProcessNamespace", "hostUsers"] {
      context.set(Key(key), spec.get(Key(key)))
    }
    return spec.setting(.securityContext, context)
  }

  /// A template: the metadata's fields stand beside the spec.
  static func podTemplate(_ template: Value) -> String {
    let meta = template[.metadata].fields.filter { !$0.value.isNull }.map {
      "\(CanonicalJSON.string(.string($0.key))):\(CanonicalJSON.string($0.value))"
    }
    return "{\((meta + ["\"Spec\":\(text(template[.spec], "PodSpec"))"]).joined(separator: ","))}"
  }

  static func nodeSelectorTerm(_ term: Value) -> String { structure(term, "NodeTerm") }
  static func nodeSelectorTerms(_ terms: Value) -> String {
    "[\(terms.items.map { structure($0, "NodeTerm") }.joined(separator: ","))]"
  }
  static func scopeSelector(_ selector: Value) -> String { structure(selector, "ScopeSelector") }

  // MARK: - Small words of Go

  /// The kind of a JSON value in the words of `encoding/json`.
  static func kind(_ value: Value) -> String {
    switch value {
    case .null: "null"
    case .bool: "bool"
    case .small, .number: "number"
    case .string: "string"
    case .array: "array"
    case .object: "object"
    }
  }

  /// Why bytes are no JSON, in the words of `encoding/json`.
  static func jsonProblem(_ bytes: [UInt8]) -> String {
    let first = bytes.first { $0 > 0x20 } ?? 0
    let starts = Array("{[\"-0123456789tfn".utf8)
    if !starts.contains(first) {
      return "invalid character \(quoted(first)) looking for beginning of value"
    }
    return "unexpected end of JSON input"
  }

  private static func quoted(_ byte: UInt8) -> String {
    let text = String(decoding: [byte], as: UTF8.self)
    return byte == 0x27 ? "'\\''" : "'\(text)'"
  }

  /// `%f`.
  static func fixed(_ number: Double) -> String {
    guard number.isFinite, abs(number) < 1e12 else { return number > 0 ? "+Inf" : "0.000000" }
    let whole = Int((number * 1_000_000).rounded())
    let rest = String(whole % 1_000_000)
    return "\(whole / 1_000_000)." + String(repeating: "0", count: 6 - rest.utf8.count) + rest
  }
}
