import API
import APIMachinery

/// Services and owners of pods: what says how pods without constraints of their own spread.
final class SpreadView {
  private struct Label: Hashable {
    let key: Key
    let value: Value.Name
  }
  private struct Namespace {
    var selectors: [Key: Value] = [:]
    /// Services by one label of their selector.
    var filed: [Label: [Key]] = [:]
    var epoch = 0
  }
  private var namespaces: [Key: Namespace] = [:]
  /// Counts all changes.
  private var changes = 0
  private var owners: [ObjectKey: Value] = [:]

  func observe(_ event: WatchEvent) {
    let value: Value? = event.type == .deleted ? nil : event.object
    switch event.key.kind {
    case .service: setService(event.key, value?.spec[.selector])
    case .replicaSet, .replicationController, .statefulSet:
      let selector = value?.spec[.selector]
      if owners[event.key] == selector { return }
      owners[event.key] = selector
      namespaces[event.key.namespace, default: Namespace()].epoch += 1
      changes += 1
    default: return
    }
  }

  private func setService(_ key: ObjectKey, _ selector: Value?) {
    var namespace = namespaces[key.namespace] ?? Namespace()
    namespaces[key.namespace] = nil
    defer { namespaces[key.namespace] = namespace }
    let old = namespace.selectors[key.name]
    if old == selector { return }
    namespace.epoch += 1
    changes += 1
    if let label = old.flatMap(Self.label) { namespace.filed[label]?.removeAll { $0 == key.name } }
    namespace.selectors[key.name] = selector
    if let label = selector.flatMap(Self.label) { namespace.filed[label, default: []].append(key.name) }
  }

  private static func label(_ selector: Value) -> Label? {
    selector.fields.first.map { Label(key: $0.key, value: .init(value: $0.value)) }
  }

  /// The default constraints for pods of a Service or of a set (`plugins/helper/spread.go DefaultSelector`).
  func defaultSpread(_ podClass: PodClass, _ profile: Profile) -> [SpreadConstraint] {
    if podClass.defaultSpreadChanges == changes { return podClass.defaultSpread }
    podClass.defaultSpreadChanges = changes
    let epoch = namespaces[podClass.namespace]?.epoch ?? 0
    if podClass.defaultSpreadEpoch == epoch { return podClass.defaultSpread }
    podClass.defaultSpreadEpoch = epoch
    let (labels, expressions) = selector(podClass)
    let requirements =
      LabelSelector(matchLabels: labels).requirements
      + (expressions.isObject ? LabelSelector(expressions).requirements : [])
    let identity: Value = ["default", labels, expressions]
    let known = podClass.defaultSpread.first ?? podClass.defaultHardSpread.first
    if known?.selectorIdentity == identity { return podClass.defaultSpread }
    podClass.softCounters = nil
    podClass.hardCounters = nil
    podClass.defaultSpread = []
    podClass.defaultHardSpread = []
    if requirements.isEmpty { return [] }
    let selector = LabelSelector(requirements)
    if let own = profile.arguments.spreadDefaults {
      func all(_ action: String) -> [SpreadConstraint] {
        own.filter { $0[.whenUnsatisfiable].string == action }.map {
          SpreadConstraint($0[.topologyKey].key, maxSkew: $0[.maxSkew].int ?? 1, selector, identity)
        }
      }
      podClass.defaultSpread = all("ScheduleAnyway")
      podClass.defaultHardSpread = all("DoNotSchedule")
    } else {
      podClass.defaultSpread = [
        SpreadConstraint(.kubernetesIoHostname, maxSkew: 3, selector, identity),
        SpreadConstraint("topology.kubernetes.io/zone", maxSkew: 5, selector, identity),
      ]
    }
    return podClass.defaultSpread
  }

  /// The labels of all Services that select the pods, and of the owner; and the owner's other wishes.
  private func selector(_ podClass: PodClass) -> (labels: Value, expressions: Value) {
    var labels = Value.emptyObject
    if let namespace = namespaces[podClass.namespace] {
      for field in podClass.labels.fields {
        for name in namespace.filed[Label(key: field.key, value: .init(value: field.value))] ?? [] {
          guard let selector = namespace.selectors[name],
            selector.fields.allSatisfy({ podClass.labels.get($0.key) == $0.value })
          else { continue }
          for field in selector.fields { labels[field.key] = field.value }
        }
      }
    }
    guard let owner = podClass.owner, let selector = owners[owner] else { return (labels, .null) }
    if owner.kind == .replicationController {
      for field in selector.fields { labels[field.key] = field.value }
      return (labels, .null)
    }
    return (labels, selector)
  }
}
