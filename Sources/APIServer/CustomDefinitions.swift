import API
import APIMachinery

/// Kinds come and go with their CustomResourceDefinitions (`apiextensions-apiserver`).
extension APIServer {
  func definitionChanged(_ event: WatchEvent) {
    let crd = event.object
    let kind = GroupKind(
      group: crd[.spec][.group].string ?? "", kind: crd[.spec][.names][.kind].string ?? "")
    if event.type == .deleted { scheme.unregister(crd: crd) } else { scheme.register(crd: crd) }
    entries[kind] = nil
    pluginsOfKind[kind] = nil
  }

  /// Registers the kinds of the definitions that are in the store; for a server over a loaded state.
  public func registerDefinitions() {
    for crd in store.list(.customResourceDefinition, namespace: nil) {
      definitionChanged(WatchEvent(.added, ObjectKey(of: crd), old: nil, object: crd))
    }
  }
}
