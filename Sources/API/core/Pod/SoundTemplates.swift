import APIMachinery
import Synchronization

/// Pod templates, and their specs, in which nothing was found, told by their nodes: Deployments hand theirs on to ReplicaSets,
/// and every change of a size is an update with the same template. Their nodes are held, so that none is
/// mistaken for another.
final class SoundTemplates: Sendable {
  static let shared = SoundTemplates()

  private static let slots = 1 << 16
  private let known = Mutex<[Value]>(Array(repeating: .null, count: slots))

  private static func slot(_ identity: ObjectIdentifier) -> Int {
    let bits = UInt(bitPattern: identity) >> 4
    return Int((bits ^ bits >> 13) & UInt(slots - 1))
  }

  func contains(_ spec: Value) -> Bool {
    guard let identity = spec.identity else { return false }
    return known.withLock { $0[Self.slot(identity)].identity == identity }
  }

  func insert(_ spec: Value) {
    guard let identity = spec.identity else { return }
    known.withLock { $0[Self.slot(identity)] = spec }
  }
}
