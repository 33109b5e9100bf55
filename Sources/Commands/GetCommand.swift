import API
import APIMachinery
import Basics
import Planner
import Renderers
import Store

/// `get KIND [NAME…]`: stored objects as kubectl prints them.
struct GetCommand: Command {
  static let name = "get"
  static let summary = "Print stored objects as tables, names, YAML or JSON"
  static let usage = "KIND[/NAME] [NAME…]"
  static let options = [
    Option("state", value: "DIR", "the state store (default state)"),
    Option("namespace", short: "n", value: "NAME", "the namespace (default default)"),
    Option("all-namespaces", short: "A", "objects of all namespaces"),
    Option("selector", short: "l", value: "SELECTOR", "only objects with such labels"),
    Option(
      "output", short: "o", value: "FORMAT", "yaml, json, name or wide",
      choices: ["yaml", "json", "name", "wide"]),
    Option("no-headers", "leave the header out"),
    Option("show-secrets", "print the values of Secrets"),
  ]

  func run(_ arguments: Arguments, _ console: Console) throws -> ExitStatus {
    guard let first = arguments.positional.first else {
      throw Arguments.UsageError(message: "name a kind, for example pods")
    }
    let session = try StateSession.open(arguments.string("state") ?? "state", now: nil)
    let scheme = Planner.scheme(for: session.store)
    var names = Array(arguments.positional.dropFirst())
    var selector: LabelSelector?
    if let text = arguments.string("selector") {
      switch LabelSelector.parse(text) {
      case .success(let parsed): selector = parsed
      case .failure(let error): throw Arguments.UsageError(message: "-l: \(error.message)")
      }
    }
    var words = first.split(separator: ",").map(String.init)
    if first == "all" {
      words = [
        "pods", "services", "daemonsets", "deployments", "replicasets", "statefulsets", "jobs", "cronjobs",
      ]
    }
    var failed = false
    var printed = 0
    for (position, word) in words.enumerated() {
      let parts = word.split(separator: "/", maxSplits: 1).map(String.init)
      if parts.count == 2 { names = [parts[1]] }
      guard let info = scheme.info(named: parts[0]) else {
        throw CommandFailure(code: "unknown-kind", "the server doesn't have a resource type \"\(parts[0])\"")
      }
      let (objects, missing) = find(info, names, selector, arguments, session)
      for name in missing { console.warn(APIError.notFound(info.resourceName, name).message) }
      failed = failed || !missing.isEmpty
      printed += objects.count
      if objects.isEmpty { continue }
      if words.count > 1 && position > 0 && !arguments.has("output") { console.print("") }
      show(
        objects, info, single: !names.isEmpty && objects.count == 1, many: words.count > 1, arguments,
        console, session.now)
    }
    if printed == 0 && !failed { console.warn("No resources found") }
    return failed ? .failure : .success
  }

  private func find(
    _ info: KindInfo, _ names: [String], _ selector: LabelSelector?, _ arguments: Arguments,
    _ session: StateSession
  ) -> ([Value], [String]) {
    let all = arguments.flag("all-namespaces") || !info.namespaced
    let namespace = Key(info.namespaced ? arguments.string("namespace") ?? "default" : "")
    if !names.isEmpty {
      var found: [Value] = []
      var missing: [String] = []
      for name in names {
        if let object = session.store.get(ObjectKey(info.groupKind, namespace, Key(name))) {
          found.append(object)
        } else {
          missing.append(name)
        }
      }
      return (found, missing)
    }
    let objects = session.store.list(info.groupKind, namespace: all ? nil : namespace)
    return (selector.map { s in objects.filter { s.matches(labels: $0.labels) } } ?? objects, [])
  }

  private func show(
    _ objects: [Value], _ info: KindInfo, single: Bool, many: Bool, _ arguments: Arguments,
    _ console: Console,
    _ now: Instant
  ) {
    let shown = arguments.flag("show-secrets") ? objects : objects.map { SecretMask.masked($0) }
    let list: Value =
      single
      ? shown[0] : ["apiVersion": "v1", "items": .array(shown), "kind": "List", "metadata": .emptyObject]
    let qualified = info.group.isEmpty ? info.singular : "\(info.singular).\(info.group)"
    switch arguments.string("output") {
    case "json": console.write(JSONPretty.bytes(list, indent: 4) + [0x0A])
    case "yaml": console.write(Array(YAMLWriter.text(list).utf8))
    case "name": for object in shown { console.print("\(qualified)/\(object.name)") }
    default:
      let columns = PrinterColumns.of(info, wide: arguments.string("output") == "wide")
      let withNamespace = arguments.flag("all-namespaces") && info.namespaced
      var table = Table(
        arguments.flag("no-headers") ? [] : (withNamespace ? ["NAMESPACE"] : []) + columns.map(\.title))
      for object in shown {
        var row = columns.map { $0.value(object, now) }
        if many && !row.isEmpty { row[0] = "\(qualified)/\(row[0])" }
        table.rows.append((withNamespace ? [object.namespace] : []) + row)
      }
      for line in table.lines() { console.print(line) }
    }
  }
}
