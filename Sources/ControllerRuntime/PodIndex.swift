public import APIMachinery

/// What the last observed change of a pod was about.
public final class PodChange {
  public let type: WatchEvent.Kind
  public let pod: PodRecord
  /// What was known before; nil for a pod that is new.
  public let before: PodFacts?
  /// The pod's controller, and the one that has lost it.
  public let owner: ObjectKey?
  public let leftOwner: ObjectKey?
  /// The pods with the labels that this one had.
  public let leftGroup: PodGroup?
  public let isOwnerNew: Bool
  public let isNodeNew: Bool
  /// Whether anything that owners count can have changed: not when a pod is merely bound to its node.
  public let isCounted: Bool
  /// The pod is there and has no controller.
  public let isOrphan: Bool
  /// The services whose endpoints it can change, once somebody has asked for them.
  public var services: [ObjectKey]?

  init(
    _ type: WatchEvent.Kind, _ pod: PodRecord, before: PodFacts? = nil, leftOwner: OwnedPods? = nil,
    leftGroup: PodGroup? = nil, isOwnerNew: Bool = false, isNodeNew: Bool = false
  ) {
    self.type = type
    self.pod = pod
    self.before = before
    self.leftOwner = leftOwner?.key
    self.leftGroup = leftGroup
    self.isOwnerNew = isOwnerNew
    self.isNodeNew = isNodeNew
    owner = pod.owned?.key
    isOrphan = owner == nil && type != .deleted
    isCounted = type != .modified || before != pod.facts || leftGroup != nil || isOwnerNew
  }

  /// Whether controllers of this kind have to know of it: those that own the pod, have lost it, or may adopt it.
  public func concerns(_ kind: GroupKind) -> Bool {
    isOrphan || owner?.kind == kind || leftOwner?.kind == kind
  }
}

/// All pods as controllers see them, kept from the changes: by controller and by labels, with the facts that are
/// asked for again and again. One projection for all controllers of a pass, as kube-controller-manager's
/// shared informer is.
///
/// It is told of a change before the controllers are; what a controller writes shows after its step.
public final class PodIndex {
  /// The change that is being delivered; nil while the event is about something else.
  public private(set) var change: PodChange?
  /// Who selects pods for services.
  public let services: PodSelectors
  /// Who selects pods for disruption budgets.
  public let budgets: PodSelectors

  private struct OwnerID: Hashable {
    let key: ObjectKey
    let uid: Key
  }

  private var records: [ObjectKey: PodRecord] = [:]
  private var owners: [OwnerID: OwnedPods] = [:]
  private var orphans: [Key: Set<ObjectKey>] = [:]
  private let groups = PodGroups()
  /// The references that were read last, with what they say: most new pods are alike.
  private var lastReferences: (references: Value, namespace: Key, owned: OwnedPods)?

  public init() {
    services = PodSelectors(groups)
    budgets = PodSelectors(groups)
    groups.tables = [services, budgets]
  }

  // MARK: Asking

  public func pod(_ key: ObjectKey) -> PodRecord? { records[key] }

  /// The pods whose controller is the object with this key and uid; in no particular order.
  public func owned(by key: ObjectKey, uid: Key) -> [PodRecord] {
    owners[OwnerID(key: key, uid: uid)]?.pods ?? []
  }

  /// The pods of a namespace that have no controller, in the order of their names.
  public func orphans(in namespace: Key) -> [PodRecord] {
    guard let keys = orphans[namespace] else { return [] }
    return keys.sorted().compactMap { records[$0] }
  }

  // MARK: Changes

  public func observe(_ event: WatchEvent) {
    change = nil
    guard event.key.kind == .pod else { return }
    if event.type == .deleted {
      guard let record = records.removeValue(forKey: event.key) else { return }
      let before = record.facts
      record.object = event.object
      leave(record)
      change = PodChange(.deleted, record, before: before)
    } else if let record = records[event.key] {
      update(record, event.object)
    } else {
      add(event.key, event.object)
    }
  }

