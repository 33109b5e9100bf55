import API
import APIMachinery
import APIServer
import Basics
import Kubectl
import Planner
import Renderers

/// What a verb works with while it is performed: its words, the server, and where its lines go.
final class Verb {
  enum DryRun: String { case none, client, server }

  let pass: VerbPass
  let arguments: Arguments
  let console: Console
  let dryRun: DryRun
  /// `-n`, else `default`.
  let namespace: String
  /// What went wrong so far; the verb goes on with the next object.
  private(set) var errors: [KubectlError] = []
  /// The objects that it changed, `pod/a`, in order.
  private(set) var touched: [String] = []
  /// Deleted objects that kubectl would wait for.
  var awaited: [Value] = []
  var server: APIServer { pass.server }
  var scheme: Scheme { pass.server.scheme }

  init(_ pass: VerbPass, _ arguments: Arguments, _ console: Console) {
    self.pass = pass
    self.arguments = arguments
    self.console = console
    dryRun = DryRun(rawValue: arguments.string("dry-run") ?? "none") ?? .none
    namespace = arguments.string("namespace") ?? "default"
  }

  func fail(_ error: KubectlError) { errors.append(error) }

  /// Runs `body` for each; what it throws is noted and the next one has its turn.
  func each<T>(_ items: [T], _ body: (T) throws -> Void) throws {
    for item in items {
      do { try body(item) } catch { if let other = note(error) { throw other } }
    }
  }

  /// Notes a refusal of the API or of kubectl; any other error comes back.
  func note(_ error: any Error) -> (any Error)? {
    switch error {
    case let error as APIError: fail(.api(error))
    case let error as KubectlError: fail(error)
    default: return error
    }
    return nil
  }

  /// `deployment.apps/web`.
  func name(_ object: Value) -> String {
    let info = scheme.info(ObjectKey(of: object).kind)
    return "\(info?.printedName ?? object.kindName.lowercased())/\(object.name)"
  }

  /// `deployment.apps/web scaled`, or the object as `-o` asks.
  func done(_ object: Value, _ operation: String) {
    touched.append(name(object))
    show(object, operation)
  }

  /// Notes for the audit line that the object was changed.
  func note(_ object: Value) { touched.append(name(object)) }

  func show(_ object: Value, _ operation: String) {
    switch arguments.string("output") {
    case "name": console.print(name(object))
    case "yaml":
      console.write(Array(YAMLWriter.text(SecretMask.masked(object)).utf8))
    case "json": console.write(JSONPretty.bytes(SecretMask.masked(object), indent: 4) + [0x0A])
    default: console.print("\(name(object)) \(operation)\(suffix)")
    }
  }

  /// ` (dry run)` where nothing is written.
  var suffix: String {
    switch dryRun {
    case .none: ""
    case .client: " (dry run)"
    case .server: " (server dry run)"
    }
  }

  /// Writes a line on standard error.
  func warn(_ text: String) { console.warn(text) }
}
