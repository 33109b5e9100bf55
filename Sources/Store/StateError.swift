import Basics

/// What is wrong with the state, where it stands and what to do about it.
public struct StateError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Stable identifiers, as diagnostics print them.
  public enum Code: String, Sendable, CaseIterable {
    /// There is no state at this path yet.
    case absent = "state-absent"
    /// There is one already where a new one was to be made.
    case exists = "state-exists"
    case notADirectory = "state-not-a-directory"
    case unreadable = "state-unreadable"
    case unwritable = "state-unwritable"
    /// Bytes that are no JSON, or no object.
    case malformed = "state-malformed"
    /// A line that ends in its middle, or a file without its last newline.
    case halfWritten = "state-half-written"
    /// Lines out of order, or one object twice.
    case order = "state-order"
    /// An object in a file of another kind, version or namespace.
    case wrongShard = "state-wrong-shard"
    case missingShard = "state-missing-shard"
    case strayFile = "state-stray-file"
    /// Content that is not what the last commit wrote.
    case digest = "state-digest"
    case newerFormat = "state-newer-format"
    case damagedJournal = "state-damaged-journal"
    /// The new state is journalled but not all in place; the next run completes it.
    case incomplete = "state-incomplete-commit"
    case unknownKind = "state-unknown-kind"
    case lockHeld = "state-locked"
    /// The state moved on since the plan was made.
    case stale = "state-stale"
    /// The plan was made for another state.
    case foreignLineage = "state-foreign-lineage"
    /// A test broke the process off here.
    case killed = "state-killed"
  }

  public var code: Code
  public var message: String
  public var path: String
  /// 1-based; 0 where unknown.
  public var line: Int
  public var remedy: String?

  public init(_ code: Code, _ message: String, path: String, line: Int = 0, remedy: String? = nil) {
    self.code = code
    self.message = message
    self.path = path
    self.line = line
    self.remedy = remedy
  }

  /// Whether somebody else's work stands in the way (lock held, stale plan, foreign lineage): exit status 4.
  public var isConflict: Bool { code == .lockHeld || code == .stale || code == .foreignLineage }

  public var place: Place { Place(file: path, line: line) }

  public var diagnostic: Diagnostic {
    Diagnostic(.error, code.rawValue, message, at: place, remedy: remedy)
  }

  public var description: String {
    "\(place.description): \(message)" + (remedy.map { "\n  \($0)" } ?? "")
  }

  static let restore =
    "Restore the file from version control or a backup; `plimsoll state verify` checks the whole state."
}
