import APIMachinery
import PlanReport
import Store

/// What goes with a deleted object: its dependents, theirs, and the content of a namespace.
struct Cascades {
  private var byOwner: [String: [Value]] = [:]
  private var byNamespace: [String: [Value]] = [:]

  init(changes: [ObjectChange], deleted: Set<ObjectKey>) {
    guard !deleted.isEmpty else { return }
    for change in changes where change.new == nil && !deleted.contains(change.key) {
      guard change.key.kind != .event, let old = change.old else { continue }
      for owner in old[.metadata][.ownerReferences].items {
        byOwner[owner[.uid].string ?? "", default: []].append(old)
      }
      if !old.namespace.isEmpty { byNamespace[old.namespace, default: []].append(old) }
    }
  }

  /// Pods last, each object once.
  func of(_ object: Value) -> [ObjectName] {
    var out: [ObjectName] = []
    var seen: Set<String> = []
    var queue = byOwner[object.uid] ?? []
    if object.kindName == "Namespace" { queue += byNamespace[object.name] ?? [] }
    var at = 0
    while at < queue.count {
      let next = queue[at]
      at += 1
      guard seen.insert(next.uid).inserted else { continue }
      out.append(ObjectName(of: next))
      queue += byOwner[next.uid] ?? []
    }
    return out.filter { $0.kind != "Pod" } + out.filter { $0.kind == "Pod" }
  }
}
