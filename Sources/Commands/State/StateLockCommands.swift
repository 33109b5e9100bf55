import Basics
import Store

/// `state lock`: nobody writes the state until `state unlock`.
struct StateLockCommand: Command {
  static let name = "state lock"
  static let summary = "Lock the state until it is unlocked"
  static let usage = ""
  static let options = [
    Option("state", value: "DIR", "the state store (default state)"),
    Option("reason", value: "TEXT", "told to those who find it locked"),
  ]

  func run(_ arguments: Arguments, _ console: Console) throws -> ExitStatus {
    let reason = arguments.string("reason").map { ": \($0)" } ?? ""
    let request = LockRequest(command: "plimsoll state lock\(reason)", now: StateSession.clock())
    try StateSession.directory(arguments, request.command) { directory throws(StateError) in
      try directory.hold(request)
    }
    console.print("The state is locked. `plimsoll state unlock` takes the lock away.")
    return .success
  }
}

/// `state unlock`: takes the lock of `state lock` away, whoever holds it.
struct StateUnlockCommand: Command {
  static let name = "state unlock"
  static let summary = "Take the lock of `state lock` away"
  static let usage = ""
  static let options = [Option("state", value: "DIR", "the state store (default state)")]

  func run(_ arguments: Arguments, _ console: Console) throws -> ExitStatus {
    let holder = try StateSession.directory(arguments, "plimsoll state unlock") {
      directory throws(StateError) in
      try directory.release()
    }
    guard let holder else {
      console.print("The state was not locked.")
      return .success
    }
    console.print("The state is unlocked. The lock was held by \(holder.command).")
    return .success
  }
}
