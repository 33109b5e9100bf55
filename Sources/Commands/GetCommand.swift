import API
import APIMachinery
import APIServer
import Basics
import Kubectl
import Planner
import Renderers

/// `get TYPE [NAME…]`: stored objects as kubectl prints them (`kubectl/pkg/cmd/get`).
struct GetCommand: ReadCommand {
  static let name = "get"
  static let summary = "Print stored objects as tables, names, YAML, JSON or by a template"
  static let usage = "(-f FILE | TYPE[/NAME] [NAME…])"
  static let flags =
    [
      Option(
        "output", short: "o", value: "FORMAT",
        "yaml, json, name, wide, jsonpath=…, custom-columns=TITLE:.path,…"),
      VerbFlags.allNamespaces,
      Option("field-selector", value: "LIST", "only objects whose fields are so, as in status.phase=Running"),
      Option("sort-by", value: "PATH", "the order, as in .metadata.name"),
      Option("show-labels", "a last column with the labels"),
      Option("label-columns", short: "L", value: "LIST", "a column for each of these labels", repeats: true),
      Option("show-kind", "name the kind with each name"), Option("no-headers", "leave the header out"),
      Option("ignore-not-found", "it is no error that an object is missing"),
      Option("show-secrets", "print the values of Secrets"),
    ] + VerbFlags.files + [VerbFlags.selector]

  func perform(_ verb: Verb) throws {
    let format = try GetFormat(verb.arguments.string("output"))
    var targets: [(info: KindInfo, object: Value)] = []
    for target in try verb.named(verb.arguments.positional, lists: true) {
      if let object = target.object {
        targets.append((target.info, object))
      } else if !verb.arguments.flag("ignore-not-found") {
        verb.fail(.api(.notFound(target.info.resourceName, target.key.name.string)))
      }
    }
    if let text = verb.arguments.string("field-selector") {
      let selector = try FieldSelector(text)
      targets.removeAll { !selector.matches($0.object) }
    }
    if let path = verb.arguments.string("sort-by") { try sort(&targets, path) }
    let words = verb.arguments.positional
    let isSingle = words.contains { $0.contains("/") } ? words.count == 1 : words.count == 2
    if targets.isEmpty {
      if format.isTable, verb.errors.isEmpty { tellEmpty(verb) }
      if format.isTable || isSingle { return }
    }
    let shown = targets.map { target in
      (
        info: target.info,
        object: verb.arguments.flag("show-secrets") ? target.object : SecretMask.masked(target.object)
      )
    }
    write(shown, format, single: isSingle && shown.count == 1, verb)
  }

  private func tellEmpty(_ verb: Verb) {
    let kinds = (try? ResourceArguments.kinds(verb.arguments.positional.first ?? "", verb.scheme)) ?? []
    let place =
      verb.arguments.flag("all-namespaces") || kinds.contains { !$0.namespaced }
      ? "" : " in \(verb.namespace) namespace."
    verb.warn("No resources found\(place)")
  }

  private func sort(_ targets: inout [(info: KindInfo, object: Value)], _ path: String) throws {
    let reader = try Self.path(path)
    let keyed = targets.enumerated().map { (key: reader.values($0.element.object).first, at: $0.offset) }
    let order = keyed.sorted { a, b in
      if let x = a.key?.double, let y = b.key?.double, x != y { return x < y }
      if let x = a.key?.string, let y = b.key?.string, x != y {
        return x.utf8.lexicographicallyPrecedes(y.utf8)
      }
      if (a.key == nil) != (b.key == nil) { return a.key == nil }
      return a.at < b.at
    }
    targets = order.map { targets[$0.at] }
  }

  static func path(_ text: String) throws -> JSONPath {
    do { return try JSONPath(column: text) } catch { throw KubectlError.client(error.message) }
  }

  private func write(
    _ targets: [(info: KindInfo, object: Value)], _ format: GetFormat, single: Bool, _ verb: Verb
  ) {
    let objects = targets.map(\.object)
    let list: Value =
      single
      ? objects[0]
      : ["apiVersion": "v1", "items": .array(objects), "kind": "List", "metadata": ["resourceVersion": ""]]
    switch format {
    case .json: verb.console.write(JSONPretty.bytes(list, indent: 4) + [0x0A])
    case .yaml: verb.console.write(Array(YAMLWriter.text(list).utf8))
    case .name: for object in objects { verb.console.print(verb.name(object)) }
    case .template(let path): verb.console.write(Array(path.text(list).utf8))
    case .columns(let columns):
      var table = Table(verb.arguments.flag("no-headers") ? [] : columns.map(\.title))
      for object in objects {
        table.rows.append(
          columns.map { column in
            let values = column.path.values(object).map { $0.string ?? CanonicalJSON.string($0) }
            return values.isEmpty ? "<none>" : values.joined(separator: ",")
          })
      }
      for line in table.lines() { verb.console.print(line) }
    case .table(let wide): GetTables(verb, wide: wide).write(targets)
    }
  }
}

/// What `-o` asks for.
enum GetFormat {
  case table(wide: Bool)
  case json, yaml, name
  case template(JSONPath)
  case columns([(title: String, path: JSONPath)])

