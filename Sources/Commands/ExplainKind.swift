import API
import APIMachinery
import Planner

/// `explain KIND[.path]`: what the schema says of a kind or of one of its fields.
enum ExplainKind {
  static let options = [
    Option("state", value: "DIR", "the state store, for custom kinds (default state)"),
    Option("recursive", "the fields of the fields too"),
    Option("api-version", value: "GROUP/VERSION", "a version that is not the preferred one"),
  ]

  static func run(_ arguments: Arguments, _ console: Console) throws -> ExitStatus {
    guard arguments.positional.count == 1 else {
      throw Arguments.UsageError(message: "name one kind, for example deployment.spec")
    }
    let session = try StateSession.open(arguments.string("state") ?? "state", now: nil)
    let scheme = Planner.scheme(for: session.store)
    let words = arguments.positional[0].split(separator: ".", omittingEmptySubsequences: false).map(
      String.init)
    guard let (info, path) = Self.find(words, scheme) else {
      throw CommandFailure(code: "unknown-kind", "the server doesn't have a resource type \"\(words[0])\"")
    }
    var version = info.gvk.version
    if let given = arguments.string("api-version") {
      version = given.split(separator: "/").last.map(String.init) ?? given
      guard given == (info.group.isEmpty ? version : "\(info.group)/\(version)"),
        info.versions.contains(version)
      else {
        throw CommandFailure(
          code: "unknown-kind", "couldn't find resource for \"\(given), Kind=\(info.kind)\"")
      }
    }
    guard let type = info.type(version: version) else {
      throw CommandFailure(code: "unknown-kind", "nothing is known of the fields of \(info.kind)")
    }
    var explanation = SchemaExplanation(info, version: version, isRecursive: arguments.flag("recursive"))
    if let missing = explanation.write(type, path) {
      throw CommandFailure(code: "unknown-field", "field \"\(missing)\" does not exist")
    }
    for line in explanation.lines { console.print(line) }
    return .success
  }

  /// The kind that the first words name, in any spelling, and the fields after it.
  private static func find(_ words: [String], _ scheme: Scheme) -> (KindInfo, [String])? {
    for count in 1...words.count {
      let name = words[..<count].joined(separator: ".")
      if let info = scheme.info(named: name) { return (info, Array(words[count...])) }
    }
    return nil
  }
}
