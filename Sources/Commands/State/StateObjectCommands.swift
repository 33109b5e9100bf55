import API
import APIMachinery
import Basics
import Planner
import Renderers
import Store

/// `state show KIND/ns/name`: one stored object.
struct StateShowCommand: Command {
  static let name = "state show"
  static let summary = "Print stored objects as they are"
  static let usage = "KIND/NAMESPACE/NAME…"
  static let options = [
    Option("state", value: "DIR", "the state store (default state)"),
    Option("output", short: "o", value: "FORMAT", "yaml (default) or json", choices: ["yaml", "json"]),
    Option("show-secrets", "print the values of Secrets"),
  ]

  func run(_ arguments: Arguments, _ console: Console) throws -> ExitStatus {
    let session = try StateSession.open(arguments.string("state") ?? "state", now: nil)
    let keys = try StateObject.keys(arguments, session)
    for (i, key) in keys.enumerated() {
      let stored = session.store.get(key) ?? .null
      let object = arguments.flag("show-secrets") ? stored : SecretMask.masked(stored)
      if arguments.string("output") == "json" {
        console.write(JSONPretty.bytes(object, indent: 4) + [0x0A])
      } else {
        if i > 0 { console.print("---") }
        console.write(Array(YAMLWriter.text(object).utf8))
      }
    }
    return .success
  }
}

/// `state rm KIND/ns/name`: forgets objects, without a pass: neither controllers nor finalizers have a say.
struct StateRemoveCommand: Command {
  static let name = "state rm"
  static let summary = "Forget stored objects, without a pass"
  static let usage = "KIND/NAMESPACE/NAME…"
  static let discussion = """
    Unlike `delete` nothing follows from it: what the object owns stays, and finalizers are not waited for. It is meant
    for repairs. The next apply makes an object of the manifests anew.
    """
  static let options = [
    Option("state", value: "DIR", "the state store (default state)"),
    Option("dry-run", "only say what would be forgotten"),
    Option("lock-timeout", value: "DURATION", "how long to wait for the state lock (default 0s)"),
  ]

  func run(_ arguments: Arguments, _ console: Console) throws -> ExitStatus {
    let session = try StateSession.open(
      arguments.string("state") ?? "state", now: nil, writing: true, command: "plimsoll state rm",
      timeout: try PassOptions.duration(arguments, "lock-timeout") ?? .zero)
    let keys = try StateObject.keys(arguments, session)
    let overlay = session.store.overlay()
    for key in keys {
      overlay.remove(key)
      console.print("Forgot \(key)\(arguments.flag("dry-run") ? " (dry run)" : "")")
    }
    if arguments.flag("dry-run") { return .success }
    var next = session.meta
    next.inventory.removeAll { keys.contains($0) }
    let names = keys.map { "\($0)" }
    try session.commit(
      overlay, next, scheme: Planner.scheme(for: session.store), command: VerbRun.note("state rm", names))
    return .success
  }
}

/// The words that name stored objects: `pod/shop/web-0`, `node/n1`.
enum StateObject {
  static func keys(_ arguments: Arguments, _ session: StateSession) throws -> [ObjectKey] {
    if arguments.positional.isEmpty {
      throw Arguments.UsageError(message: "name an object, for example deployment/shop/web or node/n1")
    }
    let scheme = Planner.scheme(for: session.store)
    return try arguments.positional.map { word in
      let parts = word.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
      guard let info = scheme.info(named: parts[0]) else {
        throw CommandFailure(code: "unknown-kind", "there is no kind \"\(parts[0])\"")
      }
      guard parts.count == (info.namespaced ? 3 : 2), !parts.contains("") else {
        throw Arguments.UsageError(
          message: "\"\(word)\": \(info.namespaced ? "KIND/NAMESPACE/NAME" : "KIND/NAME") is needed")
      }
      let key = ObjectKey(
        info.groupKind, namespace: info.namespaced ? parts[1] : "", name: parts[parts.count - 1])
      guard session.store.contains(key) else {
        throw CommandFailure(
          code: "not-found", APIError.notFound(info.resourceName, key.name.string).message,
          remedy: "`plimsoll state list` names all stored objects")
      }
      return key
    }
  }
}
