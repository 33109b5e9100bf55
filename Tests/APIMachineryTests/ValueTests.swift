import Testing

@testable import APIMachinery

/// Edits: what is shared never changes, what has one owner changes in place.
@Suite struct ValueTests {
  private let pod: Value = [
    "metadata": ["name": "a", "labels": ["app": "web"]],
    "spec": ["containers": [["name": "c"], ["name": "d"]]],
  ]

  @Test func editsOfACopyLeaveTheOriginal() {
    var copy = pod
    copy[.metadata][.labels][.app] = "db"
    copy[.spec][.containers][1][.image] = "nginx"
    copy[.metadata].remove(.name)
    #expect(
      CanonicalJSON.string(pod)
        == #"{"metadata":{"labels":{"app":"web"},"name":"a"},"spec":{"containers":[{"name":"c"},{"name":"d"}]}}"#
    )
    #expect(
      CanonicalJSON.string(copy)
        == #"{"metadata":{"labels":{"app":"db"}},"spec":{"containers":[{"name":"c"},{"image":"nginx","name":"d"}]}}"#
    )
  }

  @Test func editsBesideThePathShare() {
    var copy = pod
    copy[.metadata][.name] = "b"
    #expect(copy[.spec].identity == pod[.spec].identity)
    #expect(copy[.metadata].identity != pod[.metadata].identity)
  }

  @Test func aNodeOfOneOwnerIsEditedInPlace() {
    var object: Value = ["spec": ["replicas": 1]]
    let (root, spec) = (object.identity, object[.spec].identity)
    object[.spec][.replicas] = 2
    #expect(object.identity == root && object[.spec].identity == spec)
    #expect(object == ["spec": ["replicas": 2]])
  }

  @Test func hashesFollowEdits() {
    var object: Value = ["spec": ["items": [1, 2]]]
    let before = object.hash
    object[.spec][.items][0] = 3
    #expect(object.hash != before)
    #expect(object != ["spec": ["items": [1, 2]]])
    object[.spec][.items][0] = 1
    #expect(object.hash == before && object == ["spec": ["items": [1, 2]]])
    object[.spec][.items].append(3)
    object[.spec]["any"] = .null
    #expect(object.hash == (["spec": ["any": .null, "items": [1, 2, 3]]] as Value).hash)
  }

  @Test func absentFields() {
    var object: Value = .emptyObject
    object[.metadata].remove(.name)
    #expect(object == .emptyObject)
    object[.metadata][.labels][.app] = "x"
    #expect(object == ["metadata": ["labels": ["app": "x"]]])
    object[.spec] = .null
    #expect(object.has(.spec) && object[.spec].isNull)
    object[.status][7] = 1
    #expect(!object.has(.status))
    var text: Value = "x"
    text[.name] = 1
    #expect(text == ["name": 1])
  }

  @Test(arguments: [3, 16, 17, 24, 25, 100])
  func fieldsInAnyOrderOfWhichTheLastWins(count: Int) {
    let keys = (0..<count).map { Key("key-\(($0 * 37) % count)") }
    let fields = keys.enumerated().map { Field($0.element, .int($0.offset)) }
    let object = Value.object(fields + [Field(keys[1], "last")])
    var edited = Value.emptyObject
    for field in fields { edited[field.key] = field.value }
    edited[keys[1]] = "last"
    #expect(object == edited && object.hash == edited.hash && object.count == Set(keys).count)
    #expect(object[keys[1]] == "last")
    #expect(zip(object.fields, object.fields.dropFirst()).allSatisfy { $0.key < $1.key })
    for key in keys { edited.remove(key) }
    #expect(edited == .emptyObject)
  }

  @Test func longKeysOrderByAllTheirBytes() {
    let names = ["abcdefgh", "abcdefghi", "abcdefgi", "abcdefg", "abcdefgh\u{0}", "", "é"]
    #expect(
      names.map { Key($0) }.sorted().map(\.string)
        == names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
  }
}
