import API
import APIMachinery
import Basics
import ControllerRuntime

/// Pods of one namespace on nodes on which nothing happens: they are made when something does.
struct RestingPods: Sendable {
  enum Pod: Sendable {
    case made(Value)
    case filled(FilledRow)

    var value: Value? {
      switch self {
      case .made(let pod): pod
      case .filled(let row): row.make()
      }
    }
  }

  private(set) var all: [(node: Key, address: UInt32?, pod: Pod)] = []

  mutating func add(_ pod: Value) {
    let node = pod.spec[.nodeName].key
    if node.isEmpty { return }
    all.append((node, Kubelet.isOver(pod) ? nil : NodeState.ownAddress(of: pod), .made(pod)))
  }

  mutating func add(_ row: FilledRow, _ reading: Reading) {
    var node = reading.node
    var address = reading.address
    let fits = row.each { i, text in
      if i == reading.nodeHole { node = text.map { Key(utf8: $0) } }
      if i == reading.addressHole, !reading.hasNoAddress {
        address = text.flatMap { IPv4.parse(String(decoding: $0, as: UTF8.self)) }
      }
    }
    guard fits, let node else {
      if let pod = row.make() { add(pod) }
      return
    }
    if !node.isEmpty { all.append((node, address, .filled(row))) }
  }

  /// Where a template of pods says which node and address they have.
  struct Reading {
    var nodeHole: Int?
    var node: Key?
    var addressHole: Int?
    var address: UInt32?
    /// They have their node's, or are over.
    var hasNoAddress: Bool

    /// Nil where each pod has to be looked at by itself.
    init?(_ shared: RowTemplate) {
      let tree = shared.template.value
      for hole in shared.holes {
        let (path, variable) = (hole.path, hole.variable)
        if path == [.spec, .nodeName] { nodeHole = variable }
        if path == [.status, .podIP] { addressHole = variable }
        if path.starts(with: [.status, .phase]) || path.starts(with: [.spec, .hostNetwork]) { return nil }
      }
      hasNoAddress = Kubelet.isOver(tree) || tree.spec[.hostNetwork].bool == true
      if nodeHole == nil { node = tree.spec[.nodeName].key }
      if addressHole == nil && !hasNoAddress { address = NodeState.ownAddress(of: tree) }
    }
  }
}

extension Kubelet: RowReader {
  public var readsRowsOf: GroupKind { .pod }

  public static func read(_ namespace: Key, _ each: ((ObjectRow) -> Void) -> Void) -> any Sendable {
    var pods = RestingPods()
    var readings: [Int: RestingPods.Reading?] = [:]
    each { row in
      switch row {
      case .object(let pod): pods.add(pod)
      case .filled(let line):
        let number = line.shared.number
        if readings[number] == nil {
          readings[number] = .some(RestingPods.Reading(line.shared))
        }
        if let reading = readings[number] ?? nil {
          pods.add(line, reading)
        } else if let pod = line.make() {
          pods.add(pod)
        }
      }
    }
    return pods
  }

  public func recall(_ read: any Sendable, _ start: Instant) {
    guard let pods = read as? RestingPods else { return }
    for (node, address, pod) in pods.all {
      resting[node, default: []].append(pod)
      if let address { addresses.take(address) }
    }
  }

  /// Something happens on a node: its pods are seen.
  func wake(for event: WatchEvent) {
    let node = event.key.kind == .node ? event.key.name : event.object.spec[.nodeName].key
    guard let waiting = resting.removeValue(forKey: node) else { return }
    for pod in waiting.compactMap(\.value) {
      recall(WatchEvent(.added, ObjectKey(of: pod), old: nil, object: pod), Instant(nanoseconds: 0))
    }
  }
}
