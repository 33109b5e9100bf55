/// One difference between two objects: a field (or list item) that came, went or changed.
public struct FieldChange: Hashable, Sendable {
  public var path: FieldPath
  /// nil where the field was absent.
  public var before: Value?
  /// nil where the field is gone.
  public var after: Value?
  /// Only the order of a keyed list's items changed; `before` and `after` list what names the items.
  public var isReorder: Bool
  public init(_ path: FieldPath, before: Value?, after: Value?, isReorder: Bool = false) {
    self.path = path
    self.before = before
    self.after = after
    self.isReorder = isReorder
  }
}

/// Compares two objects field by field. Shared subtrees are settled by one comparison of pointers.
public enum ValueDiff {
  /// The changes in the order of keys and items. Items of keyed lists are matched by key, others by position;
  /// lists of scalars are one change as a whole, sets one for each member.
  public static func changes(
    from before: Value, to after: Value, facts: (any MergeFacts)? = nil
  ) -> [FieldChange] {
    var walk = Walk()
    walk.compare(before, after, facts, nil)
    return walk.out
  }

  private struct Walk {
    var out: [FieldChange] = []
    var path: [FieldPath.Element] = []

    mutating func note(_ before: Value?, _ after: Value?, isReorder: Bool = false) {
      out.append(FieldChange(FieldPath(path), before: before, after: after, isReorder: isReorder))
    }

    mutating func at(_ element: FieldPath.Element, _ body: (inout Walk) -> Void) {
      path.append(element)
      body(&self)
      path.removeLast()
    }

    mutating func compare(
      _ a: Value, _ b: Value, _ facts: (any MergeFacts)?, _ field: FieldMergeFacts?
    ) {
      if a == b { return }
      if a.isObject && b.isObject {
        objects(a, b, facts)
      } else if a.isArray && b.isArray {
        lists(a, b, facts, field)
      } else {
        note(a, b)
      }
    }

    private mutating func objects(_ a: Value, _ b: Value, _ facts: (any MergeFacts)?) {
      let x = a.fields
      let y = b.fields
      var i = 0
      var j = 0
      while i < x.count || j < y.count {
        if j == y.count || (i < x.count && x[i].key < y[j].key) {
          at(.field(x[i].key)) { $0.note(x[i].value, nil) }
          i += 1
        } else if i == x.count || y[j].key < x[i].key {
          at(.field(y[j].key)) { $0.note(nil, y[j].value) }
          j += 1
        } else {
          if x[i].value != y[j].value {
            let known = facts?.mergeField(x[i].key)
            at(.field(x[i].key)) { $0.compare(x[i].value, y[j].value, known?.type, known) }
          }
          i += 1
          j += 1
        }
      }
    }

    private mutating func lists(
      _ a: Value, _ b: Value, _ facts: (any MergeFacts)?, _ field: FieldMergeFacts?
    ) {
      var kind = facts?.listKind ?? .atomic
      if kind == .atomic, let field, field.strategy == .merge {
        kind = field.mergeKey.map { .map([$0]) } ?? .set
      }
      switch kind {
      case .map(let keys):
        if let x = named(a, keys), let y = named(b, keys) { return keyed(x, y, facts?.itemFacts) }
      case .set:
        let x = Set(a.items)
        let y = Set(b.items)
        if x.count == a.count && y.count == b.count && x != y {
          for item in a.items where !y.contains(item) { at(.value(item)) { $0.note(item, nil) } }
          for item in b.items where !x.contains(item) { at(.value(item)) { $0.note(nil, item) } }
          return
        }
      case .atomic: break
      }
      if !a.items.contains(where: isTree) && !b.items.contains(where: isTree) { return note(a, b) }
      for i in 0..<max(a.count, b.count) {
        at(.index(i)) {
          if i >= a.count {
            $0.note(nil, b[i])
          } else if i >= b.count {
            $0.note(a[i], nil)
          } else {
            $0.compare(a[i], b[i], facts?.itemFacts, nil)
          }
        }
      }
    }

    private func isTree(_ value: Value) -> Bool { value.isObject || value.isArray }

    private struct Named {
      var name: [FieldPath.ItemKey]
      var item: Value
    }

    /// Items with their names; nil where one has no name, or two have the same.
    private func named(_ list: Value, _ keys: [Key]) -> [Named]? {
      var seen: Set<[FieldPath.ItemKey]> = []
      var out: [Named] = []
      for item in list.items {
        // Keys with a default may be left out; at least one must be there.
        let name = keys.compactMap { key in item.get(key).map { FieldPath.ItemKey(key, $0) } }
        guard !name.isEmpty, seen.insert(name).inserted else { return nil }
        out.append(Named(name: name, item: item))
      }
      return out
    }

    private mutating func keyed(_ x: [Named], _ y: [Named], _ facts: (any MergeFacts)?) {
      var old: [[FieldPath.ItemKey]: Int] = [:]
      for (i, item) in x.enumerated() { old[item.name] = i }
      let kept = Set(y.map(\.name))
      for item in x where !kept.contains(item.name) {
        at(.item(item.name)) { $0.note(item.item, nil) }
      }
      var order: [Int] = []
      for item in y {
        guard let i = old[item.name] else {
          at(.item(item.name)) { $0.note(nil, item.item) }
          continue
        }
        order.append(i)
        at(.item(item.name)) { $0.compare(x[i].item, item.item, facts, nil) }
      }
      let sorted = order.sorted()
      if order != sorted {
        func names(_ positions: [Int]) -> Value {
          .array(positions.map { i in .object(x[i].name.map { Field($0.name, $0.value) }) })
        }
        note(names(sorted), names(order), isReorder: true)
      }
    }
  }
}
