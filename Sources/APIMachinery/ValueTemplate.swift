/// A value with holes, and what fills them: how many values that differ in few places are written and read as one
/// tree and short lists of what is different.
///
/// As JSON a hole is an object with the one field `$`, which names the variable that stands there.
public struct ValueTemplate: @unchecked Sendable {
  /// What marks a hole; a value that has a field of this name cannot be a template's.
  public static let mark = Key("$")

  /// The names of the variables, in byte order.
  public let variables: [Key]
  /// The tree with its holes.
  public let value: Value
  public let holes: [Hole]
  private let root: Part

  /// Where a hole is: the fields that lead there, items of lists without their places, and the variable's number.
  public struct Hole: Sendable {
    public var path: [Key]
    public var variable: Int
  }

  /// What changes from one filling to the next; everything else is shared by all of them.
  private indirect enum Part {
    case hole(Int)
    case object(ObjectNode, [(index: Int, part: Part)])
    case array(ArrayNode, [(index: Int, part: Part)])
  }

  /// The template that `value` describes; nil if a hole has no name.
  public init?(_ value: Value) {
    _ = ValueView.isTrusted
    var walk = HoleWalk()
    guard walk.visit(ValueView.of(value)) else { return nil }
    variables = Array(Set(walk.found.map(\.name))).sorted()
    self.value = value
    var places: [Key: Int] = [:]
    for (i, name) in variables.enumerated() { places[name] = i }
    holes = walk.found.map { Hole(path: $0.path, variable: places[$0.name] ?? 0) }
    // Without a hole all fillings are the same object.
    root =
      holes.isEmpty
      ? .array(ArrayNode.make(copying: [value], count: 1), [])
      : Self.part(ValueView.of(value), places, Self.mark) ?? .array(ArrayNode.make(room: 0), [])
    withExtendedLifetime(value) {}
  }

  /// Finds the holes, without counting references.
  private struct HoleWalk {
    private let mark = ValueTemplate.mark
    private var path: [Key] = []
    private(set) var found: [(path: [Key], name: Key)] = []

    /// False where a hole has no name.
    mutating func visit(_ view: ValueView) -> Bool {
      switch view {
      case .object(let node):
        return node._withUnsafeGuaranteedRef { node in
          for i in 0..<node.count {
            let key = node.keys[i]
            let below = ValueView(node.values + i)
            if key == mark {
              guard node.count == 1, case .string = below else { return false }
              found.append((path, below.key))
              continue
            }
            path.append(key)
            guard visit(below) else { return false }
            path.removeLast()
          }
          return true
        }
      case .array(let node):
        return node._withUnsafeGuaranteedRef { node in
          for i in 0..<node.count { guard visit(ValueView(node.start + i)) else { return false } }
          return true
        }
      default: return true
      }
    }
  }

  private static func part(_ view: ValueView, _ places: [Key: Int], _ mark: Key) -> Part? {
    switch view {
    case .object(let unowned):
      return unowned._withUnsafeGuaranteedRef { node in
        if node.count == 1, node.keys[0] == mark {
          return places[ValueView(node.values).key].map { .hole($0) }
        }
        var parts: [(index: Int, part: Part)] = []
        for i in 0..<node.count {
          if let below = part(ValueView(node.values + i), places, mark) { parts.append((i, below)) }
        }
        return parts.isEmpty ? nil : .object(node, parts)
      }
    case .array(let unowned):
      return unowned._withUnsafeGuaranteedRef { node in
        var parts: [(index: Int, part: Part)] = []
        for i in 0..<node.count {
          if let below = part(ValueView(node.start + i), places, mark) { parts.append((i, below)) }
        }
        return parts.isEmpty ? nil : .array(node, parts)
      }
    default: return nil
    }
  }

  /// The value in which `values`, in the order of `variables`, stand in the holes.
  public func filled(_ values: [Value]) -> Value {
    precondition(values.count == variables.count)
    if case .array(let node, let parts) = root, parts.isEmpty { return node[0] }
    return Self.fill(root, values)
  }

  private static func fill(_ part: Part, _ values: [Value]) -> Value {
    switch part {
    case .hole(let i): return values[i]
    case .object(let base, let parts):
      let node = base.copy()
      for (i, part) in parts { node.values[i] = fill(part, values) }
      return .object(node)
    case .array(let base, let parts):
      let node = ArrayNode.make(copying: base.start, count: base.count)
      for (i, part) in parts { node.start[i] = fill(part, values) }
      return .array(node)
    }
  }
}
