import APIMachinery
import Synchronization

/// Pod templates, and their specs, in which nothing was found, told by their nodes: Deployments hand theirs on to ReplicaSets,
/// and every change of a size is an update with the same template. Their nodes are held, so that none is
/// mistaken for another.
final class SoundTemplates: Sendable {
  static let shared = SoundTemplates()
  /// Specs of pods, for which more holds than for templates.
  static let ofPods = SoundTemplates(slots: 1 << 12)

  private let slots: Int
  private let known: Mutex<[Value]>

  init(slots: Int = 1 << 16) {
    self.slots = slots
    known = Mutex(Array(repeating: .null, count: slots))
  }

  private func slot(_ identity: ObjectIdentifier) -> Int {
    let bits = UInt(bitPattern: identity) >> 4
    return Int((bits ^ bits >> 13) & UInt(slots - 1))
  }

  func contains(_ spec: Value) -> Bool {
    guard let identity = spec.identity else { return false }
    return known.withLock { $0[slot(identity)].identity == identity }
  }

  func insert(_ spec: Value) {
    guard let identity = spec.identity else { return }
    known.withLock { $0[slot(identity)] = spec }
  }
}
