import API
import APIMachinery

/// What a kind needs at every write, looked up once.
final class KindEntry {
  let info: KindInfo
  let kind: GroupKind
  let strategy: any Strategy
  let type: SchemaType
  let statusType: SchemaType?
  let apiVersion: Value
  let resourceName: String
  /// `metadata.generation` counts changes of the desired state.
  let hasGeneration: Bool

  init(_ info: KindInfo) {
    self.info = info
    kind = info.groupKind
    strategy =
      info.isCustom
      ? CustomObjectStrategy(info: info)
      : info.groupKind == .customResourceDefinition
        ? CustomDefinitionStrategy() : StrategyRegistry.strategy(for: info.groupKind)
    type = info.type
    statusType = info.type.field(.status)?.type
    apiVersion = .string(info.gvk.apiVersion)
    resourceName = info.resourceName
    hasGeneration = info.isCustom || Self.counting.contains(info.qualifiedKind)
  }

  /// Built-in kinds whose strategies keep `generation` (`pkg/registry/*/strategy.go`).
  private static let counting: Set<String> = [
    "CronJob.batch", "CustomResourceDefinition.apiextensions.k8s.io", "DaemonSet.apps", "Deployment.apps",
    "DeviceClass.resource.k8s.io", "EndpointSlice.discovery.k8s.io",
    "FlowSchema.flowcontrol.apiserver.k8s.io", "Ingress.networking.k8s.io",
    "IngressClass.networking.k8s.io", "Job.batch", "MutatingAdmissionPolicy.admissionregistration.k8s.io",
    "MutatingAdmissionPolicyBinding.admissionregistration.k8s.io",
    "MutatingWebhookConfiguration.admissionregistration.k8s.io", "NetworkPolicy.networking.k8s.io", "Pod",
    "PodDisruptionBudget.policy", "PodTemplate", "PriorityClass.scheduling.k8s.io",
    "PriorityLevelConfiguration.flowcontrol.apiserver.k8s.io", "ReplicaSet.apps", "ReplicationController",
    "ResourceSlice.resource.k8s.io", "StatefulSet.apps",
    "ValidatingAdmissionPolicy.admissionregistration.k8s.io",
    "ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io",
    "ValidatingWebhookConfiguration.admissionregistration.k8s.io",
  ]
}

/// One write on its way through the steps (`admission.Attributes`).
struct WriteRequest {
  enum Operation { case create, update, delete }
  enum Subresource { case none, status, binding, scale, finalize }

  let operation: Operation
  let subresource: Subresource
  let entry: KindEntry
  var object: Value
  let old: Value?
  /// Nothing is stored and nothing is charged.
  var isDryRun = false
  /// Automatic addresses and ports are not drawn, given ones not checked for use (a server's own dry run).
  var usesPlaceholders = false
  /// The caller asked for strict decoding (a manifest, not a controller).
  var isStrict = false
  /// The record of who applied which field is the request's, not the stored object's (server-side apply).
  var keepsManagedFields = false
  /// What is written is as the server would store it: a component has made it so.
  var isCanonical = false
  /// The spec of a pod as it was given, where nothing but the built-in admission changes it.
  var givenSpec: Value?
  /// Objects that a step wants stored together with this one (IP addresses).
  var companions: [Value] = []
  var released: [ObjectKey] = []
  /// Somebody reads the warnings: the write is a user's, not a controller's.
  var wantsWarnings = false
  /// Texts of `Warning` headers.
  var warnings: [String] = []

  init(
    _ operation: Operation, _ subresource: Subresource = .none, _ entry: KindEntry, _ object: Value,
    old: Value?
  ) {
    self.operation = operation
    self.subresource = subresource
    self.entry = entry
    self.object = object
    self.old = old
  }

  /// The creation of an object that kubectl sends for a manifest.
  init(applied desired: Value, _ entry: KindEntry) {
    self.init(.create, .none, entry, desired, old: nil)
    isStrict = true
    wantsWarnings = true
  }

  var kind: GroupKind { entry.kind }
  var namespace: Key { entry.info.namespaced ? object.namespaceKey : .empty }
  var key: ObjectKey { ObjectKey(entry.kind, namespace, object.nameKey) }

  /// The refusal of an admission plugin, which names the prefix of a name that is still to be made.
  func forbidden(_ why: String) -> APIError {
    let meta = object[.metadata]
    let name = meta[.name].string ?? ""
    return .forbidden(entry.resourceName, name.isEmpty ? meta[.generateName].string ?? "" : name, why)
  }
}