  var isTable: Bool {
    switch self {
    case .table, .name: true
    default: false
    }
  }

  init(_ text: String?) throws {
    guard let text, !text.isEmpty else {
      self = .table(wide: false)
      return
    }
    let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
    switch (parts[0], parts.count > 1 ? parts[1] : nil) {
    case ("wide", nil): self = .table(wide: true)
    case ("json", nil): self = .json
    case ("yaml", nil): self = .yaml
    case ("name", nil): self = .name
    case ("jsonpath", let template?):
      do { self = .template(try JSONPath(template)) } catch {
        throw KubectlError.client("error parsing jsonpath \(template), \(error.message)")
      }
    case ("custom-columns", let spec?): self = .columns(try Self.columns(spec))
    default:
      throw KubectlError.client(
        "unable to match a printer suitable for the output format \"\(text)\", allowed formats are: "
          + "custom-columns,json,jsonpath,name,wide,yaml")
    }
  }

  /// `NAME:.metadata.name,IMAGES:.spec.containers[*].image`; a comma in brackets separates nothing.
  private static func columns(_ spec: String) throws -> [(title: String, path: JSONPath)] {
    var parts: [String] = [""]
    var depth = 0
    for c in spec {
      if c == "[" || c == "(" { depth += 1 }
      if c == "]" || c == ")" { depth -= 1 }
      if c == ",", depth == 0 { parts.append("") } else { parts[parts.count - 1].append(c) }
    }
    return try parts.map { part in
      guard let colon = part.firstIndex(of: ":") else {
        throw KubectlError.client(
          "unexpected custom-columns spec: \(part), expected <header>:<json-path-expr>")
      }
      let path = String(part[part.index(after: colon)...])
      return (String(part[..<colon]), try GetCommand.path(path))
    }
  }
}

/// `--field-selector`: fields that have, or have not, a value.
struct FieldSelector {
  private let requirements: [(path: [Key], value: String, equal: Bool)]

  init(_ text: String) throws {
    requirements = try text.split(separator: ",").map { part in
      let word = String(part)
      for (sign, equal) in [("!=", false), ("==", true), ("=", true)] {
        guard let range = word.firstRange(of: sign) else { continue }
        let path = word[..<range.lowerBound].split(separator: ".").map { Key(String($0)) }
        return (path, String(word[range.upperBound...]), equal)
      }
      throw KubectlError.client(
        "invalid selector: '\(text)'; can't understand '\(word)'")
    }
  }

  func matches(_ object: Value) -> Bool {
    requirements.allSatisfy { path, value, equal in
      let found = path.reduce(object) { $0[$1] }
      let text = found.isNull ? "" : found.string ?? CanonicalJSON.string(found)
      return (text == value) == equal
    }
  }
}

/// Tables, one for each kind.
struct GetTables {
  let verb: Verb
  let wide: Bool

  init(_ verb: Verb, wide: Bool) {
    self.verb = verb
    self.wide = wide
  }

  func write(_ targets: [(info: KindInfo, object: Value)]) {
    var groups: [(info: KindInfo, objects: [Value])] = []
    for (info, object) in targets {
      if groups.last?.info.groupKind == info.groupKind {
        groups[groups.count - 1].objects.append(object)
      } else {
        groups.append((info, [object]))
      }
    }
    let words = verb.arguments.positional

    let showsKind =
      verb.arguments.flag("show-kind") || groups.count > 1 || words.first == "all"
    for (i, group) in groups.enumerated() {
      if i > 0 { verb.console.print("") }
      write(group.info, group.objects, showsKind: showsKind)
    }
  }

  private func write(_ info: KindInfo, _ objects: [Value], showsKind: Bool) {
    let definition = verb.server.list(.customResourceDefinition, namespace: nil).first {
      info.isCustom && $0.name == info.resourceName
    }
    let columns = PrinterColumns.of(info, wide: wide, definition: definition)
    let withNamespace = verb.arguments.flag("all-namespaces") && info.namespaced
    let labels = verb.arguments.strings("label-columns").flatMap { $0.split(separator: ",").map(String.init) }
    var header = (withNamespace ? ["NAMESPACE"] : []) + columns.map(\.title)
    header += labels.map { ($0.split(separator: "/").last.map(String.init) ?? $0).uppercased() }
    if verb.arguments.flag("show-labels") { header.append("LABELS") }
    var table = Table(verb.arguments.flag("no-headers") ? [] : header)
    for object in objects {
      var row = columns.map { $0.value(object, verb.pass.now) }
      if showsKind, !row.isEmpty, columns[0].title == "NAME" { row[0] = "\(info.printedName)/\(row[0])" }
      if withNamespace { row.insert(object.namespace, at: 0) }
      row += labels.map { object.label(Key($0)) ?? "" }
      if verb.arguments.flag("show-labels") {
        let text = object.labels.fields.map { "\($0.key)=\($0.value.string ?? "")" }.joined(separator: ",")
        row.append(text.isEmpty ? "<none>" : text)
      }
      table.rows.append(row)
    }
    for line in table.lines() { verb.console.print(line) }
  }
}
