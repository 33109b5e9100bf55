/// A number from a range; what passes 64 bits stays at the largest.
struct CELRange {
  var low: UInt64
  var high: UInt64

  init(_ low: UInt64, _ high: UInt64) {
    self.low = low
    self.high = high
  }

  static let one = CELRange(1, 1)
  static let zero = CELRange(0, 0)
  static let any = CELRange(0, .max)

  static func + (a: CELRange, b: CELRange) -> CELRange {
    CELRange(sum(a.low, b.low), sum(a.high, b.high))
  }
  static func * (a: CELRange, b: CELRange) -> CELRange {
    CELRange(product(a.low, b.low), product(a.high, b.high))
  }
  func times(_ factor: Double) -> CELRange {
    func part(_ n: UInt64) -> UInt64 {
      let product = (Double(n) * factor).rounded(.up)
      return product >= 18_446_744_073_709_551_616 ? .max : UInt64(product)
    }
    return CELRange(part(low), part(high))
  }
  func union(_ other: CELRange) -> CELRange {
    CELRange(Swift.min(low, other.low), Swift.max(high, other.high))
  }

  static func sum(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let (result, overflow) = a.addingReportingOverflow(b)
    return overflow ? .max : result
  }
  static func product(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let (result, overflow) = a.multipliedReportingOverflow(by: b)
    return overflow ? .max : result
  }
}

/// The estimated cost of an expression before it ever runs (`cel-go/checker/cost.go` with the functions of
/// `apiserver/pkg/cel/library/cost.go`).
struct CELCost {
  /// What is known of a part of an expression.
  struct Estimate {
    var cost: CELRange
    var kind: CELCostType.Kind
    /// The place in the schema that the part reads.
    var type: CELCostType?
    /// A size that follows from the expression itself.
    var size: CELRange?
    /// What a list made by the expression holds.
    var element: CELCostType?

    init(
      _ cost: CELRange, _ kind: CELCostType.Kind, type: CELCostType? = nil, size: CELRange? = nil,
      element: CELCostType? = nil
    ) {
      self.cost = cost
      self.kind = kind
      self.type = type
      self.size = size
      self.element = element
    }

    var measured: CELRange {
      if let size { return size }
      if let type { return CELRange(0, type.most) }
      return kind == .scalar ? .one : .any
    }
    var items: CELCostType? { type?.element ?? element }
  }

  private var variables: [(name: String, value: Estimate)] = []
  private static let traversal = 0.1
  private static let expression = 0.25

  /// The most that the expression can cost with `self` of this type.
  static func most(_ node: CELNode, type: CELCostType?) -> UInt64 {
    var walk = CELCost()
    let own = Estimate(.one, type?.kind ?? .dyn, type: type)
    walk.variables = [("self", own), ("oldSelf", own)]
    return walk.estimate(node).cost.high
  }

  mutating func estimate(_ node: CELNode) -> Estimate {
    switch node {
    case .literal(let value): return literal(value)
    case .name(let name, _):
      return variables.last { $0.name == name }?.value ?? Estimate(.one, .dyn)
    case .select(let inner, let field, let isOptional, _): return select(estimate(inner), field, isOptional)
    case .presence(let inner, _): return Estimate(estimate(inner).cost, .scalar)
    case .index(let inner, let index, _):
      let (target, key) = (estimate(inner), estimate(index))
      return part(target, target.cost + key.cost + .one)
    case .call(let name, let target, let arguments, _): return call(name, target, arguments)
    case .list(let items):
      let parts = items.map { estimate($0) }
      let size = CELRange(UInt64(parts.count), UInt64(parts.count))
      return Estimate(
        parts.reduce(CELRange(10, 10)) { $0 + $1.cost }, .list, size: size, element: parts.first?.type)
    case .map(let entries): return record(entries, 30)
    case .object(_, let entries): return record(entries, 40)
    case .and(let a, let b), .or(let a, let b):
      let (left, right) = (estimate(a), estimate(b))
      return Estimate(CELRange(left.cost.low, (left.cost + right.cost).high), .scalar)
    case .choice(let condition, let yes, let no):
      let (first, a, b) = (estimate(condition), estimate(yes), estimate(no))
      return Estimate(
        first.cost + a.cost.union(b.cost), a.kind, size: a.measured.union(b.measured), element: a.items)
    case .macro(let name, let target, let names, let bodies): return macro(name, target, names, bodies)
    }
  }

