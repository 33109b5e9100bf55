/// Functions on lists and sets (`apiserver/pkg/cel/library/lists.go`, `cel-go/ext/sets.go`, `…/lists.go`).
enum CELListFunctions {
  static func call(_ name: String, _ v: [CELValue]) throws(CELError) -> CELValue? {
    guard let first = v.first, case .list(let items) = first else { return nil }
    switch (name, v.count) {
    case ("isSorted", 1):
      for i in items.indices.dropFirst() {
        guard let order = items[i - 1].compare(items[i]) else { throw .overload }
        if order > 0 { return .bool(false) }
      }
      return .bool(true)
    case ("sum", 1):
      guard var total = items.first else { return .int(0) }
      for item in items.dropFirst() { total = try CELFunctions.call("+", [total, item], isMethod: false) }
      return total
    case ("min", 1), ("max", 1):
      guard var best = items.first else { throw CELError("\(name) called on empty list") }
      for item in items.dropFirst() {
        guard let order = item.compare(best) else { throw .overload }
        if name == "min" ? order < 0 : order > 0 { best = item }
      }
      return best
    case ("indexOf", 2): return .int(items.firstIndex { $0.equals(v[1]) } ?? -1)
    case ("lastIndexOf", 2): return .int(items.lastIndex { $0.equals(v[1]) } ?? -1)
    case ("join", _):
      let by = v.count > 1 ? v[1].plain ?? "" : ""
      return .string(items.map(CELFunctions.text).joined(separator: by))
    case ("sets.contains", 2):
      guard case .list(let others) = v[1] else { throw .overload }
      return .bool(others.allSatisfy { other in items.contains { $0.equals(other) } })
    case ("sets.intersects", 2):
      guard case .list(let others) = v[1] else { throw .overload }
      return .bool(others.contains { other in items.contains { $0.equals(other) } })
    case ("sets.equivalent", 2):
      guard case .list(let others) = v[1] else { throw .overload }
      let all = others.allSatisfy { other in items.contains { $0.equals(other) } }
      return .bool(all && items.allSatisfy { item in others.contains { $0.equals(item) } })
    case ("distinct", 1):
      var out: [CELValue] = []
      for item in items where !out.contains(where: { $0.equals(item) }) { out.append(item) }
      return .list(out)
    case ("reverse", 1): return .list(items.reversed())
    case ("slice", 3):
      guard let from = v[1].integer, let to = v[2].integer, from >= 0, from <= to, to <= items.count else {
        throw CELError("cannot slice the list: indexes out of range")
      }
      return .list(Array(items[from..<to]))
    case ("flatten", _):
      return .list(items.flatMap { item in if case .list(let inner) = item { inner } else { [item] } })
    default: return nil
    }
  }
}
