import API
import APIMachinery

/// A built-in admission plugin: it may change a write before validation, and refuse it afterwards.
protocol AdmissionPlugin: Sendable {
  /// The plugin's name (`--enable-admission-plugins`).
  static var name: String { get }
  /// The kinds it looks at; nil for all.
  static var kinds: Set<GroupKind>? { get }
  static func mutate(_ server: APIServer, _ request: inout WriteRequest) throws(APIError)
  static func validate(_ server: APIServer, _ request: inout WriteRequest) throws(APIError)
}

extension AdmissionPlugin {
  static var kinds: Set<GroupKind>? { nil }
  static func mutate(_ server: APIServer, _ request: inout WriteRequest) throws(APIError) {}
  static func validate(_ server: APIServer, _ request: inout WriteRequest) throws(APIError) {}
}

/// The plugins that are on by default, in the order of kube-apiserver (`options.AllOrderedPlugins`).
enum AdmissionChain {
  static let plugins: [any AdmissionPlugin.Type] = [
    NamespaceLifecycle.self, LimitRanger.self, ServiceAccountAdmission.self, TaintNodesByCondition.self,
    PodSecurity.self, PriorityAdmission.self, DefaultTolerationSeconds.self, DefaultStorageClass.self,
    StorageObjectInUseProtection.self, PersistentVolumeClaimResize.self, RuntimeClassAdmission.self,
    DefaultIngressClass.self, PodTopologyLabels.self, MutatingAdmissionPolicy.self,
    ValidatingAdmissionPolicy.self,
    ResourceQuotaAdmission.self,
  ]

  /// The plugins of a kind; worked out once.
  private static func plugins(for kind: GroupKind, _ server: APIServer) -> [any AdmissionPlugin.Type] {
    if let known = server.pluginsOfKind[kind] { return known }
    let some = plugins.filter { $0.kinds?.contains(kind) ?? true }
    server.pluginsOfKind[kind] = some
    return some
  }

  static func mutate(_ server: APIServer, _ request: inout WriteRequest) throws(APIError) {
    for plugin in plugins(for: request.kind, server) { try plugin.mutate(server, &request) }
  }

  static func validate(_ server: APIServer, _ request: inout WriteRequest) throws(APIError) {
    for plugin in plugins(for: request.kind, server) { try plugin.validate(server, &request) }
  }

  /// What is taken from budgets when a write is certain.
  static func charge(_ server: APIServer, _ request: WriteRequest) throws(APIError) {
    try ResourceQuotaAdmission.charge(server, request)
  }
}
