import API
import APIMachinery
import Basics
import Store

/// CustomResourceDefinitions themselves.
struct CustomDefinitionStrategy: Strategy {
  func defaults(_ object: inout Value) { CustomDefinition.defaults(&object) }
  func prepareForCreate(_ object: inout Value) { CustomDefinition.prepareForCreate(&object) }
  func prepareForUpdate(_ new: inout Value, old: Value) { CustomDefinition.prepareForUpdate(&new, old: old) }
  func validateCreate(_ object: Value) -> [APIError.Cause] {
    CustomDefinitionValidation.validateCreate(object)
  }
  func validateUpdate(_ new: Value, old: Value) -> [APIError.Cause] {
    CustomDefinitionValidation.validateUpdate(new, old: old)
  }
  func validateStatusUpdate(_ new: Value, old: Value) -> [APIError.Cause] { [] }
}

/// Objects of custom kinds (`apiextensions-apiserver/pkg/registry/customresource/strategy.go`).
struct CustomObjectStrategy: Strategy {
  let info: KindInfo
  func defaults(_ object: inout Value) {}
  func prepareForCreate(_ object: inout Value) { if info.hasStatus { object.remove(.status) } }
  func prepareForUpdate(_ new: inout Value, old: Value) {}
  func validateCreate(_ object: Value) -> [APIError.Cause] {
    ObjectMetaValidation.causes(object, name: Names.isDNS1123Subdomain)
      + CustomValidation.validate(object, info)
  }
  /// The old object in the version of the new one.
  private func seen(_ old: Value, as new: Value) -> Value {
    old[.apiVersion] == new[.apiVersion] ? old : old.setting(.apiVersion, new[.apiVersion])
  }
  func validateUpdate(_ new: Value, old: Value) -> [APIError.Cause] {
    ObjectMetaValidation.causes(new, name: nil)
      + CustomValidation.validate(new, info, old: seen(old, as: new))
  }
  func validateStatusUpdate(_ new: Value, old: Value) -> [APIError.Cause] {
    CustomValidation.validate(new, info, old: seen(old, as: new))
  }
}

/// Kinds come and go with their CustomResourceDefinitions (`apiextensions-apiserver`).
extension APIServer {
  func definitionChanged(_ event: WatchEvent) {
    let crd = event.object
    let kind = GroupKind(
      group: crd[.spec][.group].string ?? "", kind: crd[.spec][.names][.kind].string ?? "")
    if event.type == .deleted { scheme.unregister(crd: crd) } else { scheme.register(crd: crd) }
    entries[kind] = nil
    pluginsOfKind[kind] = nil
    if event.type == .added { establish(event.key, crd) }
    if let old = event.old, event.type == .modified, old[.spec] != crd[.spec] { establish(event.key, crd) }
  }

  /// What the naming and establishing controllers do, which run inside the server.
  private func establish(_ key: ObjectKey, _ crd: Value) {
    var next = CustomDefinition.established(crd, now: RFC3339.string(clock.now))
    if next == crd || crd.isTerminating { return }
    number(&next)
    commit(WatchEvent(.modified, key, old: crd, object: next))
  }

  /// Registers the kinds of the definitions that are in the store; for a server over a loaded state.
  public func registerDefinitions() {
    for crd in store.list(.customResourceDefinition, namespace: nil) { scheme.register(crd: crd) }
    entries = [:]
    pluginsOfKind = [:]
  }
}
