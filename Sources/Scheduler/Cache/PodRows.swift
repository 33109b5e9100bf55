import API
import APIMachinery
import Basics
import ControllerRuntime

/// Pods of one namespace as the scheduler needs them: what is their own, and one pod for all that are alike.
struct PodRows: Sendable {
  struct Row: Sendable {
    var name: Key
    var uid: Value
    var node: Key
    /// The place of one like it in `models`.
    var model: Int
  }
  let namespace: Key
  private(set) var models: [Value] = []
  private(set) var rows: [Row] = []
  private var known: [[UInt8]: Int] = [:]

  init(_ namespace: Key) { self.namespace = namespace }

  mutating func add(_ pod: Value) {
    rows.append(
      Row(name: pod.nameKey, uid: pod.metadata[.uid], node: pod.spec[.nodeName].key, model: models.count))
    models.append(pod)
  }

  mutating func add(_ row: FilledRow, _ reading: PodTemplateReading) {
    var key: [UInt8] = []
    withUnsafeBytes(of: row.shared.number) { key.append(contentsOf: $0) }
    var name: Key?
    var uid: Value?
    var node = reading.node
    var isPlain = true
    let fits = row.each { i, text in
      let role = reading.roles[i]
      if role.isEmpty { return }
      guard let text else {
        isPlain = false
        return
      }
      if role.contains(.name) { name = Key(utf8: text) }
      if role.contains(.uid) { uid = .string(Text.make(text, hash: Text.hash(text))) }
      if role.contains(.node) { node = Key(utf8: text) }
      if role.contains(.kind) {
        key.append(contentsOf: text)
        key.append(0)
      }
    }
    guard fits, isPlain, let name, let uid, let node else {
      if let pod = row.make() { add(pod) }
      return
    }
    var model = known[key]
    if model == nil, let pod = row.make() {
      model = models.count
      known[key] = models.count
      models.append(pod)
    }
    if let model { rows.append(Row(name: name, uid: uid, node: node, model: model)) }
  }
}

/// What the holes of a template of pods mean to the scheduler.
struct PodTemplateReading: Sendable {
  struct Role: OptionSet, Sendable {
    var rawValue: UInt8
    static let name = Role(rawValue: 1)
    static let uid = Role(rawValue: 2)
    static let node = Role(rawValue: 4)
    /// Pods that differ in it are not alike.
    static let kind = Role(rawValue: 8)
  }
  var roles: [Role]
  /// The node of all of them, if they do not differ in it.
  var node: Key?

  /// Fields of the status that the scheduler looks at.
  private static let status: Set<Key> = [.phase, .startTime, .nominatedNodeName, .conditions]

  /// Nil where each pod has to be looked at by itself.
  init?(_ shared: RowTemplate) {
    let template = shared.template
    let spec = template.value.spec
    // What these ask for depends on the pod's name.
    if spec[.volumes].items.contains(where: { $0.has(.ephemeral) }) { return nil }
    roles = Array(repeating: [], count: template.variables.count)
    for hole in shared.holes { roles[hole.variable].formUnion(Self.role(hole.path)) }
    let isNodeShared = !roles.contains { $0.contains(.node) }
    node = isNodeShared ? spec[.nodeName].key : nil
  }

  private static func role(_ path: [Key]) -> Role {
    guard let first = path.first else { return .kind }
    if path.count == 2 {
      switch (first, path[1]) {
      case (.metadata, .name): return .name
      case (.metadata, .uid): return .uid
      case (.metadata, .resourceVersion): return []
      case (.spec, .nodeName): return .node
      default: break
      }
    }
    if first == .status, path.count > 1, !status.contains(path[1]) { return [] }
    return .kind
  }
}

extension Scheduler: RowReader {
  public var readsRowsOf: GroupKind { .pod }

  public static func read(_ namespace: Key, _ each: ((ObjectRow) -> Void) -> Void) -> any Sendable {
    var all = PodRows(namespace)
    var readings: [Int: PodTemplateReading?] = [:]
    each { row in
      switch row {
      case .object(let pod): all.add(pod)
      case .filled(let line):
        let number = line.shared.number
        if readings[number] == nil {
          readings[number] = .some(PodTemplateReading(line.shared))
        }
        if let reading = readings[number] ?? nil {
          all.add(line, reading)
        } else if let pod = line.make() {
          all.add(pod)
        }
      }
    }
    return all
  }

  public func recall(_ read: any Sendable, _ start: Instant) {
    guard let all = read as? PodRows else { return }
    now = max(now, start)
    var models: [PodInfo?] = all.models.map { pod in
      Self.isOver(pod) ? nil : PodInfo(pod, .init(.pod, all.namespace, .empty), world.podClass(of: pod))
    }
    for row in all.rows {
      guard let model = models[row.model] else { continue }
      let key = ObjectKey(.pod, all.namespace, row.name)
      enter(PodInfo(like: model, key, uid: row.uid), row.node)
    }
    models = []
  }
}
