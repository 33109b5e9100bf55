import APIMachinery
import Kubectl
import Planner

/// A verb of kubectl that only reads: it may let virtual time pass over an overlay, and nothing is written.
protocol ReadCommand: Command {
  static var flags: [Option] { get }
  func perform(_ verb: Verb) throws
}

extension ReadCommand {
  static var options: [Option] {
    flags
      + VerbFlags.pass.filter { shared in
        !["dry-run", "output", "lock-timeout"].contains(shared.name)
          && !flags.contains { $0.name == shared.name }
      }
  }

  func run(_ arguments: Arguments, _ console: Console) throws -> ExitStatus {
    let options = try PassOptions(arguments, console, manifestsFromWords: false)
    let session = try StateSession.open(options.statePath, now: options.now)
    var input = session.input([], named: Self.name)
    input.horizon = options.horizon
    input.assumptions = try options.assumptions(console)
    input.prune = false
    var failure: (any Error)?
    _ = Planner.run(input) { pass in
      pass.settles = false
      let verb = Verb(pass, arguments, console)
      do { try perform(verb) } catch { failure = verb.note(error) }
      failure = failure ?? KubectlError.of(verb.errors)
    }
    if let error = failure as? KubectlError {
      console.warn(error.text)
      return .failure
    }
    if let failure { throw failure }
    return .success
  }
}
