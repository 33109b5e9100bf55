import APIMachinery
import Basics

/// How many nodes of each zone are ready, and how fast the others may lose their pods
/// (`ComputeZoneState`, `handleDisruption`, `setLimiterInZone` in `pkg/controller/nodelifecycle`).
struct ZoneStates {
  /// `--node-eviction-rate` and `--secondary-node-eviction-rate`, as the seconds between two nodes.
  private static let interval = 10
  private static let slowInterval = 100
  /// `--unhealthy-zone-threshold`, `--large-cluster-size-threshold`.
  private static let threshold = 0.55
  private static let large = 50
  /// How often the nodes that wait are looked at (`nodeEvictionPeriod`).
  private static let period: Nanoseconds = .milliseconds(100)

  private struct Zone {
    var ready = 0
    var unready = 0
    /// The nodes that wait for their `NoExecute` taint, the first first.
    var waiting: [ObjectKey] = []
    var members: Set<ObjectKey> = []
    /// When a node was last tainted.
    var last: Instant?
  }
  private struct Node {
    var zone: Key
    var isReady: Bool
  }

  private var zones: [Key: Zone] = [:]
  private var nodes: [Key: Node] = [:]
  private var alive = 0

  /// All nodes of all zones are lost: more likely the control plane is cut off, so that nobody is evicted.
  var isCutOff: Bool { !nodes.isEmpty && alive == 0 }

  var keys: [ObjectKey] { nodes.keys.sorted().map { ObjectKey(.node, .empty, $0) } }

  static func zone(of node: Value) -> Key {
    let region =
      node.label("topology.kubernetes.io/region") ?? node.label("failure-domain.beta.kubernetes.io/region")
    let zone =
      node.label("topology.kubernetes.io/zone") ?? node.label("failure-domain.beta.kubernetes.io/zone")
    return region == nil && zone == nil ? .empty : Key("\(region ?? "")/\(zone ?? "")")
  }

  /// Notes a node, or that it is gone; gives the nodes to look at again.
  mutating func observe(_ event: WatchEvent) -> [ObjectKey] {
    let wasCutOff = isCutOff
    let name = event.key.name
    let old = nodes[name]
    var new: Node?
    if event.type != .deleted {
      new = Node(
        zone: Self.zone(of: event.object), isReady: event.object.condition("Ready")?[.status].string == "True"
      )
    }
    if old?.zone == new?.zone, old?.isReady == new?.isReady { return [] }
    if let old { count(old, -1) }
    if let new { count(new, 1) }
    nodes[name] = new
    if wasCutOff != isCutOff { return keys }
    return [old?.zone, new?.zone].compactMap { $0.flatMap { zones[$0]?.waiting.first } }
  }

  private mutating func count(_ node: Node, _ by: Int) {
    var zone = zones[node.zone] ?? Zone()
    if node.isReady {
      zone.ready += by
      alive += by
    } else {
      zone.unready += by
    }
    zones[node.zone] = zone
  }

  /// The seconds between two nodes of a zone; nil where none is tainted any more.
  static func pause(ready: Int, unready: Int) -> Int? {
    let total = ready + unready
    let isPartlyLost = ready > 0 && unready > 2 && Double(unready) / Double(total) >= threshold
    if !isPartlyLost { return interval }
    return total > large ? slowInterval : nil
  }

  enum Turn: Equatable {
    case now
    case at(Instant)
    case later
  }

  /// Whether a node that is not ready gets its taint now; else when to ask again, if not by itself.
  mutating func ask(_ key: ObjectKey, now: Instant) -> Turn {
    guard let node = nodes[key.name], var zone = zones[node.zone] else { return .later }
    let isNew = zone.members.insert(key).inserted
    if isNew { zone.waiting.append(key) }
    defer { zones[node.zone] = zone }
    if isNew { return .at(now + Self.period) }
    guard zone.waiting.first == key, let pause = Self.pause(ready: zone.ready, unready: zone.unready) else {
      return .later
    }
    let due = zone.last.map { $0 + .seconds(pause) } ?? now
    if due > now { return .at(due) }
    zone.last = now
    return .now
  }

  /// Takes a node out of those that wait; gives the one whose turn it is then.
  mutating func leave(_ key: ObjectKey) -> ObjectKey? {
    for (name, zone) in zones where zone.members.contains(key) {
      let wasFirst = zone.waiting.first == key
      zones[name]?.members.remove(key)
      zones[name]?.waiting.removeAll { $0 == key }
      return wasFirst ? zones[name]?.waiting.first : nil
    }
    return nil
  }

  var memory: Value {
    var all = Value.emptyObject
    for (name, zone) in zones.sorted(by: { $0.key < $1.key }) {
      if let last = zone.last { all[name.isEmpty ? "/" : name] = .string(RFC3339.string(last)) }
    }
    return all
  }

  mutating func restore(_ memory: Value) {
    for field in memory.fields {
      let name: Key = field.key == "/" ? .empty : field.key
      zones[name, default: Zone()].last = field.value.string.flatMap { RFC3339.parse($0) }
    }
  }
}
