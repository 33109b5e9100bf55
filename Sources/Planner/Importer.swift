import API
public import APIMachinery
import APIServer
public import Basics
import Cluster
public import ManifestReader
public import Store

/// Takes actual objects of a cluster (`kubectl get -o yaml`) into a state.
public enum Importer {
  /// Puts the objects into the state, in the form that a server has stored; what is refused is said of each. Of
  /// several documents that describe one object the last counts.
  public static func take(_ manifests: [Manifest], into state: ObjectStore) -> [Diagnostic] {
    let scheme = DescribedObject.scheme(Planner.scheme(for: state), with: manifests)
    var diagnostics: [Diagnostic] = []
    for manifest in manifests {
      guard let object = DescribedObject(manifest, scheme, namespace: nil, &diagnostics) else { continue }
      if let refusal = StoredForm.refusal(object.value, object.info) {
        diagnostics += Refusals.diagnostics(refusal, manifest, exists: false)
      } else {
        state.put(object.key, StoredForm.of(object.value, object.info))
      }
    }
    return diagnostics
  }

  /// Adds what every cluster has and a dump need not name: the namespaces of the objects, and what a control
  /// plane makes for itself. Gives the keys of what was added, and the number of the last write. What is there
  /// stays.
  public static func complete(_ state: ObjectStore, seed: UInt64, now: Instant, resourceVersion: Int) -> (
    added: [ObjectKey], resourceVersion: Int
  ) {
    let server = APIServer(
      store: state, scheme: Planner.scheme(for: state), clock: VirtualClock(now), seed: seed,
      resourceVersion: resourceVersion)
    // What a dump says of an address or a name stands, though it be what the control plane would take.
    try? Bootstrap.run(server)
    for name in Set(state.kinds.flatMap { state.namespaces(of: $0) }).sorted() where !name.isEmpty {
      if state.contains(ObjectKey(.namespace, .empty, name)) { continue }
      _ = try? server.create(
        ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(name.string)]])
    }
    return (server.drainEvents().filter { $0.type == .added }.map(\.key).sorted(), server.resourceVersion)
  }

  /// Nodes that pods run on and the state does not have, in the order of their names, with how many pods each
  /// has: a pass takes such pods away (`podgc/gc_controller.go`).
  public static func missingNodes(_ state: ObjectStore) -> [(node: Key, pods: Int)] {
    var counts: [Key: Int] = [:]
    for pod in state.list(.pod, namespace: nil) {
      let node = pod.spec[.nodeName].key
      if node.isEmpty || state.contains(ObjectKey(.node, .empty, node)) { continue }
      counts[node, default: 0] += 1
    }
    return counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}
