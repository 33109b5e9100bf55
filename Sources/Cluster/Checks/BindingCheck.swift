import APIMachinery
import APIServer

/// A pod is bound once, and to a node that is there.
final class BindingCheck: InstantCheck {
  private var nodes: Set<Key> = []

  init(_ server: APIServer) { nodes = Set(server.list(.node, namespace: nil).map(\.nameKey)) }

  func observe(_ event: WatchEvent) -> [Violation] {
    if event.key.kind == .node {
      if event.type == .deleted { nodes.remove(event.key.name) } else { nodes.insert(event.key.name) }
      return []
    }
    guard event.key.kind == .pod, event.type == .modified, let old = event.old, old.uid == event.object.uid
    else { return [] }
    let (before, after) = (old.spec[.nodeName].key, event.object.spec[.nodeName].key)
    if before == after { return [] }
    if !before.isEmpty {
      return [Violation(check: "bind-once", key: event.key, message: "moved from \(before) to \(after)")]
    }
    if nodes.contains(after) { return [] }
    return [Violation(check: "bind-once", key: event.key, message: "bound to \(after), which is not there")]
  }
}