  private func literal(_ value: CELValue) -> Estimate {
    switch value {
    case .string(let text):
      let count = UInt64(text.unicodeScalars.count)
      return Estimate(.zero, .string, size: CELRange(count, count))
    case .bytes(let bytes):
      return Estimate(.zero, .bytes, size: CELRange(UInt64(bytes.count), UInt64(bytes.count)))
    default: return Estimate(.zero, .scalar, size: .one)
    }
  }

  private mutating func record(_ entries: [(CELNode, CELNode)], _ base: UInt64) -> Estimate {
    var cost = CELRange(base, base)
    for (key, value) in entries { cost = cost + estimate(key).cost + estimate(value).cost }
    return Estimate(cost, .map, size: CELRange(UInt64(entries.count), UInt64(entries.count)))
  }

  private func select(_ target: Estimate, _ field: String, _ isOptional: Bool) -> Estimate {
    let isStruct = target.kind == .map || target.kind == .object || target.kind == .dyn
    let cost = target.cost + (isStruct || isOptional ? .one : .zero)
    let inner = target.type.flatMap { $0.kind == .map ? $0.element : $0.fields[field] }
    return Estimate(cost, inner?.kind ?? .dyn, type: inner)
  }

  /// An item of a list or a value of a map.
  private func part(_ target: Estimate, _ cost: CELRange) -> Estimate {
    Estimate(cost, target.items?.kind ?? .dyn, type: target.items)
  }

  // MARK: - Calls

  private mutating func call(_ name: String, _ target: CELNode?, _ arguments: [CELNode]) -> Estimate {
    let own = target.map { estimate($0) }
    let given = arguments.map { estimate($0) }
    let paid = given.reduce(own?.cost ?? .zero) { $0 + $1.cost }
    let made = result(name, own, given)
    return Estimate(paid + made.cost, made.kind, type: made.type, size: made.size, element: made.element)
  }

  /// The call alone, without what its target and arguments cost.
  private func result(_ name: String, _ target: Estimate?, _ given: [Estimate]) -> Estimate {
    switch (name, given.count) {
    case ("==", 2), ("!=", 2), ("<", 2), ("<=", 2), (">", 2), (">=", 2):
      return Estimate(comparison(name, given[0], given[1]), .scalar)
    case ("in", 2):
      let isMap = given[1].kind == .map || given[1].kind == .object
      return Estimate(isMap ? .one : given[1].measured.times(1), .scalar)
    case ("+", 2): return addition(given[0], given[1])
    case ("-", 2), ("*", 2), ("/", 2), ("%", 2), ("neg", 1): return Estimate(.one, .scalar)
    default: break
    }
    if let made = texts(name, target, given) { return made }
    if let made = lists(name, target, given) { return made }
    return Estimate(.one, kind(name))
  }

  /// The kind of what other functions give.
  private func kind(_ name: String) -> CELCostType.Kind {
    switch name {
    case "string", "getHost", "getHostname", "getEscapedPath", "getScheme", "getPort", "charAt": .string
    case "optional.of", "optional.none", "optional.ofNonZeroValue", "orValue", "value", "or", "dyn",
      "quantity", "url", "ip", "cidr", "semver", "type":
      .dyn
    default: .scalar
    }
  }

  private func comparison(_ name: String, _ a: Estimate, _ b: Estimate) -> CELRange {
    if name != "==", name != "!=", a.kind == .scalar || b.kind == .scalar { return .one }
    let most = Swift.min(a.measured.high, b.measured.high)
    return CELRange(most > 0 ? 1 : 0, most).times(Self.traversal)
  }

  private func addition(_ a: Estimate, _ b: Estimate) -> Estimate {
    let size = a.measured + b.measured
    if a.kind == .list || b.kind == .list {
      return Estimate(.one, .list, size: size, element: a.items ?? b.items)
    }
    if a.kind == .string || b.kind == .string || a.kind == .bytes || b.kind == .bytes {
      return Estimate(size.times(Self.traversal), a.kind == .bytes ? .bytes : .string, size: size)
    }
    return Estimate(.one, .scalar)
  }

