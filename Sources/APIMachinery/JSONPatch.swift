/// JSON Patch (RFC 6902) over JSON Pointers (RFC 6901).
public enum JSONPatch {
  /// `target` with the operations of `patch` applied in order; the first that fails stops all.
  public static func apply(_ patch: Value, to target: Value) throws(MergeError) -> Value {
    guard patch.isArray else { throw MergeError("a JSON patch must be an array of operations") }
    var value = target
    for operation in patch.items { value = try apply(operation: operation, to: value) }
    return value
  }

  private static let opKey = Key("op")

  private static func apply(operation: Value, to target: Value) throws(MergeError) -> Value {
    guard let op = operation[opKey].string else { throw MergeError("a JSON patch operation needs \"op\"") }
    let path = try pointer(operation, .path)
    switch op {
    case "add": return try add(try value(operation), at: path[...], in: target)
    case "remove": return try remove(path[...], from: target)
    case "replace":
      _ = try find(path, in: target)
      return try put(try value(operation), at: path[...], in: target)
    case "move":
      let from = try pointer(operation, .from)
      if path.starts(with: from) && path.count > from.count {
        throw MergeError("cannot move \(text(from)) into itself")
      }
      let moved = try find(from, in: target)
      if path == from { return target }
      return try add(moved, at: path[...], in: try remove(from[...], from: target))
    case "copy":
      return try add(try find(try pointer(operation, .from), in: target), at: path[...], in: target)
    case "test":
      if try find(path, in: target) != value(operation) {
        throw MergeError("testing value \(text(path)) failed: test failed")
      }
      return target
    default: throw MergeError("unexpected kind of JSON patch operation: \(op)")
    }
  }

  private static func value(_ operation: Value) throws(MergeError) -> Value {
    guard let value = operation.get(.value) else {
      throw MergeError("a JSON patch operation \(operation[opKey].string ?? "") needs \"value\"")
    }
    return value
  }

  private static func pointer(_ operation: Value, _ key: Key) throws(MergeError) -> [String] {
    guard let text = operation[key].string else {
      throw MergeError("a JSON patch operation needs \"\(key)\"")
    }
    guard let steps = steps(text) else { throw MergeError("\(text) is no JSON pointer") }
    return steps
  }

  /// A field's name as a step of a JSON pointer.
  static func escaped(_ name: String) -> String {
    String(
      decoding: name.utf8.flatMap { byte -> [UInt8] in
        switch byte {
        case 0x7E: Array("~0".utf8)
        case 0x2F: Array("~1".utf8)
        default: [byte]
        }
      }, as: UTF8.self)
  }

  /// The steps of a JSON pointer, unescaped; nil if it is none.
  public static func steps(_ pointer: String) -> [String]? {
    if pointer.isEmpty { return [] }
    guard pointer.utf8.first == 47 else { return nil }
    var out: [String] = []
    for part in pointer.utf8.dropFirst().split(separator: 47, omittingEmptySubsequences: false) {
      var bytes: [UInt8] = []
      var escaped = false
      for c in part {
        if escaped {
          guard c == 48 || c == 49 else { return nil }
          bytes.append(c == 48 ? 0x7E : 0x2F)
          escaped = false
        } else if c == 0x7E {
          escaped = true
        } else {
          bytes.append(c)
        }
      }
      if escaped { return nil }
      out.append(String(decoding: bytes, as: UTF8.self))
    }
    return out
  }

  private static func text(_ steps: some Sequence<String>) -> String {
    steps.map {
      "/"
        + $0.split(separator: "~", omittingEmptySubsequences: false).joined(separator: "~0")
        .split(separator: "/", omittingEmptySubsequences: false).joined(separator: "~1")
    }.joined()
  }

  /// An index of an existing item (or, with `end`, the place after the last); digits without leading zeros.
  private static func index(_ step: String, count: Int, end: Bool) -> Int? {
    if end && step == "-" { return count }
    let digits = step.utf8
    guard !digits.isEmpty, digits.allSatisfy({ $0 >= 48 && $0 <= 57 }),
      digits.count == 1 || digits.first != 48,
      let n = Int(step), n < count + (end ? 1 : 0)
    else { return nil }
    return n
  }

  private static func missing(_ step: String) -> MergeError {
    MergeError("the path has no place \"\(step)\" in the document")
  }

  private static func child(_ step: String, of value: Value) throws(MergeError) -> Value {
    if value.isArray, let i = index(step, count: value.count, end: false) { return value[i] }
    if let found = value.get(Key(step)) { return found }
    throw missing(step)
  }

  private static func find(_ path: [String], in root: Value) throws(MergeError) -> Value {
    var at = root
    for step in path { at = try child(step, of: at) }
    return at
  }

  private static func put(_ new: Value, at path: ArraySlice<String>, in target: Value) throws(MergeError)
    -> Value
  {
    guard let step = path.first else { return new }
    let inner = try put(new, at: path.dropFirst(), in: try child(step, of: target))
    return replacing(step, in: target, inner)
  }

  private static func replacing(_ step: String, in target: Value, _ inner: Value) -> Value {
    if target.isArray, let i = index(step, count: target.count, end: false) {
      var copy = target
      copy[i] = inner
      return copy
    }
    return target.setting(Key(step), inner)
  }

  private static func add(_ new: Value, at path: ArraySlice<String>, in target: Value) throws(MergeError)
    -> Value
  {
    guard let step = path.first else { return new }
    if path.count > 1 {
      return replacing(step, in: target, try add(new, at: path.dropFirst(), in: try child(step, of: target)))
    }
    if target.isArray {
      guard let i = index(step, count: target.count, end: true) else { throw missing(step) }
      var items = Array(target.items)
      items.insert(new, at: i)
      return .array(items)
    }
    guard target.isObject else { throw missing(step) }
    return target.setting(Key(step), new)
  }

  private static func remove(_ path: ArraySlice<String>, from target: Value) throws(MergeError) -> Value {
    guard let step = path.first else { throw MergeError("cannot remove the whole document") }
    let inner = try child(step, of: target)
    if path.count > 1 { return replacing(step, in: target, try remove(path.dropFirst(), from: inner)) }
    if target.isArray, let i = index(step, count: target.count, end: false) {
      var items = Array(target.items)
      items.remove(at: i)
      return .array(items)
    }
    return target.removing(Key(step))
  }
}