  /// A pod that the present step has changed is seen as it is now, before the change is delivered.
  public func note(_ object: Value, of record: PodRecord) {
    record.object = object
    record.derived = nil
  }

  private func add(_ key: ObjectKey, _ object: Value) {
    let record = PodRecord(key, object, groups.group(key.namespace, object.labels))
    record.group.insert(record)
    record.node = object[.spec, .nodeName].key
    enter(record)
    records[key] = record
    change = PodChange(
      .added, record, isOwnerNew: record.owned != nil, isNodeNew: !record.node.isEmpty)
  }

  private func update(_ record: PodRecord, _ object: Value) {
    let old = record.object
    let before = record.facts
    record.object = object
    record.derived = nil
    record.facts = PodFacts(object)
    var isNodeNew = false
    if record.node.isEmpty {
      record.node = object[.spec, .nodeName].key
      isNodeNew = !record.node.isEmpty
    }
    var leftGroup: PodGroup?
    let labels = object.labels
    if labels != record.group.labels {
      leftGroup = record.group
      groups.leave(record)
      record.group = groups.group(record.key.namespace, labels)
      record.group.insert(record)
    }
    let leftOwner = record.owned
    var isOwnerNew = false
    if object[.metadata, .ownerReferences] != old[.metadata, .ownerReferences] || record.owned == nil {
      leaveOwner(record)
      enter(record)
      isOwnerNew = record.owned !== leftOwner
    }
    change = PodChange(
      .modified, record, before: before, leftOwner: isOwnerNew ? leftOwner : nil,
      leftGroup: leftGroup, isOwnerNew: isOwnerNew, isNodeNew: isNodeNew)
  }

  private func leave(_ record: PodRecord) {
    groups.leave(record)
    leaveOwner(record)
  }

  private func leaveOwner(_ record: PodRecord) {
    guard let owned = record.owned else {
      orphans[record.key.namespace]?.remove(record.key)
      if orphans[record.key.namespace]?.isEmpty ?? false { orphans[record.key.namespace] = nil }
      return
    }
    owned.remove(record)
    if owned.pods.isEmpty { owners[OwnerID(key: owned.key, uid: owned.uid)] = nil }
  }

  /// Puts the record where its owner references say.
  private func enter(_ record: PodRecord) {
    let references = record.object[.metadata, .ownerReferences]
    if let last = lastReferences, last.namespace == record.key.namespace, last.references == references {
      join(record, last.owned)
      return
    }
    guard let reference = record.object.controllerReference else {
      record.owned = nil
      orphans[record.key.namespace, default: []].insert(record.key)
      return
    }
    let kind = GroupKind(
      apiVersion: reference[.apiVersion].string ?? "", kind: reference[.kind].string ?? "")
    let key = ObjectKey(kind, record.key.namespace, reference[.name].key)
    let uid = reference[.uid].key
    let owned = owners[OwnerID(key: key, uid: uid)] ?? OwnedPods(key, uid)
    lastReferences = (references, record.key.namespace, owned)
    join(record, owned)
  }

  private func join(_ record: PodRecord, _ owned: OwnedPods) {
    let id = OwnerID(key: owned.key, uid: owned.uid)
    // What is remembered of the last references can have been emptied and made anew since.
    var place = owned
    if owned.pods.isEmpty {
      if let known = owners[id] { place = known } else { owners[id] = owned }
    }
    place.insert(record)
    record.owned = place
  }
}

/// Selectors over pods by the objects that have them.
public final class PodSelectors {
  private var table = SelectorTable()
  private var all: [ObjectKey: PodSelection] = [:]
  private unowned let groups: PodGroups

  init(_ groups: PodGroups) { self.groups = groups }

  public func selection(_ key: ObjectKey) -> PodSelection? { all[key] }

