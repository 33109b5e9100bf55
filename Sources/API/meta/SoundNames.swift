import APIMachinery
import Synchronization

/// Qualified names that are valid: most objects have the same few keys of labels and annotations, which are judged
/// once.
final class SoundNames: Sendable {
  static let shared = SoundNames()

  private let known = Mutex<Set<Key>>([])

  /// Whether the key is a valid qualified name (`Names.isQualifiedName`).
  func isSound(_ key: Key) -> Bool {
    if known.withLock({ $0.contains(key) }) { return true }
    guard Names.isQualifiedName(key.string).isEmpty else { return false }
    known.withLock { _ = $0.insert(key) }
    return true
  }
}
