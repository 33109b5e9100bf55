import APIMachinery
import APIServer

/// Nothing owns itself, not even through others.
enum OwnerGraphCheck {
  static func run(_ server: APIServer) -> [Violation] {
    var owners: [Key: [Key]] = [:]
    var keys: [Key: ObjectKey] = [:]
    var order: [Key] = []
    for object in ClusterChecker.objects(server) {
      let references = object.metadata[.ownerReferences].items
      if references.isEmpty { continue }
      owners[object.uidKey] = references.map { $0[.uid].key }
      keys[object.uidKey] = ObjectKey(of: object)
      order.append(object.uidKey)
    }
    var finished: Set<Key> = []
    var violations: [Violation] = []
    for start in order where !finished.contains(start) {
      var path: Set<Key> = []
      var stack: [(uid: Key, isLeaving: Bool)] = [(start, false)]
      while let (uid, isLeaving) = stack.popLast() {
        if isLeaving {
          path.remove(uid)
          finished.insert(uid)
          continue
        }
        if finished.contains(uid) { continue }
        if !path.insert(uid).inserted { continue }
        stack.append((uid, true))
        for owner in owners[uid] ?? [] {
          if path.contains(owner), let key = keys[uid] {
            violations.append(
              Violation(check: "owner-graph", key: key, message: "its owners lead back to it"))
          } else {
            stack.append((owner, false))
          }
        }
      }
    }
    return violations
  }
}
