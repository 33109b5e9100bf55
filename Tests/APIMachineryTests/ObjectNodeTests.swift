import Testing

@testable import APIMachinery

/// Objects of all sizes at which their layout or the way to look for a key changes.
@Suite struct ObjectNodeTests {
  static let sizes = [0, 1, 2, 3, 7, 8, 9, 16, 17, 31, 32, 33, 40, 100]

  /// The first names are known ones, between which others come to stand.
  private static let known: [Key] = [.spec, .metadata, .status, .name, .labels, .kind, .replicas, .template]

  private static func key(_ i: Int) -> Key { i < known.count ? known[i] : Key("m-\(i * 7919 % 1000)-\(i)") }

  private static func fields(_ count: Int) -> [Field] {
    (0..<count).map { Field(key($0), .string("text \($0)")) }
  }

  private static func node(_ value: Value) -> ObjectNode {
    guard case .object(let node) = value else { preconditionFailure("no object") }
    return node
  }

  @Test("Every key is found with its value, and none that is not there", arguments: sizes)
  func lookup(_ count: Int) {
    let object = Value.object(Self.fields(count))
    let node = Self.node(object)
    #expect(node.count == count && object.fields.count == count)
    for i in 0..<count {
      #expect(object[Self.key(i)].string == "text \(i)")
      #expect(object.get(Self.key(i)) == object[Self.key(i)])
      let at = node.index(of: Self.key(i))
      #expect(at.map { node[$0].key } == Self.key(i))
    }
    for i in count..<count + 20 {
      #expect(!object.has(Self.key(i)) && object.get(Self.key(i)) == nil && object[Self.key(i)].isNull)
    }
    #expect(zip(object.fields, object.fields.dropFirst()).allSatisfy { $0.key < $1.key })
  }

  @Test("However an object is made, it is equal and has the same hash", arguments: sizes)
  func waysOfMaking(_ count: Int) {
    let fields = Self.fields(count)
    let object = Value.object(fields)
    var added = Value.emptyObject
    for field in fields.reversed() { added.set(field.key, .string(field.value.string ?? "")) }
    var removed = Value.object(Self.fields(count + 9))
    for i in count..<count + 9 { removed.remove(Self.key(i)) }
    let sorted = Value.objectOfSorted(Array(object.fields))
    let built = UnsafeMutablePointer<Field>.allocate(capacity: count + 1)
    for (i, field) in fields.enumerated() { (built + i).initialize(to: field) }
    defer { built.deallocate() }
    let hash = ObjectNode.hash(built, 0)
    #expect(hash == ObjectNode.hashOfNone(0))
    let builder = ValueBuilder(small: true)
    let shared = builder.objectSorting(moving: built, count: count)
    let text = CanonicalJSON.string(object)
    for other in [added, removed, sorted, shared, .object(Self.node(object).copy())] {
      #expect(other == object && other.hash == object.hash)
      #expect(CanonicalJSON.string(other) == text)
    }
  }

  @Test("A field is put, changed and taken out at every place; copies keep what they had", arguments: sizes)
  func edits(_ count: Int) {
    let object = Value.object(Self.fields(count))
    let text = CanonicalJSON.string(object)
    for i in 0..<count {
      var shared = object
      shared.remove(Self.key(i))
      #expect(shared.count == count - 1 && !shared.has(Self.key(i)))
      var own = Value.object(Self.fields(count))
      own.remove(Self.key(i))
      #expect(own == shared && own.hash == shared.hash)
      for j in 0..<count where j != i { #expect(shared[Self.key(j)] == object[Self.key(j)]) }
      let kept = shared
      shared[Self.key(i)] = "new"
      own[Self.key(i)] = "new"
      #expect(own == shared && own.hash == shared.hash && own == object.setting(Self.key(i), "new"))
      own[Self.key(i)] = .string("text \(i)")
      #expect(own == object && own.hash == object.hash)
      #expect(kept.count == count - 1 && shared.count == count)
    }
    #expect(CanonicalJSON.string(object) == text)
  }

  private struct Reference {
    weak var text: Text?
  }

  @Test("Values are given up once, with the last node that has them", arguments: sizes)
  func references(_ count: Int) {
    var texts: [Reference] = []
    func made() -> Value {
      let text = Text.make("text \(texts.count)")
      texts.append(Reference(text: text))
      return .string(text)
    }
    do {
      var object = Value.object((0..<count).map { Field(Self.key($0), made()) })
      #expect(texts.allSatisfy { $0.text != nil })
      var copy = object
      for i in 0..<count {
        if i % 3 == 0 { copy.remove(Self.key(i)) }
        if i % 3 == 1 { object[Self.key(i)] = made() }
        object[Self.key(count + i)] = made()
      }
      #expect(object.fields.allSatisfy { !$0.value.isNull })
      object = copy
      copy = .null
      let alive = texts.count { $0.text != nil }
      #expect(alive == object.count)
    }
    #expect(texts.allSatisfy { $0.text == nil })
  }

  @Test("A node may have more room than fields")
  func spareRoom() {
    let object = Value.fields((.spec, nil), (.name, "a"), (.kind, nil), (.status, "b"), (.labels, nil))
    #expect(
      object == ["name": "a", "status": "b"] && object.hash == (["name": "a", "status": "b"] as Value).hash)
    #expect(object[.name].says("a") && object[.status].says("b") && object[.spec].isNull)
    #expect(object.setting(.kind, "c").fields.map(\.key) == [.kind, .name, .status])
  }
}
