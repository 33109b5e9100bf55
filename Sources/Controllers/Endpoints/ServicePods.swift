import APIMachinery

/// Which pods are behind which services, kept from the changes so that nobody has to look through all pods
/// for a service or through all services for a pod. Pods with equal labels are one group.
final class ServicePods {
  private struct LabelSet: Hashable {
    var namespace: Key
    var labels: Value

    func hash(into hasher: inout Hasher) {
      hasher.combine(namespace)
      hasher.combine(labels.hash)
    }
  }

  private final class Group {
    let labels: Value
    var pods: Set<ObjectKey> = []
    var services: Set<ObjectKey> = []
    init(_ labels: Value) { self.labels = labels }
  }

  private final class Entry {
    let source: Value
    let selector: LabelSelector
    var groups: [LabelSet: Group] = [:]
    init(_ source: Value) {
      self.source = source
      selector = LabelSelector(matchLabels: source)
    }
  }

  private var groups: [Key: [LabelSet: Group]] = [:]
  private var services: [Key: [ObjectKey: Entry]] = [:]

  /// The pods behind a service, in the order of their names.
  func pods(of service: ObjectKey) -> [ObjectKey] {
    guard let entry = services[service.namespace]?[service] else { return [] }
    return entry.groups.values.flatMap(\.pods).sorted()
  }

  /// How many pods are behind a service.
  func count(of service: ObjectKey) -> Int {
    services[service.namespace]?[service]?.groups.values.reduce(0) { $0 + $1.pods.count } ?? 0
  }

  /// Notes a change of a service.
  func observe(service event: WatchEvent) {
    let namespace = event.key.namespace
    let source = event.object.spec[.selector]
    let old = services[namespace]?[event.key]
    if event.type != .deleted, let old, old.source == source { return }
    if let old {
      for group in old.groups.values { group.services.remove(event.key) }
      services[namespace]?[event.key] = nil
    }
    if event.type == .deleted || source.isEmpty { return }
    let entry = Entry(source)
    for (labels, group) in groups[namespace] ?? [:] where entry.selector.matches(labels: group.labels) {
      entry.groups[labels] = group
      group.services.insert(event.key)
    }
    services[namespace, default: [:]][event.key] = entry
  }

  /// Notes a change of a pod; the services that it concerns, in the order of their names.
  func observe(pod event: WatchEvent) -> [ObjectKey] {
    let namespace = event.key.namespace
    let new = LabelSet(namespace: namespace, labels: event.object.labels)
    var concerned: Set<ObjectKey> = []
    if let old = event.old.map({ LabelSet(namespace: namespace, labels: $0.labels) }), old != new {
      concerned.formUnion(remove(event.key, old))
    }
    if event.type == .deleted {
      concerned.formUnion(remove(event.key, new))
    } else {
      let group = groups[namespace]?[new] ?? makeGroup(new)
      group.pods.insert(event.key)
      concerned.formUnion(group.services)
    }
    return concerned.sorted()
  }

  private func makeGroup(_ labels: LabelSet) -> Group {
    let group = Group(labels.labels)
    groups[labels.namespace, default: [:]][labels] = group
    for (key, entry) in services[labels.namespace] ?? [:] where entry.selector.matches(labels: labels.labels)
    {
      entry.groups[labels] = group
      group.services.insert(key)
    }
    return group
  }

  private func remove(_ pod: ObjectKey, _ labels: LabelSet) -> Set<ObjectKey> {
    guard let group = groups[labels.namespace]?[labels], group.pods.remove(pod) != nil else { return [] }
    if group.pods.isEmpty {
      groups[labels.namespace]?[labels] = nil
      for service in group.services { services[labels.namespace]?[service]?.groups[labels] = nil }
    }
    return group.services
  }
}
