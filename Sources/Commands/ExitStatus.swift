/// What the process ends with; pipelines branch on it.
public enum ExitStatus: Int32, Sendable {
  case success = 0
  /// An error (or, for `diff`, differences); the state is untouched.
  case failure = 1
  /// There are changes and `--detailed-exitcode` was given.
  case changes = 2
  /// A gate fired; nothing was written.
  case gate = 3
  /// The plan is stale, of another lineage, or the state is locked.
  case stale = 4
  case usage = 64
}

/// The same under a name that Swift Testing does not take.
typealias Status = ExitStatus
