import APIMachinery
import ControllerRuntime

/// What is to become of the slices of one service and address type (`k8s.io/endpointslice/reconciler.go`): endpoints
/// that are there stay where they are, new ones fill the slices that change anyway.
struct SlicePlan {
  static let maximum = 100

  let owner: Value
  let labels: Value
  let addressType: Value
  private(set) var create: [Value] = []
  private(set) var update: [Value] = []
  private(set) var delete: [Value] = []
  /// The wanted endpoints by their ports, in the order in which they came.
  private var wanted: [ValueKey: [Value]] = [:]
  private var unchanged = 0

  init(owner: Value, labels: Value, addressType: String) {
    self.owner = owner
    self.labels = labels
    self.addressType = .string(addressType)
  }

  mutating func add(_ endpoint: Value, ports: ValueKey) { wanted[ports, default: []].append(endpoint) }

  /// Ports in an order that does not depend on how they were listed.
  static func key(ofPorts ports: Value) -> ValueKey { ValueKey(sorted(ports)) }

  private static func sorted(_ ports: Value) -> Value {
    if ports.isEmpty { return .emptyArray }
    if ports.count == 1 { return ports }
    return .array(ports.items.map { (CanonicalJSON.string($0), $0) }.sorted { $0.0 < $1.0 }.map(\.1))
  }

  /// A slice without endpoints remains where there would be none at all, if `keepPlaceholder`.
  mutating func reconcile(_ existing: [Value], keepPlaceholder: Bool) {
    var byPorts: [ValueKey: [Value]] = [:]
    for slice in existing {
      let isOwn =
        OwnerReferences.isController(owner, of: slice) && !slice[.endpoints].isEmpty
      let ports = ValueKey(Self.sorted(slice[.ports]))
      if isOwn && wanted[ports] != nil {
        byPorts[ports, default: []].append(slice)
      } else {
        delete.append(slice)
      }
    }
    let sets = wanted.map { (CanonicalJSON.string($0.key.value), $0.key, $0.value) }.sorted { $0.0 < $1.0 }
    for (_, ports, endpoints) in sets { spread(endpoints, ports, over: byPorts[ports] ?? []) }
    if keepPlaceholder && create.isEmpty && update.isEmpty && unchanged == 0 {
      let placeholder = make([], ports: .null)
      if delete.count == 1, Self.isSame(delete[0], placeholder) {
        delete = []
      } else {
        create.append(placeholder)
      }
    }
    reuse()
  }

  private static func isSame(_ slice: Value, _ placeholder: Value) -> Bool {
    slice[.endpoints].isEmpty && slice[.ports].isEmpty && slice.labels == placeholder.labels
      && slice[.addressType] == placeholder[.addressType]
      && slice[.metadata, .ownerReferences] == placeholder[.metadata, .ownerReferences]
  }

  /// The identity of an endpoint: its addresses and what is behind it.
  private struct Identity: Hashable {
    let addresses: Value
    let uid: Value
    let hostname: Value

    init(_ endpoint: Value) {
      addresses = endpoint[.addresses]
      uid = endpoint[.targetRef, .uid]
      hostname = endpoint[.hostname]
    }

    func hash(into hasher: inout Hasher) {
      hasher.combine(addresses.hash)
      hasher.combine(uid.hash)
    }
  }

  private mutating func spread(_ endpoints: [Value], _ ports: ValueKey, over slices: [Value]) {
    var open: [Identity: Value] = [:]
    var order: [Identity] = []
    for endpoint in endpoints {
      let id = Identity(endpoint)
      if open.updateValue(endpoint, forKey: id) == nil { order.append(id) }
    }
    var changed: [(slice: Value, endpoints: [Value])] = []
    var same: [(slice: Value, endpoints: [Value])] = []
    for slice in slices {
      let old = Array(slice[.endpoints].items)
      let kept = old.compactMap { open.removeValue(forKey: Identity($0)) }
      if kept.isEmpty {
        delete.append(slice)
      } else if kept != old || slice.labels != labels {
        changed.append((slice, kept))
      } else {
        same.append((slice, kept))
      }
    }
    var rest = order.compactMap { open[$0] }[...]
    // The fullest first.
    changed.sort { $0.endpoints.count > $1.endpoints.count }
    for i in changed.indices where !rest.isEmpty {
      let part = rest.prefix(max(0, Self.maximum - changed[i].endpoints.count))
      changed[i].endpoints += part
      rest = rest.dropFirst(part.count)
    }
    while !rest.isEmpty {
      let room = Self.maximum - rest.count
      let fitting = same.indices.filter { same[$0].endpoints.count <= room }
        .max { same[$0].endpoints.count < same[$1].endpoints.count }
      if rest.count < Self.maximum, let i = fitting {
        var slice = same.remove(at: i)
        slice.endpoints += rest
        changed.append(slice)
        rest = []
      } else {
        let part = Array(rest.prefix(Self.maximum))
        create.append(make(part, ports: ports.value))
        rest = rest.dropFirst(part.count)
      }
    }
    unchanged += same.count
    for (slice, endpoints) in changed {
      var next = slice
      next[.endpoints] = .array(endpoints)
      next[.metadata, .labels] = labels
      update.append(next)
    }
  }

  /// A new slice takes the name of one that would be deleted.
  private mutating func reuse() {
    var left: [Value] = []
    for old in delete {
      guard OwnerReferences.isController(owner, of: old), var slice = create.popLast() else {
        left.append(old)
        continue
      }
      var meta = old.metadata
      meta[.labels] = labels
      slice[.metadata] = meta
      update.append(slice)
    }
    delete = left
  }

  /// Changes what is to be written.
  mutating func map(create change: (inout Value) -> Void, update edit: (inout Value) -> Void) {
    for i in create.indices { change(&create[i]) }
    for i in update.indices { edit(&update[i]) }
  }

  private func make(_ endpoints: [Value], ports: Value) -> Value {
    .fields(
      (.apiVersion, "discovery.k8s.io/v1"), (.kind, "EndpointSlice"),
      (
        .metadata,
        .fields(
          (.generateName, .string(owner.name + "-")), (.namespace, owner[.metadata, .namespace]),
          (.labels, labels), (.ownerReferences, [OwnerReferences.controller(owner)]))
      ),
      (.addressType, addressType), (.endpoints, endpoints.isEmpty ? nil : .array(endpoints)),
      (.ports, ports.isEmpty ? nil : ports))
  }
}
