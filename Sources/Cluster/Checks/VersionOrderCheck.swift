import APIMachinery
import APIServer

/// Every change has a resource version above all before it; generations do not go back, and no controller is
/// ahead of them.
final class VersionOrderCheck: InstantCheck {
  private var last: Int

  init(_ server: APIServer) { last = server.resourceVersion }

  func observe(_ event: WatchEvent) -> [Violation] {
    var violations: [Violation] = []
    func add(_ check: String, _ message: String) {
      violations.append(Violation(check: check, key: event.key, message: message))
    }
    let object = event.object
    if event.type != .deleted {
      let version = Int(object.resourceVersion) ?? -1
      if version <= last { add("version-order", "\(object.resourceVersion) follows \(last)") }
      last = max(last, version)
    }
    if let old = event.old, old.uid == object.uid, object.generation < old.generation {
      add("generation", "went from \(old.generation) to \(object.generation)")
    }
    if let observed = object.status[.observedGeneration].int, observed > object.generation {
      add("observed-generation", "generation \(object.generation), observed \(observed)")
    }
    return violations
  }
}
