/// A compiled expression, as the rules of CRDs and of admission policies are written.
public struct CELProgram: Sendable {
  let root: CELNode

  /// Reads the expression; it is not checked against types.
  public init(_ source: String) throws(CELError) { root = try CELParser.parse(source) }

  /// The value of the expression.
  public func evaluate(_ variables: [(name: String, value: CELValue)]) throws(CELError) -> CELValue {
    var run = CELRun(variables)
    return try run.value(root)
  }

  /// Whether the expression holds; an expression of another type is an error.
  public func holds(_ variables: [(name: String, value: CELValue)]) throws(CELError) -> Bool {
    guard case .bool(let holds) = try evaluate(variables) else { throw .overload }
    return holds
  }

  /// Whether the expression mentions a variable, such as `oldSelf`.
  public func mentions(_ name: String) -> Bool { Self.mentions(root, name) }

  private static func mentions(_ node: CELNode, _ name: String) -> Bool {
    switch node {
    case .literal: false
    case .name(let given, _): given == name
    case .select(let inner, _, _, _), .presence(let inner, _): mentions(inner, name)
    case .index(let a, let b, _), .and(let a, let b), .or(let a, let b):
      mentions(a, name) || mentions(b, name)
    case .call(_, let target, let all, _):
      target.map { mentions($0, name) } == true || all.contains { mentions($0, name) }
    case .list(let all): all.contains { mentions($0, name) }
    case .map(let all), .object(_, let all): all.contains { mentions($0.0, name) || mentions($0.1, name) }
    case .choice(let a, let b, let c): mentions(a, name) || mentions(b, name) || mentions(c, name)
    case .macro(_, let target, _, let all): mentions(target, name) || all.contains { mentions($0, name) }
    }
  }
}

/// One evaluation. Its work is bounded, whatever the expression.
struct CELRun {
  private var variables: [(name: String, value: CELValue)]
  private var steps = 0
  private static let mostSteps = 1_000_000

  init(_ variables: [(name: String, value: CELValue)]) { self.variables = variables }

  mutating func value(_ node: CELNode) throws(CELError) -> CELValue {
    steps += 1
    if steps > Self.mostSteps { throw CELError("operation cancelled: actual cost limit exceeded") }
    switch node {
    case .literal(let value): return value
    case .name(let name, _):
      if let found = variables.last(where: { $0.name == name }) { return found.value }
      if CELFunctions.types.contains(name) { return .type(name == "map" || name == "list" ? name : name) }
      throw CELError("no such attribute(s): \(name)")
    case .select(let inner, let field, let isOptional, _):
      return try select(try value(inner), .string(field), isOptional: isOptional)
    case .presence(let inner, let field): return .bool(try has(try value(inner), field))
    case .index(let inner, let index, let isOptional):
      return try select(try value(inner), try value(index), isOptional: isOptional)
    case .call(let name, let target, let arguments, _): return try call(name, target, arguments)
    case .list(let items):
      var all: [CELValue] = []
      for item in items { all.append(try value(item)) }
      return .list(all)
    case .map(let entries), .object(_, let entries):
      var all: [(key: CELValue, value: CELValue)] = []
      for (key, entry) in entries { all.append((try value(key), try value(entry))) }
      return .map(all)
    case .and(let a, let b): return try logical(a, b, settledBy: false)
    case .or(let a, let b): return try logical(a, b, settledBy: true)
    case .choice(let condition, let yes, let no):
      guard case .bool(let holds) = try value(condition) else { throw .overload }
      return try value(holds ? yes : no)
    case .macro(let name, let target, let names, let bodies): return try macro(name, target, names, bodies)
    }
  }

  /// An error on one side does not matter if the other side settles the result.
  private mutating func logical(_ a: CELNode, _ b: CELNode, settledBy: Bool) throws(CELError) -> CELValue {
    var failure: CELError?
    for side in [a, b] {
      do throws(CELError) {
        guard case .bool(let holds) = try value(side) else { throw .overload }
        if holds == settledBy { return .bool(settledBy) }
      } catch { failure = failure ?? error }
    }
    if let failure { throw failure }
    return .bool(!settledBy)
  }

  private func select(_ target: CELValue, _ key: CELValue, isOptional: Bool) throws(CELError) -> CELValue {
    if case .optional(let inner) = target {
      guard let inner else { return .optional(nil) }
      return .optional(try? optionalEntry(inner, key))
    }
    if isOptional { return .optional(try? optionalEntry(target, key)) }
    return try optionalEntry(target, key)
  }

  private func optionalEntry(_ target: CELValue, _ key: CELValue) throws(CELError) -> CELValue {
    if case .list(let items) = target {
      guard let number = key.number, number == number.rounded() else { throw .overload }
      guard number >= 0, number < Double(items.count) else {
        throw CELError("index out of bounds: \(Int(clamping: Int64(max(min(number, 1e15), -1e15))))")
      }
      return items[Int(number)]
    }
    guard target.isMap else { throw .overload }
    if let found = target.entry(key) { return found }
    throw CELError("no such key: \(CELFunctions.text(key))")
  }

  private func has(_ target: CELValue, _ field: String) throws(CELError) -> Bool {
    if case .optional(let inner) = target { return inner?.entry(.string(field)) != nil }
    guard target.isMap else { throw .overload }
    return target.entry(.string(field)) != nil
  }

  private mutating func call(
    _ name: String, _ target: CELNode?, _ arguments: [CELNode]
  ) throws(CELError) -> CELValue {
    var values: [CELValue] = []
    if let target { values.append(try value(target)) }
    for argument in arguments { values.append(try value(argument)) }
    return try CELFunctions.call(name, values, isMethod: target != nil)
  }

  // MARK: - Macros

  private mutating func macro(
    _ name: String, _ target: CELNode, _ names: [String], _ bodies: [CELNode]
  ) throws(CELError) -> CELValue {
    let range = try value(target)
    let depth = variables.count
    defer { variables.removeLast(variables.count - depth) }
    if name == "bind" {
      variables.append((names[0], range))
      return try value(bodies[0])
    }
    guard let items = range.elements else { throw .overload }
    var failure: CELError?
    var found = 0
    var out: [CELValue] = []
    for (i, item) in items.enumerated() {
      variables.removeLast(variables.count - depth)
      bind(names, i, item, range)
      do throws(CELError) {
        if name == "map" {
          if bodies.count == 2 {
            guard case .bool(let keep) = try value(bodies[0]) else { throw .overload }
            if !keep { continue }
          }
          out.append(try value(bodies[bodies.count - 1]))
          continue
        }
        guard case .bool(let holds) = try value(bodies[0]) else { throw .overload }
        if name == "all" && !holds { return .bool(false) }
        if name == "exists" && holds { return .bool(true) }
        if holds {
          found += 1
          out.append(item)
        }
      } catch {
        if name != "all" && name != "exists" { throw error }
        failure = failure ?? error
      }
    }
    if let failure { throw failure }
    switch name {
    case "all": return .bool(true)
    case "exists": return .bool(false)
    case "exists_one", "existsOne": return .bool(found == 1)
    default: return .list(out)
    }
  }

  /// One variable takes the item or key; of two, the first takes position or key and the second the value.
  private mutating func bind(_ names: [String], _ i: Int, _ item: CELValue, _ range: CELValue) {
    guard names.count == 2 else { return variables.append((names[0], item)) }
    variables.append((names[0], range.isMap ? item : .int(i)))
    variables.append((names[1], range.isMap ? range.entry(item) ?? .null : item))
  }
}
