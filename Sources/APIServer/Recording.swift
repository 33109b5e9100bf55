import API
public import APIMachinery
import Store

/// The way in for Events of the components of this cluster. They are made complete by who writes them, nobody's
/// admission concerns them and there may be very many, so they go straight into the store.
extension APIServer {
  /// Whether events may be stored in a namespace: it is there and not being deleted.
  public func admitsRecords(_ namespace: Key) -> Bool {
    guard let object = store.get(ObjectKey(.namespace, .empty, namespace)) else { return false }
    return !object.isTerminating
  }

  /// Stores an Event, new or changed. It is made as it is stored; debug builds check that.
  public func record(_ key: ObjectKey, _ event: Value) {
    guard let entry = entry(.event) else { return }
    var object = event
    let old = store.get(key)
    assert(SchemaDefault.apply(event, entry.type) == event, "\(key) is told otherwise than it is stored")
    if old == nil {
      object[.metadata] = object[.metadata].setting(.uid, identities.uid(key))
        .setting(.creationTimestamp, timestamp)
    }
    number(&object)
    commit(WatchEvent(old == nil ? .added : .modified, key, old: old, object: object))
  }

  /// Removes an Event that is not kept any longer.
  public func removeRecorded(_ key: ObjectKey) {
    guard let old = store.get(key) else { return }
    var last = old
    number(&last)
    commit(WatchEvent(.deleted, key, old: old, object: last))
  }
}
