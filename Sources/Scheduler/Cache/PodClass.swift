import API
import APIMachinery

/// All that pods of one template, namespace and owner have in common for scheduling, with results that hold for
/// all of them until a node changes.
final class PodClass {
  let namespace: Key
  let labels: Value
  let owner: ObjectKey?
  let requests: PodRequests
  /// With 100m and 200 MiB where nothing is asked for: as placed pods count, and as the incoming one does.
  let placedCPU: Int
  let placedMemory: Int
  let scoreCPU: Int
  let scoreMemory: Int
  let tolerations: [TolerationView]
  /// Those that may tolerate `PreferNoSchedule`.
  let preferTolerations: [TolerationView]
  let nodes: RequiredNodes
  let preferredNodes: [(weight: Int, term: NodeSelectorTerm)]
  let ports: [PortUse]
  let images: [Key]
  let containerCount: Int
  let hardSpread: [SpreadConstraint]
  let softSpread: [SpreadConstraint]
  let hasSpread: Bool
  let affinity: PodAffinityTerms
  let volumes: [PodVolume]

  /// The pods of this class that have a node.
  var placed: [ObjectKey: PodInfo] = [:]

  // Kept results.
  var staticEpoch = -1
  /// Per slot: 0, or the code of the first static filter that rejects the node.
  var staticCodes: [UInt16] = []
  var taintScores: [Int] = []
  var nodeScores: [Int] = []
  var imageScores: [Int] = []
  var anyTaintScore = false
  var anyImageScore = false
  /// Counters that this class's pods count in, and how many of the namespace's and of all were looked at.
  var counters: [SelectorCounter] = []
  var seenLocal = 0
  var seenGlobal = 0
  /// Carried terms that match this class's pods.
  var matchingTerms: [CarriedTerm] = []
  var seenTerms = 0
  /// Terms that this class's pods carry.
  var carried: [CarriedTerm]?
  var defaultSpread: [SpreadConstraint] = []
  var defaultSpreadEpoch = -1
  var failure: (version: Int, message: String, rejectors: UInt32)?

  init(_ pod: Value) {
    let spec = pod.spec
    namespace = pod.namespaceKey
    labels = pod.labels
    owner = pod.controllerReference.map { reference in
      ObjectKey(
        GroupKind(apiVersion: reference[.apiVersion].string ?? "", kind: reference[.kind].string ?? ""),
        pod.namespaceKey, reference[.name].key)
    }
    requests = PodRequests.of(spec)
    let placed = PodRequests.of(spec, .init(defaults: true))
    placedCPU = placed.cpu
    placedMemory = placed.memory
    let score = PodRequests.of(spec, .init(defaults: true, ignorePodLevel: true))
    scoreCPU = score.cpu
    scoreMemory = score.memory
    tolerations = [TolerationView](of: pod)
    preferTolerations = tolerations.filter { $0.effect == nil || $0.effect == .preferNoSchedule }
    nodes = RequiredNodes(spec)
    preferredNodes = spec[.affinity][.nodeAffinity][.preferredDuringSchedulingIgnoredDuringExecution].items
      .compactMap { entry in
        let weight = entry[.weight].int ?? 0
        return weight == 0 ? nil : (weight, NodeSelectorTerm(entry[.preference]))
      }
    ports = PortUse.of(spec)
    let containers = Array(spec[.initContainers].items) + Array(spec[.containers].items)
    containerCount = containers.count
    images = containers.map { ImageLocality.normalized($0[.image].string ?? "") }
    let constraints = spec[.topologySpreadConstraints].items
    hasSpread = !constraints.isEmpty
    hardSpread = constraints.filter { $0[.whenUnsatisfiable].string == "DoNotSchedule" }
      .map { SpreadConstraint($0, pod) }
    softSpread = constraints.filter { $0[.whenUnsatisfiable].string == "ScheduleAnyway" }
      .map { SpreadConstraint($0, pod) }
    affinity = PodAffinityTerms(pod)
    volumes = PodVolume.of(pod)
  }

  /// What tells classes apart.
  static func key(of pod: Value) -> ClassKey {
    let spec = pod.spec
    func reduced(_ list: Value) -> Value {
      .array(
        list.items.map { container in
          .fields(
            (.image, container.get(.image)), (.resources, container.get(.resources)),
            (.ports, container.get(.ports)), (.restartPolicy, container.get(.restartPolicy)))
        })
    }
    let volumes = spec[.volumes].items.filter {
      !$0.has(.projected) && !$0.has(.configMap) && !$0.has(.secret)
    }
    let usesName = volumes.contains { $0.has(.ephemeral) }
    return ClassKey(
      value: [
        .string(pod.namespaceKey), pod.labels, pod.controllerReference ?? .null, reduced(spec[.containers]),
        reduced(spec[.initContainers]), spec[.affinity], spec[.nodeSelector], spec[.tolerations],
        spec[.topologySpreadConstraints], spec[.overhead], spec[.resources], .array(volumes),
        usesName ? .string(pod.nameKey) : .null, spec[.priority],
        spec[.preemptionPolicy],
      ])
  }
}

struct ClassKey: Hashable {
  let value: Value
  func hash(into hasher: inout Hasher) { hasher.combine(value.hash) }
}
