import API
import APIMachinery
import Basics
import ControllerRuntime

/// Pods on nodes on which nothing has happened yet: they are made when something does.
struct RestingPods {
  private struct Place {
    var part: Int32
    var line: Int32
  }
  private var parts: [PodLines] = []
  private var places: [Key: [Place]] = [:]
  var isEmpty: Bool { places.isEmpty }

  mutating func add(_ pods: PodLines) {
    for (i, line) in pods.lines.enumerated() where !line.node.isEmpty {
      places[line.node, default: []].append(Place(part: Int32(parts.count), line: Int32(i)))
    }
    parts.append(pods)
  }

  /// The pods of a node, which rest no longer.
  mutating func take(_ node: Key) -> [Value] {
    (places.removeValue(forKey: node) ?? []).compactMap { parts[Int($0.part)].pod(Int($0.line)) }
  }
}

extension Kubelet: RowReader {
  public func recall(_ pods: PodLines, _ start: Instant) {
    resting.add(pods)
    for line in pods.lines where !line.node.isEmpty { if let ip = line.address { addresses.take(ip) } }
  }

  /// Something happens on a node: its pods are seen.
  func wake(for event: WatchEvent) {
    let node = event.key.kind == .node ? event.key.name : event.object.spec[.nodeName].key
    for pod in resting.take(node) {
      recall(WatchEvent(.added, ObjectKey(of: pod), old: nil, object: pod), Instant(nanoseconds: 0))
    }
  }
}