  private func texts(_ name: String, _ target: Estimate?, _ given: [Estimate]) -> Estimate? {
    switch name {
    case "startsWith", "endsWith":
      return given.first.map { Estimate($0.measured.times(Self.traversal), .scalar) }
    case "contains":
      guard let target, let part = given.first, target.kind != .dyn || part.kind == .string else {
        return nil
      }
      return Estimate(
        target.measured.times(Self.traversal) * part.measured.times(Self.traversal), .scalar)
    case "matches", "find", "findAll":
      guard let target, let pattern = given.first else { return nil }
      let cost =
        (target.measured + .one).times(Self.traversal) * pattern.measured.times(Self.expression)
      if name == "matches" { return Estimate(cost, .scalar) }
      return Estimate(cost, name == "find" ? .string : .list, size: target.measured)
    case "lowerAscii", "upperAscii", "substring", "trim":
      return target.map { Estimate($0.measured.times(Self.traversal), .string, size: $0.measured) }
    case "split":
      return target.map {
        Estimate(
          $0.measured.times(Self.traversal), .list, size: CELRange(0, $0.measured.high),
          element: CELCostType.text)
      }
    case "replace": return target.map { replacement($0, given) }
    case "bytes":
      return given.first.map {
        Estimate(
          $0.measured.times(Self.traversal), .bytes,
          size: CELRange($0.measured.low, CELRange.product($0.measured.high, 4)))
      }
    case "string" where given.first?.kind == .bytes:
      return given.first.map { Estimate($0.measured.times(Self.traversal), .string, size: $0.measured) }
    case "url", "isURL", "quantity", "isQuantity", "ip", "isIP", "cidr", "isCIDR", "semver", "isSemver",
      "ip.isCanonical":
      let isTest = name.hasPrefix("is") || name.contains(".")
      return given.first.map { Estimate($0.measured.times(Self.traversal), isTest ? .scalar : .dyn) }
    default: return nil
    }
  }

  /// The longest result of replacing.
  private func replacement(_ target: Estimate, _ given: [Estimate]) -> Estimate {
    let size = target.measured
    var longest = size.high
    if given.count >= 2 {
      let (old, new) = (given[0].measured, given[1].measured)
      if old.low == 0 {
        longest = CELRange.sum(CELRange.product(CELRange.sum(size.high, 1), new.high), size.high)
      } else if new.high > old.low {
        longest = CELRange.product(CELRange(0, size.high).times(1 / Double(old.low)).high, new.high)
      }
    }
    return Estimate(size.times(2 * Self.traversal), .string, size: CELRange(0, longest))
  }

  private func lists(_ name: String, _ target: Estimate?, _ given: [Estimate]) -> Estimate? {
    switch name {
    case "isSorted", "sum", "max", "min", "indexOf", "lastIndexOf":
      guard let target else { return nil }
      if target.kind == .string { return Estimate(target.measured.times(Self.traversal), .scalar) }
      var each = CELRange.one
      if let item = target.items, item.kind == .string || item.kind == .bytes {
        each = each + CELRange(0, item.most).times(Self.traversal)
      }
      return Estimate(target.measured * each, target.items?.kind ?? .scalar)
    case "sets.contains", "sets.intersects", "sets.equivalent":
      guard given.count == 2 else { return nil }
      let both = given[0].measured * given[1].measured
      return Estimate((name == "sets.equivalent" ? both + both : both) + .one, .scalar)
    case "join":
      guard let target else { return nil }
      let item = target.items.map { CELRange(0, $0.most) } ?? .any
      let size = target.measured * item + target.measured * (given.first?.measured ?? .zero)
      return Estimate(size.times(Self.traversal), .string, size: size)
    case "flatten", "distinct", "reverse", "sort", "slice":
      return target.map { Estimate(.one, .list, size: $0.measured, element: $0.items) }
    default: return nil
    }
  }

  // MARK: - Macros

  private mutating func macro(_ name: String, _ target: CELNode, _ names: [String], _ bodies: [CELNode])
    -> Estimate
  {
    let range = estimate(target)
    let depth = variables.count
    defer { variables.removeLast(variables.count - depth) }
    if name == "bind" {
      variables.append((names[0], Estimate(.one, range.kind, type: range.type, size: range.size)))
      let body = estimate(bodies[0])
      var whole = body
      whole.cost = body.cost + range.cost + CELRange(10, 10)
      return whole
    }
    bind(names, range)
    let parts = bodies.map { estimate($0) }
    let body = parts.last ?? Estimate(.zero, .scalar)
    let each: CELRange
    let rest: CELRange
    switch name {
    case "all": (each, rest) = (CELRange(3, 3) + body.cost, .one)
    case "exists": (each, rest) = (CELRange(4, 4) + body.cost, .one)
    case "exists_one", "existsOne": (each, rest) = (body.cost + CELRange(1, 2), CELRange(2, 2))
    case "filter": (each, rest) = (body.cost + CELRange(1, 13), CELRange(11, 11))
    default:
      let condition = parts.count == 2 ? parts[0].cost : .zero
      (each, rest) = (condition + body.cost + CELRange(12, 12), CELRange(11, 11))
    }
    let cost = range.cost + rest + range.measured * each
    switch name {
    case "filter": return Estimate(cost, .list, size: range.measured, element: range.items)
    case "map": return Estimate(cost, .list, size: range.measured, element: body.type)
    default: return Estimate(cost, .scalar)
    }
  }

