import APIMachinery
import Store

/// `export`: every stored object as one v1 List.
struct ExportCommand: Command {
  static let name = "export"
  static let summary = "Print every stored object as one v1 List"
  static let usage = ""
  static let discussion = "Secrets are printed with their values: the list can be imported again."
  static let options = [Option("state", value: "DIR", "the state store (default state)")]

  func run(_ arguments: Arguments, _ console: Console) throws -> ExitStatus {
    let session = try StateSession.open(arguments.string("state") ?? "state", now: nil)
    console.write(Array("{\"apiVersion\":\"v1\",\"items\":[".utf8))
    var first = true
    for kind in session.store.kinds {
      for object in session.store.list(kind, namespace: nil) {
        console.write(Array((first ? "\n" : ",\n").utf8) + CanonicalJSON.bytes(object))
        first = false
      }
    }
    console.write(Array("\n],\"kind\":\"List\",\"metadata\":{}}\n".utf8))
    return .success
  }
}
