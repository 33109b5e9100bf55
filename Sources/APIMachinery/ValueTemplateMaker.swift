/// Finds what values have in common: the template that all of them fill, and what each fills it with.
public struct ValueTemplateMaker {
  private struct Hole {
    var path: [Key]
    var column: [ValueView]
    var variable = 0
  }

  private var holes: [Hole] = []
  /// Holes whose values agree in all of the values are one variable; this is the first hole of each.
  private var firsts: [Int] = []
  private var names: [Key] = []
  private let values: [Value]
  public let template: ValueTemplate

  /// `values` must not be empty, and none may have a field that marks holes (`ValueTemplate.shape`).
  public init(_ values: [Value]) {
    precondition(!values.isEmpty)
    self.values = values
    var holes: [Hole] = []
    let tree = Self.unify(values.map { ValueView.of($0) }, [], &holes)
    firsts = Self.number(&holes)
    names = Self.named(holes, firsts)
    self.holes = holes
    let named = Self.renamed(tree, holes, names) ?? tree
    guard let template = ValueTemplate(named) else { preconditionFailure("a template of our own has names") }
    self.template = template
    withExtendedLifetime(values) {}
  }

  /// What the values fill the template with, as lines that name it.
  public func filling(named name: Key) -> TemplateFilling {
    TemplateFilling(name, names, firsts.map { holes[$0].column }, values)
  }

  /// The tree that stands in all of `column`; where they differ a hole with its number.
  private static func unify(_ column: [ValueView], _ path: [Key], _ holes: inout [Hole]) -> Value {
    let first = column[0]
    if column.allSatisfy({ $0.bits == first.bits }) { return first.value }
    switch first {
    case .object(let node):
      let nodes = column.compactMap { $0.object }
      guard nodes.count == column.count, nodes.allSatisfy({ sameKeys($0, node) }) else { break }
      return node._withUnsafeGuaranteedRef { node in
        let made = ObjectNode.make(room: node.count)
        for i in 0..<node.count {
          let key = node[i].key
          let below = nodes.map { $0._withUnsafeGuaranteedRef { ValueView($0.values + i) } }
          made.insert(key, unify(below, path + [key], &holes))
        }
        return .object(made)
      }
    case .array(let node):
      let nodes = column.compactMap { $0.array }
      let count = node._withUnsafeGuaranteedRef { $0.count }
      guard nodes.count == column.count,
        nodes.allSatisfy({ $0._withUnsafeGuaranteedRef { $0.count } == count })
      else { break }
      return .array(
        (0..<count).map { i in
          unify(nodes.map { $0._withUnsafeGuaranteedRef { ValueView($0.start + i) } }, path, &holes)
        })
    default:
      if column.allSatisfy({ ValueView.equal($0, first) }) { return first.value }
    }
    holes.append(Hole(path: path, column: column))
    return .object([Field(ValueTemplate.mark, .int(holes.count - 1))])
  }

  private static func sameKeys(_ a: Unmanaged<ObjectNode>, _ b: Unmanaged<ObjectNode>) -> Bool {
    a._withUnsafeGuaranteedRef { a in
      b._withUnsafeGuaranteedRef { b in
        a.count == b.count && (0..<a.count).allSatisfy { a.keys[$0] == b.keys[$0] }
      }
    }
  }

  /// Gives each hole its variable; the first hole of each variable comes back.
  private static func number(_ holes: inout [Hole]) -> [Int] {
    var firsts: [Int] = []
    var known: [UInt64: [Int]] = [:]
    for i in holes.indices {
      var hash: UInt64 = 7
      for view in holes[i].column { hash = Value.mix(hash, view.hash) }
      let same = known[hash, default: []].first { variable in
        zip(holes[firsts[variable]].column, holes[i].column).allSatisfy { ValueView.equal($0, $1) }
      }
      if let same {
        holes[i].variable = same
      } else {
        holes[i].variable = firsts.count
        known[hash, default: []].append(firsts.count)
        firsts.append(i)
      }
    }
    return firsts
  }

  /// A variable is named after the field it stands in, with as much of the path as tells it from others; those
  /// with short paths choose first.
  private static func named(_ holes: [Hole], _ firsts: [Int]) -> [Key] {
    var names = [Key](repeating: .empty, count: firsts.count)
    var taken: Set<Key> = [ValueTemplate.mark]
    let order = firsts.indices.sorted {
      (holes[firsts[$0]].path.count, $0) < (holes[firsts[$1]].path.count, $1)
    }
    for variable in order {
      let path = holes[firsts[variable]].path
      var length = 1
      var name = path.last ?? "value"
      while taken.contains(name), length < path.count {
        length += 1
        name = Key(path.suffix(length).map(\.string).joined(separator: "."))
      }
      var number = 2
      let base = name
      while taken.contains(name) {
        name = Key("\(base)#\(number)")
        number += 1
      }
      taken.insert(name)
      names[variable] = name
    }
    return names
  }

  /// The value with names in the holes; nil where it has none.
  private static func renamed(_ value: Value, _ holes: [Hole], _ names: [Key]) -> Value? {
    switch value {
    case .object(let node):
      if node.count == 1, node[0].key == ValueTemplate.mark, let hole = node[0].value.int {
        return .object([Field(ValueTemplate.mark, .string(names[holes[hole].variable]))])
      }
      var made: [Field]?
      for i in 0..<node.count {
        guard let below = renamed(node[i].value, holes, names) else { continue }
        if made == nil { made = (0..<node.count).map { node[$0] } }
        made?[i] = Field(node[i].key, below)
      }
      return made.map { .object($0) }
    case .array(let node):
      var made: [Value]?
      for i in 0..<node.count {
        guard let below = renamed(node[i], holes, names) else { continue }
        if made == nil { made = (0..<node.count).map { node[$0] } }
        made?[i] = below
      }
      return made.map { .array($0) }
    default: return nil
    }
  }
}

/// Values as lines that fill a template: objects of its name and of what is each value's own.
public struct TemplateFilling {
  /// In the order in which they are written; the template's name has no column.
  private let fields: [(key: Key, column: [ValueView]?)]
  private let name: Key
  private let values: [Value]

  init(_ name: Key, _ names: [Key], _ columns: [[ValueView]], _ values: [Value]) {
    self.name = name
    self.values = values
    var fields: [(key: Key, column: [ValueView]?)] = [(ValueTemplate.mark, nil)]
    for (name, column) in zip(names, columns) { fields.append((name, column)) }
    self.fields = fields.sorted { $0.key < $1.key }
  }

  /// Appends the lines of some of the values, each with its newline, as `CanonicalJSON` writes them.
  public func appendLines(_ range: Range<Int>, to out: inout [UInt8]) {
    var buffer = ByteBuffer()
    defer { buffer.free() }
    for i in range {
      for (n, field) in fields.enumerated() {
        buffer.append(n == 0 ? 0x7B : 0x2C)
        buffer.append(field.key.quoted)
        buffer.append(0x3A)
        if let column = field.column {
          CanonicalJSON.write(column[i], &buffer)
        } else {
          buffer.append(name.quoted)
        }
      }
      buffer.append(0x7D)
      buffer.append(0x0A)
    }
    withExtendedLifetime(values) {}
    out.append(contentsOf: buffer.bytes)
  }
}
