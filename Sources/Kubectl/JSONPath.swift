public import APIMachinery

/// kubectl's JSONPath templates (`client-go/util/jsonpath`): text with `{…}` in it, where an expression picks values:
/// `.a.b`, `['a']`, `[0]`, `[-1:]`, `[*]`, `..a`, `[?(@.a=="b")]`, `range … end` and quoted text.
public struct JSONPath: Sendable {
  public struct SyntaxError: Error, Hashable, Sendable {
    public var message: String
  }

  indirect enum Node: Sendable {
    case text(String)
    case path([Step])
    case range([Step], [Node])
  }

  enum Step: Sendable {
    case field(String)
    case wildcard
    case recursive
    /// From, to and step, any of them open; a single index is from and one more.
    case slice(Int?, Int?, Int)
    case index(Int)
    case union([Step])
    case filter([Step], String, Operand)
  }

  enum Operand: Sendable {
    case none
    case value(Value)
    case path([Step])
  }

  let nodes: [Node]

  /// Reads a template.
  public init(_ template: String) throws(SyntaxError) {
    var reader = JSONPathReader(template)
    nodes = try reader.template(untilEnd: false)
  }

  /// Reads a path as columns have it: `.metadata.name`, with or without braces and the leading dot.
  public init(column text: String) throws(SyntaxError) {
    var path = text
    if path.hasPrefix("{"), path.hasSuffix("}") { path = String(path.dropFirst().dropLast()) }
    if !path.hasPrefix("."), !path.hasPrefix("["), !path.hasPrefix("$"), !path.hasPrefix("@") {
      path = "." + path
    }
    try self.init("{\(path)}")
  }

  /// The text of the template for a value; several values of one expression are told with a space between them.
  public func text(_ root: Value) -> String { Self.text(nodes, root, root) }

  /// The values that the first expression picks.
  public func values(_ root: Value) -> [Value] {
    for node in nodes { if case .path(let steps) = node { return Self.find(steps, root, root) } }
    return []
  }

  private static func text(_ nodes: [Node], _ root: Value, _ current: Value) -> String {
    var out = ""
    for node in nodes {
      switch node {
      case .text(let text): out += text
      case .path(let steps): out += find(steps, current, root).map(scalar).joined(separator: " ")
      case .range(let steps, let body):
        for item in find(steps, current, root) { out += text(body, root, item) }
      }
    }
    return out
  }

  /// A string as it is, anything else as JSON.
  static func scalar(_ value: Value) -> String { value.string ?? CanonicalJSON.string(value) }

  // MARK: Finding

  static func find(_ steps: [Step], _ start: Value, _ root: Value) -> [Value] {
    var found = [start]
    var descends = false
    for step in steps {
      if case .recursive = step {
        descends = true
        continue
      }
      if descends { found = found.flatMap { everything(below: $0) } }
      descends = false
      found = found.flatMap { take(step, $0, root) }
    }
    return found
  }

  private static func everything(below value: Value) -> [Value] {
    [value] + value.items.flatMap { everything(below: $0) }
      + value.fields.flatMap { everything(below: $0.value) }
  }

  private static func take(_ step: Step, _ value: Value, _ root: Value) -> [Value] {
    switch step {
    case .field(let name): return value.get(Key(name)).map { [$0] } ?? []
    case .wildcard: return value.isArray ? Array(value.items) : value.fields.map(\.value)
    case .recursive: return [value]
    case .index(let i):
      let at = i < 0 ? value.count + i : i
      return value.isArray && at >= 0 && at < value.count ? [value[at]] : []
    case .slice(let from, let to, let by): return slice(value, from, to, by)
    case .union(let steps): return steps.flatMap { take($0, value, root) }
    case .filter(let left, let op, let right):
      let items = value.isArray ? Array(value.items) : value.fields.map(\.value)
      return items.filter { holds($0, left, op, right, root) }
    }
  }

  private static func slice(_ value: Value, _ from: Int?, _ to: Int?, _ by: Int) -> [Value] {
    guard value.isArray, by > 0 else { return [] }
    func place(_ i: Int) -> Int { max(0, min(value.count, i < 0 ? value.count + i : i)) }
    let (low, high) = (place(from ?? 0), place(to ?? value.count))
    return low < high ? stride(from: low, to: high, by: by).map { value[$0] } : []
  }

  private static func holds(
    _ item: Value, _ left: [Step], _ op: String, _ right: Operand, _ root: Value
  ) -> Bool {
    guard let a = find(left, item, root).first else { return false }
    let b: Value
    switch right {
    case .none: return true
    case .value(let value): b = value
    case .path(let steps):
      guard let found = find(steps, item, root).first else { return false }
      b = found
    }
    if op == "==" { return a == b }
    if op == "!=" { return a != b }
    let order: Int
    if let x = a.double, let y = b.double {
      order = x < y ? -1 : x > y ? 1 : 0
    } else if let x = a.string, let y = b.string {
      order = x == y ? 0 : x.utf8.lexicographicallyPrecedes(y.utf8) ? -1 : 1
    } else {
      return false
    }
    switch op {
    case "<": return order < 0
    case "<=": return order <= 0
    case ">": return order > 0
    default: return order >= 0
    }
  }
}
