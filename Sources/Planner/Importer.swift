import API
import APIServer
public import Basics
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
}
