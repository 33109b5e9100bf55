public import APIMachinery

/// One label with its value, the value by its hash: where a selector or a set of labels is looked for first.
struct LabelPair: Hashable {
  let key: Key
  let value: UInt64

  init(_ key: Key, _ value: Text) {
    self.key = key
    self.value = value.hash
  }

  /// The pairs that a selector insists on.
  static func wanted(by selector: LabelSelector) -> [LabelPair] {
    selector.requirements.compactMap {
      $0.op == .equals || ($0.op == .in && $0.values.count == 1)
        ? LabelPair($0.key, $0.values[0]) : nil
    }
  }
}

/// Selectors by namespace and by what they ask for, so that those that match some labels are found without
/// asking all.
struct SelectorTable {
  private struct Entry {
    let selector: LabelSelector
    /// Where it stands; nil among those that insist on no single value.
    let place: LabelPair?
  }
  private struct Space {
    var entries: [ObjectKey: Entry] = [:]
    var byLabel: [LabelPair: Set<ObjectKey>] = [:]
    var others: Set<ObjectKey> = []
  }

  private var spaces: [Key: Space] = [:]

  func selector(_ key: ObjectKey) -> LabelSelector? { spaces[key.namespace]?.entries[key]?.selector }

  mutating func set(_ key: ObjectKey, _ selector: LabelSelector) {
    remove(key)
    if selector.isNothing { return }
    var space = spaces.removeValue(forKey: key.namespace) ?? Space()
    // Of several labels the one that the fewest others ask for.
    let place = LabelPair.wanted(by: selector).min {
      (space.byLabel[$0]?.count ?? 0) < (space.byLabel[$1]?.count ?? 0)
    }
    space.entries[key] = Entry(selector: selector, place: place)
    if let place { space.byLabel[place, default: []].insert(key) } else { space.others.insert(key) }
    spaces[key.namespace] = space
  }

  mutating func remove(_ key: ObjectKey) {
    guard let entry = spaces[key.namespace]?.entries.removeValue(forKey: key) else { return }
    guard let place = entry.place else {
      spaces[key.namespace]?.others.remove(key)
      return
    }
    spaces[key.namespace]?.byLabel[place]?.remove(key)
    if spaces[key.namespace]?.byLabel[place]?.isEmpty ?? false {
      spaces[key.namespace]?.byLabel[place] = nil
    }
  }

  /// Those whose selector matches the labels, in the order of their names.
  func matching(_ labels: Value, in namespace: Key) -> [ObjectKey] {
    guard let space = spaces[namespace] else { return [] }
    var found: [ObjectKey] = []
    func ask(_ keys: Set<ObjectKey>) {
      for key in keys where space.entries[key]?.selector.matches(labels: labels) ?? false {
        found.append(key)
      }
    }
    for field in labels.fields {
      guard let value = field.value.text, let keys = space.byLabel[LabelPair(field.key, value)] else {
        continue
      }
      ask(keys)
    }
    if !space.others.isEmpty { ask(space.others) }
    return found.count > 1 ? found.sorted() : found
  }
}

/// The selectors of a kind's objects by namespace, to find who could adopt an orphan.
public struct SelectorIndex {
  private var table = SelectorTable()
  private var sources: [ObjectKey: Value] = [:]

  public init() {}

  public mutating func observe(_ event: WatchEvent) {
    if event.type == .deleted {
      table.remove(event.key)
      sources[event.key] = nil
      return
    }
    let source = event.object.spec[.selector]
    if sources[event.key] == source { return }
    sources[event.key] = source
    table.set(event.key, Self.compile(source, event.key.kind))
  }

  private static func compile(_ source: Value, _ kind: GroupKind) -> LabelSelector {
    kind == .replicationController ? LabelSelector(matchLabels: source) : LabelSelector(source)
  }

  /// The compiled selector of an object that has been observed.
  public func selector(of object: Value, _ key: ObjectKey) -> LabelSelector {
    let source = object.spec[.selector]
    if let known = table.selector(key), sources[key] == source { return known }
    return Self.compile(source, key.kind)
  }

  /// The objects whose selector matches the labels of `object`, in the order of their names. An empty
  /// selector matches nothing here.
  public func matching(_ object: Value) -> [ObjectKey] {
    table.matching(object.labels, in: object.namespaceKey).filter {
      !(table.selector($0)?.isEverything ?? true)
    }
  }
}
