import APIMachinery

/// Templates of a file of objects (format 2): what many of its objects have in common stands once, at the head of
/// the file, and each of them is a short line that names the template and says what is different.
enum ShardLine {
  /// First field of a template's line: its name.
  static let template = Key("$template")
  /// The template's tree, with its holes.
  static let object = Key("object")

  static let templateStart = Array(#"{"$template":"#.utf8)

  static func defining(_ name: Value, _ template: ValueTemplate) -> Value {
    .object([Field(Self.template, name), Field(object, template.value)])
  }
}

/// The lines of one file: templates in order of their names, then the objects in order of theirs.
struct ShardLines {
  private var templates: [Value] = []
  private let objects: [Value]
  /// What fills templates, and which objects do so: the place of the filling, and theirs among its values.
  private var fillings: [TemplateFilling] = []
  private var places: [(filling: Int32, value: Int32)]

  /// Fewer objects than this are written out.
  static let fewest = 3

  private struct Group: Hashable {
    var shape: UInt64
    var owner: Key
  }

  /// `values` come in order of their names. Objects of one shape and one owner share a template where that makes
  /// their lines less than half as long.
  init(_ values: [Value]) {
    objects = values
    places = Array(repeating: (-1, -1), count: values.count)
    var known: [Group: Int] = [:]
    var groups: [(owner: Key, members: [Int])] = []
    var shapes = ValueShapes()
    for (i, value) in values.enumerated() {
      guard let shape = shapes.shape(of: value) else { continue }
      let owner = Self.owner(value)
      let at = known[Group(shape: shape, owner: owner), default: groups.count]
      if at == groups.count {
        known[Group(shape: shape, owner: owner)] = at
        groups.append((owner, []))
      }
      groups[at].members.append(i)
    }
    var taken: Set<Key> = []
    for group in groups where group.members.count >= Self.fewest {
      share(group.members, group.owner, &taken)
    }
    templates.sort { Self.name($0) < Self.name($1) }
  }

  private static func name(_ template: Value) -> Key { template[ShardLine.template].key }

  /// The object's controller, after which its template is named; else its kind.
  private static func owner(_ value: Value) -> Key {
    if let name = value.controllerReference?[.name], name.text != nil { return name.key }
    return Key((value[.kind].string ?? "object").lowercased())
  }

  private mutating func share(_ members: [Int], _ owner: Key, _ taken: inout Set<Key>) {
    let maker = ValueTemplateMaker(members.map { objects[$0] })
    var key = owner
    var number = 2
    while taken.contains(key) {
      key = Key("\(owner)-\(number)")
      number += 1
    }
    let line = ShardLine.defining(.string(key), maker.template)
    let filling = maker.filling(named: key)
    var first: [UInt8] = []
    filling.appendLines(0..<1, to: &first)
    let short = first.count - 1
    let long = CanonicalJSON.bytes(objects[members[0]]).count
    let count = members.count
    guard 2 * (short * count + CanonicalJSON.bytes(line).count) < long * count else { return }
    taken.insert(key)
    templates.append(line)
    for (i, member) in members.enumerated() { places[member] = (Int32(fillings.count), Int32(i)) }
    fillings.append(filling)
  }

  var count: Int { templates.count + objects.count }

  /// Appends some of the lines, each with its newline.
  func append(_ lines: Range<Int>, to out: inout [UInt8]) {
    var at = lines.lowerBound
    if at < templates.count {
      let end = min(templates.count, lines.upperBound)
      CanonicalJSON.appendLines(templates[at..<end], to: &out)
      at = end
    }
    at -= templates.count
    let end = lines.upperBound - templates.count
    while at < end {
      let place = places[at]
      var next = at + 1
      if place.filling < 0 {
        while next < end, places[next].filling < 0 { next += 1 }
        CanonicalJSON.appendLines(objects[at..<next], to: &out)
      } else {
        while next < end, places[next] == (place.filling, place.value + Int32(next - at)) { next += 1 }
        let first = Int(place.value)
        fillings[Int(place.filling)].appendLines(first..<first + next - at, to: &out)
      }
      at = next
    }
  }
}

/// The templates that a file defines, while it is read.
struct KnownTemplates: Sendable {
  private var byName: [Key: ValueTemplate] = [:]
  private var last: Key?

  /// What is wrong with a line, as `StateError` wants it.
  struct Problem: Error {
    var code: StateError.Code
    var message: String
  }

  /// Takes a template's line.
  mutating func define(_ line: Value) throws(Problem) {
    guard let name = line[ShardLine.template].text, name.count > 0, let tree = line.get(ShardLine.object),
      line.count == 2, tree.isObject
    else { throw Problem(code: .malformed, message: "is no template: it needs a name and an object") }
    let key = Key(utf8: name.utf8)
    if let last, !(last < key) {
      throw Problem(
        code: .order,
        message: last == key
          ? "template \(key) stands twice" : "template \(key) stands after \(last); they are sorted by name")
    }
    guard let template = ValueTemplate(tree) else {
      throw Problem(code: .malformed, message: "template \(key) has a hole without a name")
    }
    last = key
    byName[key] = template
  }

  /// The object of a line that names a template.
  func object(_ line: Value) throws(Problem) -> Value {
    guard let name = line[ValueTemplate.mark].text else {
      throw Problem(code: .malformed, message: "the name of its template is no text")
    }
    guard let template = byName[Key(utf8: name.utf8)] else {
      throw Problem(code: .malformed, message: "there is no template \(name.string) at the head of the file")
    }
    var values: [Value] = []
    values.reserveCapacity(template.variables.count)
    for field in line.fields where field.key != ValueTemplate.mark {
      guard values.count < template.variables.count, template.variables[values.count] == field.key else {
        throw differing(name, template)
      }
      values.append(field.value)
    }
    guard values.count == template.variables.count else { throw differing(name, template) }
    return template.filled(values)
  }

  private func differing(_ name: Text, _ template: ValueTemplate) -> Problem {
    Problem(
      code: .malformed,
      message: "template \(name.string) takes the fields "
        + template.variables.map(\.string).joined(separator: ", "))
  }
}
