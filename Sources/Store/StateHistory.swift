import APIMachinery
import Basics

/// Who commits, for the audit line of a commit.
public struct CommitNote: Sendable {
  public var command: String
  /// The real time of the commit, as the caller tells it.
  public var time: Instant
  public init(command: String, time: Instant) {
    self.command = command
    self.time = time
  }
}

/// One commit in `state/history.jsonl`.
public struct StateHistory: Hashable, Sendable {
  public var serial: Int
  public var time: Instant
  public var command: String
  public var added: Int
  public var changed: Int
  public var removed: Int

  static let file = "history.jsonl"
  private static let serialKey = Key("serial")
  private static let timeKey = Key("time")
  private static let commandKey = Key("command")
  private static let addedKey = Key("added")
  private static let changedKey = Key("changed")
  private static let removedKey = Key("removed")

  init(serial: Int, note: CommitNote, changes: [ObjectChange]) {
    self.serial = serial
    time = note.time
    command = note.command
    added = changes.count { $0.old == nil }
    removed = changes.count { $0.new == nil }
    changed = changes.count - added - removed
  }

  init?(_ value: Value) {
    guard let serial = value[Self.serialKey].int, let command = value[Self.commandKey].string,
      let time = value[Self.timeKey].string.flatMap({ RFC3339.parse($0) }),
      let added = value[Self.addedKey].int, let changed = value[Self.changedKey].int,
      let removed = value[Self.removedKey].int
    else { return nil }
    self.serial = serial
    self.time = time
    self.command = command
    self.added = added
    self.changed = changed
    self.removed = removed
  }

  /// The entry as it stands in the file, a line of JSON.
  public var line: [UInt8] {
    CanonicalJSON.bytes(
      .fields(
        (Self.serialKey, .int(serial)), (Self.timeKey, .string(RFC3339.string(time))),
        (Self.commandKey, .string(command)), (Self.addedKey, .int(added)),
        (Self.changedKey, .int(changed)), (Self.removedKey, .int(removed)))) + [0x0A]
  }

  static func read(_ files: StateFiles) throws(StateError) -> [StateHistory] {
    guard let bytes = try files.read(file) else { return [] }
    var entries: [StateHistory] = []
    for (i, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
      if line.isEmpty { continue }
      guard case .success(let value) = JSON.parse(Array(line)), let entry = StateHistory(value) else {
        throw StateError(
          .malformed, "is no line of the history", path: files.show(file), line: i + 1,
          remedy: "Remove the line; nothing but `plimsoll state history` depends on it.")
      }
      entries.append(entry)
    }
    return entries
  }
}
