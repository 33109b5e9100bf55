import API
import APIMachinery
public import Basics
public import Store

/// What an imported state lacks, so that a plan over it would say of a cluster what is not so.
public enum ImportGaps {
  public static func find(_ state: ObjectStore) -> [Diagnostic] {
    [missingNodes(state), missingOwners(state)].compactMap { $0 }
  }

  /// Pods go with their nodes (`podgc/gc_controller.go`).
  private static func missingNodes(_ state: ObjectStore) -> Diagnostic? {
    var nodes: [Key: Int] = [:]
    for pod in state.list(.pod, namespace: nil) {
      let node = pod.spec[.nodeName].key
      if node.isEmpty || state.contains(ObjectKey(.node, .empty, node)) { continue }
      nodes[node, default: 0] += 1
    }
    if nodes.isEmpty { return nil }
    let pods = nodes.values.reduce(0, +)
    return warning(
      "missing-nodes",
      (pods == 1 ? "a pod runs" : "\(pods) pods run") + " on nodes that are not in the state: "
        + some(nodes.keys.sorted().map(\.string)),
      "import the nodes too (kubectl get nodes -o yaml): a plan takes such pods away")
  }

  /// What has lost its owner is collected.
  private static func missingOwners(_ state: ObjectStore) -> Diagnostic? {
    let objects = state.kinds.flatMap { state.list($0, namespace: nil) }
    let known = Set(objects.map(\.uidKey))
    var owners: Set<String> = []
    var count = 0
    for object in objects {
      let gone = object[.metadata, .ownerReferences].items.filter { !known.contains($0[.uid].key) }
      if gone.isEmpty { continue }
      count += 1
      for owner in gone {
        let place = object.namespace.isEmpty ? "" : "\(object.namespace)/"
        owners.insert("\(owner[.kind].string ?? "") \(place)\(owner[.name].string ?? "")")
      }
    }
    if count == 0 { return nil }
    return warning(
      "missing-owners",
      (count == 1 ? "an object belongs" : "\(count) objects belong")
        + " to owners that are not in the state: \(some(Array(owners)))",
      "import the owners too: a plan takes what belongs to nobody away")
  }

  private static func warning(_ code: String, _ message: String, _ remedy: String) -> Diagnostic {
    Diagnostic(.warning, code, message, remedy: remedy)
  }

  /// The first three in order.
  private static func some(_ names: [String]) -> String {
    let sorted = names.sorted()
    return sorted.prefix(3).joined(separator: ", ") + (sorted.count > 3 ? ", …" : "")
  }
}