  private mutating func bind(_ names: [String], _ range: Estimate) {
    let value = Estimate(.one, range.items?.kind ?? .dyn, type: range.items)
    let isMap = range.kind == .map || range.kind == .object
    let key = isMap ? Estimate(.one, .string, type: CELCostType.key) : value
    if names.count == 2 {
      variables.append((names[0], isMap ? key : Estimate(.one, .scalar)))
      variables.append((names[1], value))
    } else if let name = names.first {
      variables.append((name, key))
    }
  }
}

/// The costs of all rules of a definition's schema against what the API server allows
/// (`apiextensions/validation`, StaticEstimatedCostLimit and StaticEstimatedCRDCostLimit).
public struct CELBudget: Sendable {
  private static let ofExpression: UInt64 = 10_000_000
  private static let ofSchema: UInt64 = 100_000_000
  private static let named = 4
  private static let worthNaming = ofSchema / 100

  private var total: UInt64 = 0
  private var seen: [(place: String, cost: UInt64)] = []

  public init() {}

  /// Counts an expression; its refusal if it alone is too dear. `times` is how often the schema's part can occur
  /// in one object, nil where nothing bounds that.
  public mutating func observe(
    _ source: String, schema: Value, isRoot: Bool, times: UInt64?, isMessage: Bool, at place: String
  ) -> APIError.Cause? {
    guard let program = CELCache.shared.program(source) else { return nil }
    let type = CELCostType.of(schema, isRoot: isRoot)
    var cost = CELCost.most(program.root, type: type)
    if !isMessage { cost = CELRange.product(cost, times ?? type?.mostInRequest ?? CELCostType.request) }
    total = CELRange.sum(total, cost)
    if cost >= Self.worthNaming { seen.append((place, cost)) }
    if cost <= Self.ofExpression { return nil }
    let what = isMessage ? "estimated messageExpression cost" : "estimated rule cost"
    return Self.refusal(Self.exceeds(what, cost, Self.ofExpression), place)
  }

  /// The refusals of all rules together.
  public func refusals(_ path: String) -> [APIError.Cause] {
    if total <= Self.ofSchema { return [] }
    let dearest = seen.enumerated().sorted { a, b in
      a.element.cost == b.element.cost ? a.offset < b.offset : a.element.cost > b.element.cost
    }.prefix(Self.named)
    let what = "x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema"
    return dearest.map {
      Self.refusal(
        "contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema",
        $0.element.place)
    } + [Self.refusal(Self.exceeds(what, total, Self.ofSchema), path)]
  }

  private static func refusal(_ why: String, _ place: String) -> APIError.Cause {
    APIError.Cause(reason: "FieldValueForbidden", message: "Forbidden: \(why)", field: place)
  }

  private static func exceeds(_ what: String, _ cost: UInt64, _ limit: UInt64) -> String {
    let factor = Double(cost) / Double(limit)
    let text: String
    if factor > 100 {
      text = "more than 100x"
    } else if factor < 1.5 {
      text = digits(factor, 6) + "x"
    } else {
      text = digits(factor, 1) + "x"
    }
    return "\(what) exceeds budget by factor of \(text) (try simplifying the rule, or adding maxItems, "
      + "maxProperties, and maxLength where arrays, maps, and strings are declared)"
  }

  /// Go's `%.Nf`.
  private static func digits(_ number: Double, _ count: Int) -> String {
    var scale = 1
    for _ in 0..<count { scale *= 10 }
    let whole = Int((number * Double(scale)).rounded(.toNearestOrEven))
    let rest = String(whole % scale)
    return "\(whole / scale)." + String(repeating: "0", count: count - rest.utf8.count) + rest
  }
}
