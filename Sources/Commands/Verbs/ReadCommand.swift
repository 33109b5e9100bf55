import APIMachinery
import Kubectl
import Planner

/// A verb of kubectl that only reads the stored objects.
protocol ReadCommand: Command {
  static var flags: [Option] { get }
  /// Whether virtual time may pass for it, over an overlay that is thrown away.
  static var takesTime: Bool { get }
  func perform(_ verb: Verb) throws
}

extension ReadCommand {
  static var takesTime: Bool { false }

  static var options: [Option] {
    // All take the flags of time, so that one set of words fits every verb.
    let names = ["state", "now", "horizon", "assume", "namespace"]
    return flags
      + VerbFlags.pass.filter { shared in
        names.contains(shared.name) && !flags.contains { $0.name == shared.name }
      }
  }

  func run(_ arguments: Arguments, _ console: Console) throws -> ExitStatus {
    let options = try PassOptions(arguments, console, manifestsFromWords: false)
    let session = try StateSession.open(options.statePath, now: options.now)
    var failure: (any Error)?
    func read(_ pass: VerbPass) {
      pass.settles = false
      let verb = Verb(pass, arguments, console)
      do { try perform(verb) } catch { failure = verb.note(error) }
      failure = failure ?? KubectlError.of(verb.errors)
    }
    if Self.takesTime {
      var input = session.input([], named: Self.name)
      input.horizon = options.horizon
      input.assumptions = try options.assumptions(console)
      input.prune = false
      _ = Planner.run(input, verb: read)
    } else {
      read(VerbPass(reading: session.store, now: session.now))
    }
    if let error = failure as? KubectlError {
      console.warn(error.text)
      return .failure
    }
    if let failure { throw failure }
    return .success
  }
}
