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
    let named = Set(state.kinds.flatMap { state.namespaces(of: $0) } + ["default"])
    for name in named.sorted() where !name.isEmpty {
      if state.contains(ObjectKey(.namespace, .empty, name)) { continue }
      _ = try? server.create(
        ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(name.string)]])
    }
    return (server.drainEvents().filter { $0.type == .added }.map(\.key).sorted(), server.resourceVersion)
  }
}
