import API
import APIMachinery
import Basics

/// The status that the last pod of each template got when it started. Pods of one template that start in the
/// same second are told the same, but for their addresses and the ids of their containers.
///
/// Nothing depends on what is remembered: a pod that is not found alike goes through `PodLifecycle`.
struct StatusMemo {
  private struct Entry {
    let spec: Value
    let references: Value
    let generation: Int
    let before: Value
    let second: Int64
    let after: Value
    let nextDue: Instant?
  }

  private static let limit = 16_384
  private var entries: [HashKey: Entry] = [:]

  /// Fields of a pod's spec that say nothing about how its containers run.
  private static let ignored: [Key] = [
    .nodeName, .hostname, .subdomain, .affinity, .nodeSelector, .tolerations, .volumes,
  ]

  private static func isAlike(_ a: Value, _ b: Value) -> Bool {
    let x = a.fields
    let y = b.fields
    var i = 0
    var j = 0
    while true {
      while i < x.count, ignored.contains(x[i].key) { i += 1 }
      while j < y.count, ignored.contains(y[j].key) { j += 1 }
      if i == x.count || j == y.count { return i == x.count && j == y.count }
      if x[i].key != y[j].key || x[i].value != y[j].value { return false }
      i += 1
      j += 1
    }
  }

  /// What pods of one template share.
  private static func template(_ spec: Value) -> HashKey? { spec[.containers].identity.map(HashKey.init) }

  /// The status of a pod that starts now, if one like it has started in this second.
  func status(of pod: Value, hostIP: HostIP, podIP: String, now: Instant) -> (
    status: Value, nextDue: Instant?
  )? {
    let spec = pod.spec
    guard let id = Self.template(spec), let known = entries[id], known.second == now.seconds,
      known.before == pod.status, known.generation == pod.generation,
      known.references == pod[.metadata, .ownerReferences], Self.isAlike(known.spec, spec)
    else { return nil }
    if let due = known.nextDue, due <= now { return nil }
    guard let uid = pod[.metadata, .uid].text else { return nil }
    let ip = Value.string(podIP)
    let after = known.after
    guard [Key.containerStatuses, .hostIP, .hostIPs, .podIP, .podIPs].allSatisfy({ after.has($0) }) else {
      return nil
    }
    // In the order of their keys.
    var own = [
      Field(.containerStatuses, Self.stamped(after[.containerStatuses], uid)), Field(.hostIP, hostIP.value),
      Field(.hostIPs, hostIP.list),
    ]
    own.reserveCapacity(6)
    if let initial = after.get(.initContainerStatuses) {
      own.append(Field(.initContainerStatuses, Self.stamped(initial, uid)))
    }
    own.append(Field(.podIP, ip))
    own.append(Field(.podIPs, .array([.fields((.ip, ip))])))
    return (after.merging(own), known.nextDue)
  }

  private static func stamped(_ statuses: Value, _ uid: Text) -> Value {
    .array(
      statuses.items.map { status in
        guard status.has(.containerID), let name = status[.name].text else { return status }
        let id = ContainerRun.id(uid.utf8, name.utf8, 0)
        let next = status.setting(.containerID, id)
        guard status[.state, .terminated].has(.containerID) else { return next }
        let ended = status[.state, .terminated].setting(.containerID, id)
        return next.setting(.state, status[.state].setting(.terminated, ended))
      })
  }

  /// Remembers how a pod has started. Only the first run of every container can be told again.
  mutating func remember(_ pod: Value, _ after: Value, nextDue: Instant?, now: Instant) {
    guard let id = Self.template(pod.spec), !pod.status.has(.containerStatuses),
      !pod.status.has(.initContainerStatuses), nextDue.map({ $0 == $0.wholeSecond }) ?? true
    else { return }
    for key in [Key.containerStatuses, .initContainerStatuses] {
      for status in after[key].items where !status[.lastState].isEmpty || status[.restartCount].int ?? 0 > 0 {
        return
      }
    }
    if entries.count >= Self.limit { entries.removeAll() }
    entries[id] = Entry(
      spec: pod.spec, references: pod[.metadata, .ownerReferences], generation: pod.generation,
      before: pod.status, second: now.seconds, after: after, nextDue: nextDue)
  }
}

/// The address of a node as pods' statuses tell it.
struct HostIP {
  let value: Value
  let list: Value

  init(_ address: String) {
    value = .string(address)
    list = .array([.fields((.ip, value))])
  }
}

/// What the kubelet asks about the pods of one template, read once.
final class PodNeeds {
  let requests: PodRequests
  let ports: [HostPort]
  private let spec: Value

  init(_ spec: Value) {
    requests = PodRequests.of(spec)
    ports = HostPort.of(spec)
    self.spec = spec
  }

  private static let counted: [Key] = [.containers, .initContainers, .overhead, .resources]

  /// Whether what was read is that of another spec too.
  func isOf(_ other: Value) -> Bool { Self.counted.allSatisfy { spec[$0] == other[$0] } }
}

/// The needs by template.
struct NeedsMemo {
  private static let limit = 16_384
  private var known: [HashKey: PodNeeds] = [:]

  mutating func needs(of spec: Value) -> PodNeeds {
    guard let id = spec[.containers].identity.map(HashKey.init) else { return PodNeeds(spec) }
    if let hit = known[id], hit.isOf(spec) { return hit }
    if known.count >= Self.limit { known.removeAll() }
    let made = PodNeeds(spec)
    known[id] = made
    return made
  }
}