  /// Notes the selector of an object; nil takes it out.
  public func set(_ key: ObjectKey, _ source: Value, _ selector: LabelSelector?) {
    if let old = all[key] {
      if selector != nil && old.source == source { return }
      old.dissolve()
      table.remove(key)
      all[key] = nil
    }
    guard let selector else { return }
    let made = PodSelection(key, source, selector)
    all[key] = made
    table.set(key, selector)
    for group in groups.matching(selector, in: key.namespace) { Self.link(made, group) }
  }

  /// The objects whose selector matches these labels, in the order of their names.
  public func matching(_ labels: Value, in namespace: Key) -> [ObjectKey] {
    table.matching(labels, in: namespace)
  }

  fileprivate func match(_ group: PodGroup) {
    for key in table.matching(group.labels, in: group.namespace) {
      if let selection = all[key] { Self.link(selection, group) }
    }
  }

  private static func link(_ selection: PodSelection, _ group: PodGroup) {
    selection.add(group)
    let at = group.selections.firstIndex { selection.key < $0.key } ?? group.selections.count
    group.selections.insert(selection, at: at)
  }
}

/// The groups of pods with equal labels, by namespace and label.
final class PodGroups {
  private struct LabelSet: Hashable {
    let labels: Value
    func hash(into hasher: inout Hasher) { hasher.combine(labels.hash) }
  }
  /// The groups of a namespace.
  private final class Space {
    var all: [LabelSet: PodGroup] = [:]
    var byLabel: [LabelPair: Shelf] = [:]
  }
  /// The groups with one label.
  private final class Shelf {
    var groups: [ObjectIdentifier: PodGroup] = [:]
  }

  var tables: [PodSelectors] = []
  private var spaces: [Key: Space] = [:]
  private var last: PodGroup?

  init() {}

  /// The group of these labels; made if there is none.
  func group(_ namespace: Key, _ labels: Value) -> PodGroup {
    if let last, last.namespace == namespace, last.labels == labels, !last.pods.isEmpty { return last }
    let space = space(namespace)
    if let known = space.all[LabelSet(labels: labels)] {
      last = known
      return known
    }
    let made = PodGroup(namespace, labels)
    last = made
    space.all[LabelSet(labels: labels)] = made
    for field in labels.fields {
      guard let value = field.value.text else { continue }
      let pair = LabelPair(field.key, value)
      if let shelf = space.byLabel[pair] {
        shelf.groups[ObjectIdentifier(made)] = made
      } else {
        let shelf = Shelf()
        shelf.groups[ObjectIdentifier(made)] = made
        space.byLabel[pair] = shelf
      }
    }
    for table in tables { table.match(made) }
    return made
  }

  private func space(_ namespace: Key) -> Space {
    if let known = spaces[namespace] { return known }
    let made = Space()
    spaces[namespace] = made
    return made
  }

  /// Takes the pod out of its group; a group without pods goes.
  func leave(_ record: PodRecord) {
    let group = record.group
    group.remove(record)
    guard group.pods.isEmpty else { return }
    let id = ObjectIdentifier(group)
    let space = space(group.namespace)
    space.all[LabelSet(labels: group.labels)] = nil
    for field in group.labels.fields {
      guard let value = field.value.text else { continue }
      let pair = LabelPair(field.key, value)
      guard let shelf = space.byLabel[pair] else { continue }
      shelf.groups[id] = nil
      if shelf.groups.isEmpty { space.byLabel[pair] = nil }
    }
    for selection in group.selections { selection.drop(group) }
  }

  /// The groups that a selector matches; in no particular order.
  func matching(_ selector: LabelSelector, in namespace: Key) -> [PodGroup] {
    guard let space = spaces[namespace], !selector.isNothing else { return [] }
    let candidates: [PodGroup]
    let rarest = LabelPair.wanted(by: selector).min {
      (space.byLabel[$0]?.groups.count ?? 0) < (space.byLabel[$1]?.groups.count ?? 0)
    }
    if let rarest {
      candidates = (space.byLabel[rarest]?.groups ?? [:]).map(\.value)
    } else {
      candidates = space.all.map(\.value)
    }
    return candidates.filter { selector.matches(labels: $0.labels) }
  }
}
