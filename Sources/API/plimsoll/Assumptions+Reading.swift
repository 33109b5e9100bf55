public import APIMachinery
public import Basics

extension Assumptions {
  /// A finding about the text of the assumptions: the path of the field and what is wrong.
  public struct Finding: Sendable, Equatable {
    public var path: String
    public var message: String
  }

  /// Whether the document is one of assumptions.
  public static func isAssumptions(_ document: Value) -> Bool {
    document.apiVersion == "plimsoll.dev/v1" && document.kindName == "Assumptions"
  }

  /// Reads a document; what it does not understand is told, never skipped silently.
  public static func read(_ document: Value) -> (Assumptions, [Finding]) {
    var reader = AssumptionsReader()
    reader.document(document)
    return (reader.result, reader.findings)
  }
}

extension Assumptions.Finding {
  /// As a diagnostic at `place`.
  public func diagnostic(at place: Place?) -> Diagnostic {
    Diagnostic(.error, "bad-assumption", "\(path): \(message)", at: place)
  }
}

private struct AssumptionsReader {
  var result = Assumptions()
  var findings: [Assumptions.Finding] = []

  mutating func document(_ document: Value) {
    known(document, ["apiVersion", "kind", "metadata", "nodes", "pods", "loadBalancers"], "")
    guard Assumptions.isAssumptions(document) else {
      wrong("kind", "is no Assumptions of plimsoll.dev/v1")
      return
    }
    for (i, entry) in list(document, "nodes").enumerated() { node(entry, "nodes[\(i)]") }
    for (i, entry) in list(document, "pods").enumerated() { pod(entry, "pods[\(i)]") }
    for (i, entry) in list(document, "loadBalancers").enumerated() {
      loadBalancer(entry, "loadBalancers[\(i)]")
    }
  }

  private mutating func node(_ entry: Value, _ path: String) {
    guard known(entry, ["name", "selector", "ready", "heartbeat", "pressure"], path) else { return }
    let name = string(entry, "name", path)
    let selector = entry.get(.selector).map { labels($0, path + ".selector") }
    if name == nil && selector == nil {
      wrong(path, "needs a name or a selector")
      return
    }
    result.nodes.append(
      .init(
        name: name.map { Key($0) }, selector: selector, ready: bool(entry, "ready", path),
        heartbeat: bool(entry, "heartbeat", path), pressure: pressure(entry, path)))
  }

  /// `pressure: [memory, disk]`.
  private mutating func pressure(_ entry: Value, _ path: String) -> [Assumptions.Pressure]? {
    guard let said = entry.get("pressure"), !said.isNull else { return nil }
    var all: [Assumptions.Pressure] = []
    for (i, item) in list(entry, "pressure").enumerated() {
      if let one = item.string.flatMap({ Assumptions.Pressure(rawValue: $0) }) {
        all.append(one)
      } else {
        wrong("\(path).pressure[\(i)]", "must be memory, disk or pid")
      }
    }
    return all
  }

  private mutating func pod(_ entry: Value, _ path: String) {
    let names = [
      "namespace", "selector", "image", "container", "ready", "exitCode", "runSeconds", "usage",
    ]
    guard known(entry, names, path) else { return }
    let selector = entry.get(.selector).map { labels($0, path + ".selector") } ?? .everything
    let usage = entry.get("usage")
    if let usage {
      for field in usage.fields where Quantity(field.value) == nil {
        wrong("\(path).usage.\(field.key)", "is no quantity")
      }
      if !usage.isObject { wrong(path + ".usage", "must be a map of quantities") }
    }
    result.pods.append(
      .init(
        namespace: Key(string(entry, "namespace", path) ?? "default"), selector: selector,
        image: string(entry, "image", path), container: string(entry, "container", path),
        ready: bool(entry, "ready", path), exitCode: int(entry, "exitCode", path, 0...255),
        runSeconds: int(entry, "runSeconds", path, 0...1_000_000_000), usage: usage))
  }

  /// `{class: x, addresses: [192.0.2.10, 192.0.2.0/28]}`; a block gives all but its first and last address.
  private mutating func loadBalancer(_ entry: Value, _ path: String) {
    guard known(entry, ["class", "addresses"], path) else { return }
    var addresses: [String] = []
    for (i, item) in list(entry, "addresses").enumerated() {
      let text = item.string ?? ""
      if let one = IPv4Block(text) {
        addresses += one.addresses
      } else {
        wrong("\(path).addresses[\(i)]", "is neither an IPv4 address nor a block such as 192.0.2.0/28")
      }
    }
    if addresses.isEmpty { wrong(path + ".addresses", "must give at least one address") }
    result.loadBalancers.append(.init(className: string(entry, "class", path), addresses: addresses))
  }

  @discardableResult
  private mutating func known(_ value: Value, _ names: [String], _ path: String) -> Bool {
    guard value.isObject else {
      wrong(path, "must be a map")
      return false
    }
    for field in value.fields where !names.contains(field.key.string) {
      let at = path.isEmpty ? field.key.string : "\(path).\(field.key)"
      wrong(at, "is not a field of Assumptions; known are \(names.joined(separator: ", "))")
    }
    return true
  }

  private mutating func list(_ value: Value, _ key: Key) -> Value.Items {
    if let list = value.get(key), !list.isArray, !list.isNull { wrong(key.string, "must be a list") }
    return value[key].items
  }

  private mutating func labels(_ value: Value, _ path: String) -> LabelSelector {
    if value.has(.matchLabels) || value.has(.matchExpressions) { return LabelSelector(value) }
    if !value.isObject { wrong(path, "must be a map of labels") }
    for field in value.fields where field.value.string == nil {
      wrong("\(path).\(field.key)", "must be a string")
    }
    return LabelSelector(matchLabels: value)
  }

  private mutating func string(_ value: Value, _ key: Key, _ path: String) -> String? {
    guard let field = value.get(key), !field.isNull else { return nil }
    if field.string == nil { wrong("\(path).\(key)", "must be a string") }
    return field.string
  }

  private mutating func bool(_ value: Value, _ key: Key, _ path: String) -> Bool? {
    guard let field = value.get(key), !field.isNull else { return nil }
    if field.bool == nil { wrong("\(path).\(key)", "must be true or false") }
    return field.bool
  }

  private mutating func int(
    _ value: Value, _ key: Key, _ path: String, _ range: ClosedRange<Int>
  ) -> Int? {
    guard let field = value.get(key), !field.isNull else { return nil }
    guard let n = field.int, range.contains(n) else {
      wrong("\(path).\(key)", "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
      return nil
    }
    return n
  }

  private mutating func wrong(_ path: String, _ message: String) {
    findings.append(.init(path: path, message: message))
  }
}

/// An IPv4 address, or a block of at most 4096 of them.
private struct IPv4Block {
  var addresses: [String]

  init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    let bytes = parts[0].split(separator: ".", omittingEmptySubsequences: false).map { UInt32($0) ?? 256 }
    guard parts.count <= 2, bytes.count == 4, bytes.allSatisfy({ $0 < 256 }) else { return nil }
    let base = bytes.reduce(0) { $0 << 8 | $1 }
    guard parts.count == 2 else {
      addresses = [Self.text(base)]
      return
    }
    guard let length = UInt32(parts[1]), (20...30).contains(length) else { return nil }
    let size = UInt32(1) << (32 - length)
    let first = base & ~(size - 1)
    addresses = (1..<size - 1).map { Self.text(first + $0) }
  }

  private static func text(_ address: UInt32) -> String {
    "\(address >> 24).\(address >> 16 & 255).\(address >> 8 & 255).\(address & 255)"
  }
}
