/// JSON merge patches (RFC 7386), and the three-way form that `kubectl apply` uses for custom resources
/// (`apimachinery/pkg/util/jsonmergepatch`).
public enum JSONMergePatch {
  /// `target` with `patch` applied: null removes, objects merge, anything else replaces.
  public static func apply(_ patch: Value, to target: Value) -> Value {
    guard case .object(let changes) = patch else { return patch }
    var out: [Field] = []
    join(target, .object(changes)) { key, old, change in
      guard let change else {
        if let old { out.append(Field(key, old)) }
        return
      }
      if change.isNull { return }
      out.append(Field(key, apply(change, to: old ?? .null)))
    }
    return .object(out)
  }

  /// The patch that makes `new` of `old`; lists are replaced as a whole.
  public static func create(from old: Value, to new: Value) -> Value {
    diff(old, new, additions: true, deletions: true)
  }

  /// What differs from live to desired, without deletions, and what was deleted from last applied to desired.
  public static func threeWay(lastApplied: Value, desired: Value, live: Value) -> Value {
    let changes = diff(live, desired, additions: true, deletions: false)
    let deletions = diff(lastApplied, desired, additions: false, deletions: true)
    return combine(deletions, changes)
  }

  /// Visits the keys of two objects in order, with what each has there.
  static func join(_ a: Value, _ b: Value, _ visit: (Key, Value?, Value?) -> Void) {
    let x = a.fields
    let y = b.fields
    var i = 0
    var j = 0
    while i < x.count || j < y.count {
      if j == y.count || (i < x.count && x[i].key < y[j].key) {
        visit(x[i].key, x[i].value, nil)
        i += 1
      } else if i == x.count || y[j].key < x[i].key {
        visit(y[j].key, nil, y[j].value)
        j += 1
      } else {
        visit(x[i].key, x[i].value, y[j].value)
        i += 1
        j += 1
      }
    }
  }

  private static func diff(_ old: Value, _ new: Value, additions: Bool, deletions: Bool) -> Value {
    var out: [Field] = []
    join(old, new) { key, before, after in
      switch (before, after) {
      case (.some, nil):
        if deletions { out.append(Field(key, .null)) }
      case (nil, .some(let value)):
        if additions && !value.isNull { out.append(Field(key, value)) }
      case (.some(let before), .some(let after)):
        if before == after { return }
        if before.isObject && after.isObject {
          let inner = diff(before, after, additions: additions, deletions: deletions)
          if !inner.isEmpty { out.append(Field(key, inner)) }
        } else if additions && !(after.isNull && !deletions) {
          out.append(Field(key, after))
        } else if deletions && after.isNull {
          out.append(Field(key, .null))
        }
      case (nil, nil): break
      }
    }
    return .object(out)
  }

  /// Two patches as one: the second wins, nulls stay.
  private static func combine(_ first: Value, _ second: Value) -> Value {
    guard first.isObject && second.isObject else { return second }
    var out: [Field] = []
    join(first, second) { key, a, b in
      if let b {
        out.append(Field(key, a.map { combine($0, b) } ?? b))
      } else if let a {
        out.append(Field(key, a))
      }
    }
    return .object(out)
  }
}
