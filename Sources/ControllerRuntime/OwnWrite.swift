public import APIMachinery

/// What a controller wrote in its present or last step, so that its own word does not make it look again: it
/// would find nothing to do. Changes are delivered after each step, so that one step's writes are enough.
public final class OwnWrites {
  private var all: [(key: ObjectKey, version: Text)] = []

  public init() {}

  /// A new step begins.
  public func begin() { all.removeAll(keepingCapacity: true) }

  /// Notes what the server made of a write.
  public func note(_ key: ObjectKey, _ stored: Value) {
    if let version = stored[.metadata][.resourceVersion].text { all.append((key, version)) }
  }

  /// Whether the change is one that was written here.
  public func isEcho(_ event: WatchEvent) -> Bool {
    if all.isEmpty || event.type == .deleted { return false }
    guard let version = event.object[.metadata][.resourceVersion].text else { return false }
    return all.contains { $0.key == event.key && $0.version == version }
  }
}
