import API
import APIMachinery
import APIServer
import Basics
import Kubectl
import Planner
import Store

/// A verb of kubectl that changes stored objects. A pass follows, and the state is written, as by `apply`.
protocol VerbCommand: Command {
  /// The flags of this verb alone.
  static var flags: [Option] { get }
  func perform(_ verb: Verb) throws
}

extension VerbCommand {
  static var options: [Option] {
    flags + VerbFlags.pass.filter { shared in !flags.contains { $0.name == shared.name } }
  }
  static var flags: [Option] { VerbFlags.targets }

  func run(_ arguments: Arguments, _ console: Console) throws -> ExitStatus {
    try VerbRun(Self.name, arguments, console).run(perform)
  }
}

/// Flags that verbs share.
enum VerbFlags {
  /// Where the state is and how the pass after the verb runs.
  static let pass: [Option] =
    PassOptions.options.filter { ["state", "now", "horizon", "assume", "lock-timeout"].contains($0.name) }
    + [
      Option("namespace", short: "n", value: "NAME", "the namespace (default default)"),
      Option(
        "dry-run", value: "WHEN", "none, client or server; with the latter two nothing is written",
        implied: "client", choices: ["none", "client", "server"]),
      Option("output", short: "o", value: "FORMAT", "name, yaml or json", choices: ["name", "yaml", "json"]),
    ]

  static let files = [
    Option(
      "filename", short: "f", value: "PATH", "a file or directory that names the objects, or -",
      repeats: true),
    Option("recursive", short: "R", "read directories recursively (they always are)"),
  ]
  static let selector = Option(
    "selector", short: "l", value: "SELECTOR", "only objects with such labels, as in a=b,c in (d,e)")
  static let all = Option("all", "all objects of the named kinds in the namespace")
  static let allNamespaces = Option("all-namespaces", short: "A", "in all namespaces")
  static let resourceVersion = Option(
    "resource-version", value: "VERSION", "refuse unless the object has this resource version")
  /// Which objects a verb is about.
  static let targets = files + [selector, all]
}

/// One run of a verb over the state: open, perform, pass, commit.
struct VerbRun {
  let name: String
  let arguments: Arguments
  let console: Console

  init(_ name: String, _ arguments: Arguments, _ console: Console) {
    self.name = name
    self.arguments = arguments
    self.console = console
  }

  func run(_ perform: (Verb) throws -> Void) throws -> ExitStatus {
    let options = try PassOptions(arguments, console, manifestsFromWords: false)
    let session = try StateSession.open(
      options.statePath, now: options.now, writing: true, command: "plimsoll \(name)",
      timeout: options.lockTimeout)
    var input = session.input([], named: name)
    input.horizon = options.horizon
    input.assumptions = try options.assumptions(console)
    input.prune = false
    var failure: (any Error)?
    var touched: [String] = []
    var awaited: [Value] = []
    var writes = false
    let outcome = Planner.run(input) { pass in
      let before = pass.server.resourceVersion
      let verb = Verb(pass, arguments, console)
      do { try perform(verb) } catch { failure = verb.note(error) }
      for text in pass.server.drainWarnings() { console.warn("Warning: \(text)") }
      if let error = KubectlError.of(verb.errors) { failure = failure ?? error }
      writes = verb.dryRun == .none && (failure == nil || pass.server.resourceVersion != before)
      pass.settles = writes
      pass.onEvents = nil
      touched = verb.touched
      awaited = verb.awaited
    }
    for object in awaited {
      guard let left = outcome.store.get(ObjectKey(of: object)), left.uid == object.uid else { continue }
      let finalizers = left.metadata[.finalizers].items.compactMap(\.string).joined(separator: ", ")
      let why = finalizers.isEmpty ? "" : ", held by the finalizers \(finalizers)"
      console.warn("\(left.kindName) \"\(left.name)\" is still there when the pass ends\(why)")
    }
    if writes {
      try session.commit(outcome, command: Self.note(name, touched))
    }
    if let error = failure as? KubectlError {
      console.warn(error.text)
      return .failure
    }
    if let failure { throw failure }
    return .success
  }

  /// The audit line of the commit: the verb and what it changed.
  static func note(_ name: String, _ touched: [String]) -> String {
    let shown = touched.prefix(3).joined(separator: ", ")
    let rest = touched.count > 3 ? " and \(touched.count - 3) more" : ""
    return touched.isEmpty ? name : "\(name) \(shown)\(rest)"
  }
}
