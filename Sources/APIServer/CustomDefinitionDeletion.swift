import API
import APIMachinery
import Basics
import Store

/// A definition goes after all its objects have gone
/// (`apiextensions-apiserver/pkg/controller/finalizer/crd_finalizer.go`).
extension APIServer {
  private static let cleanup: Value = "customresourcecleanup.apiextensions.k8s.io"

  private func definedKind(_ definition: Value) -> GroupKind {
    GroupKind(
      group: definition[.spec][.group].string ?? "", kind: definition[.spec][.names][.kind].string ?? "")
  }

  /// Marks the definition and deletes its objects; objects that something holds hold it.
  func deleteDefinition(_ key: ObjectKey, _ old: Value, _ object: Value) {
    let kind = definedKind(old)
    let objects = scheme.info(kind)?.isCustom == true ? store.keys(kind) : []
    if objects.isEmpty { return finish(key, old, object) }
    if old.isTerminating { return }
    var marked = object
    setFinalizers(&marked, Array(marked[.metadata][.finalizers].items) + [Self.cleanup])
    markAsDeleting(&marked, after: 0)
    say(
      &marked, true, "InstanceDeletionInProgress", "CustomResource deletion is in progress")
    number(&marked)
    commit(WatchEvent(.modified, key, old: old, object: marked))
    for object in objects { try? delete(object, DeleteOptions(propagation: .background)) }
  }

  /// Lets a definition go whose last object has gone.
  func customObjectGone(_ info: KindInfo) {
    let key = ObjectKey(.customResourceDefinition, name: info.resourceName)
    guard let definition = store.get(key), definition.isTerminating,
      definition[.metadata][.finalizers].items.contains(Self.cleanup), store.count(info.groupKind) == 0
    else { return }
    var last = definition
    say(&last, false, "InstanceDeletionCompleted", "removed all instances")
    setFinalizers(&last, last[.metadata][.finalizers].items.filter { $0 != Self.cleanup })
    finish(key, definition, last)
  }

  /// A definition that is going takes no new objects.
  func checkIsOpen(_ request: WriteRequest) throws(APIError) {
    guard request.entry.info.isCustom,
      store.get(ObjectKey(.customResourceDefinition, name: request.entry.info.resourceName))?.isTerminating
        == true
    else { return }
    throw APIError(
      .methodNotAllowed, "create not allowed while custom resource definition is terminating")
  }

  private func say(_ definition: inout Value, _ isTrue: Bool, _ reason: String, _ message: String) {
    var conditions = definition[.status][.conditions]
    Condition.set(
      Condition.make("Terminating", isTrue, reason: reason, message: message), in: &conditions, now: clock.now
    )
    definition[.status][.conditions] = conditions
  }
}
