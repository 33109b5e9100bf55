import API
public import APIMachinery

/// The pods of one namespace as lines of a file tell of them: what is each pod's own, and one pod for all that are
/// alike. Read once for all who wake.
public struct PodLines: Sendable {
  public struct Line: Sendable {
    public var name: Key
    public var uid: Value
    /// Empty for none.
    public var node: Key
    /// The IPv4 address that it holds: none if it is its node's, or if the pod is over.
    public var address: UInt32?
    /// The place in `models` of a pod that differs from this one in nothing but these and what the status says of
    /// containers and addresses.
    public var model: Int
    fileprivate var row: FilledRow?
  }

  public let namespace: Key
  public private(set) var models: [Value] = []
  public private(set) var lines: [Line] = []
  /// By model: the address that its status names, and whether pods like it hold none of their own.
  private var addresses: [(named: UInt32?, isNone: Bool)] = []
  private var known: [[UInt8]: Int] = [:]
  private var kind: [UInt8] = []

  private init(_ namespace: Key) { self.namespace = namespace }

  /// Reads the pods that `each` goes through.
  public static func read(_ namespace: Key, _ each: ((ObjectRow) -> Void) -> Void) -> PodLines {
    var all = PodLines(namespace)
    var readings: [Int: Reading?] = [:]
    each { row in
      switch row {
      case .object(let pod): all.add(pod)
      case .filled(let line):
        let number = line.shared.number
        if readings[number] == nil { readings[number] = .some(Reading(line.shared)) }
        if let reading = readings[number] ?? nil {
          all.add(line, reading)
        } else if let pod = line.make() {
          all.add(pod)
        }
      }
    }
    all.known = [:]
    return all
  }

  /// The pod of a line.
  public func pod(_ line: Int) -> Value? {
    let line = lines[line]
    return line.row.map { $0.make() } ?? models[line.model]
  }

  private mutating func add(_ pod: Value) {
    let model = enter(pod)
    let address = addresses[model]
    lines.append(
      Line(
        name: pod.nameKey, uid: pod.metadata[.uid], node: pod.spec[.nodeName].key,
        address: address.isNone ? nil : address.named, model: model))
  }

  private mutating func enter(_ pod: Value) -> Int {
    models.append(pod)
    addresses.append(
      (
        pod.status[.podIP].text.flatMap { IPv4.parse($0.utf8) },
        PodPhase.isTerminal(pod) || pod.spec[.hostNetwork].bool == true
      ))
    return models.count - 1
  }

  private mutating func add(_ row: FilledRow, _ reading: Reading) {
    var kind = self.kind
    self.kind = []
    defer { self.kind = kind }
    kind.removeAll(keepingCapacity: true)
    withUnsafeBytes(of: row.shared.number) { kind.append(contentsOf: $0) }
    var name: Key?
    var uid: Value?
    var node = reading.node
    var address: UInt32?
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
      if role.contains(.address) { address = IPv4.parse(text) }
      if role.contains(.kind) {
        kind.append(contentsOf: text)
        kind.append(0)
      }
    }
    guard fits, isPlain, let name, let uid, let node else {
      if let pod = row.make() { add(pod) }
      return
    }
    var model = known[kind]
    if model == nil, let pod = row.make() {
      model = enter(pod)
      known[kind] = model
    }
    guard let model else { return }
    if !reading.hasAddress { address = addresses[model].named }
    lines.append(
      Line(
        name: name, uid: uid, node: node, address: addresses[model].isNone ? nil : address, model: model,
        row: row))
  }
}

extension PodLines {
  /// What the holes of a template of pods mean.
  private struct Reading {
    struct Role: OptionSet {
      var rawValue: UInt8
      static let name = Role(rawValue: 1)
      static let uid = Role(rawValue: 2)
      static let node = Role(rawValue: 4)
      static let address = Role(rawValue: 8)
      /// Pods that differ in it are not alike.
      static let kind = Role(rawValue: 16)
    }
    var roles: [Role]
    /// The node of all of them, if they do not differ in it.
    var node: Key?
    /// They differ in their addresses.
    var hasAddress: Bool

    /// Fields of the status that say what has become of a pod.
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
      hasAddress = roles.contains { $0.contains(.address) }
    }

    private static func role(_ path: [Key]) -> Role {
      guard let first = path.first else { return .kind }
      if path.count == 2 {
        switch (first, path[1]) {
        case (.metadata, .name): return .name
        case (.metadata, .uid): return .uid
        case (.metadata, .resourceVersion): return []
        case (.spec, .nodeName): return .node
        case (.status, .podIP): return .address
        default: break
        }
      }
      if first == .status, path.count > 1, !status.contains(path[1]) { return [] }
      return .kind
    }
  }
}
