import API
import APIMachinery
import Basics
import Store

/// A note in the state that nothing was due when it was written: the next pass need not look at everything again, only
/// at what its change set touches.
///
/// It holds for the one commit that it came with. A commit that runs no pass, an edited file, another version of the
/// program, assumptions, another scheduler: then everything is looked at, as by a control plane that starts.
enum Rest {
  static let name: Key = "rest"
  private static let serialKey: Key = "serial"
  private static let versionKey: Key = "version"
  /// To be raised when a component learns something that may make it act on a cluster that was at rest before.
  static let version = 1
  /// Memories that ask for nothing to be done.
  private static let idle: Set<Key> = ["default-scheduler", "expired-jobs", name]

  /// Whether the stored cluster is at rest under what is assumed of it now.
  static func holds(_ input: PassInput, _ desired: DesiredSet) -> Bool {
    let note = input.memory[name]
    return input.isAsWritten && !input.isNewState && note[serialKey].int == input.serial
      && note[versionKey].int == version && isPlain(input, desired)
  }

  private static func isPlain(_ input: PassInput, _ desired: DesiredSet) -> Bool {
    desired.assumptions.isEmpty && input.assumptions.isEmpty && input.scheduler == .standard
  }

  /// `memory` with the note for the next commit, or without one.
  static func noted(in memory: Value, _ input: PassInput, _ desired: DesiredSet, isAtRest: Bool) -> Value {
    let plain = memory.removing(name)
    guard isAtRest, isPlain(input, desired), plain.fields.allSatisfy({ idle.contains($0.key) }) else {
      return plain
    }
    return plain.setting(
      name, .fields((serialKey, .int(input.serial + 1)), (versionKey, .int(version))))
  }
}
