import Basics

/// One verb of the tool. Adding a command is one file and one line in `Commands.all`.
public protocol Command: Sendable {
  /// The words that call it: `plan`, `state verify`, `rollout undo`.
  static var name: String { get }
  /// One line for the list of commands.
  static var summary: String { get }
  /// What stands after the name: `[DIR]`.
  static var usage: String { get }
  /// A few lines more for `help COMMAND`.
  static var discussion: String { get }
  static var options: [Option] { get }
  init()
  func run(_ arguments: Arguments, _ console: Console) throws -> ExitStatus
}

extension Command {
  public static var discussion: String { "" }
  public static var options: [Option] { [] }
}

/// A message that ends the command with a status.
public struct CommandFailure: Error {
  public var status: ExitStatus
  public var diagnostics: [Diagnostic]
  public init(_ status: ExitStatus, _ diagnostics: [Diagnostic]) {
    self.status = status
    self.diagnostics = diagnostics
  }
  public init(
    _ status: ExitStatus = .failure, code: String, _ message: String, at place: Place? = nil,
    remedy: String? = nil
  ) {
    self.init(status, [Diagnostic(.error, code, message, at: place, remedy: remedy)])
  }
}
