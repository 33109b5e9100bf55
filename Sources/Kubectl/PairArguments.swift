import APIMachinery

/// The words `KEY=VALUE` and `KEY-` after the resources (`kubectl/pkg/cmd/util/helpers.go`,
/// GetResourcesAndPairs; `cmd/label/label.go`; `cmd/annotate/annotate.go`).
public struct PairArguments: Sendable {
  public var resources: [String]
  /// The pairs as they were written.
  public var pairs: [String]

  /// Resources stand first, pairs after them; `what` names the pairs in a refusal.
  public init(_ words: [String], _ what: String) throws(KubectlError) {
    resources = []
    pairs = []
    for word in words {
      let isPair = (word.contains("=") && !word.hasPrefix("=")) || (word.hasSuffix("-") && word != "-")
      if isPair {
        pairs.append(word)
      } else if pairs.isEmpty {
        resources.append(word)
      } else {
        throw .client("all resources must be specified before \(what) changes: \(word)")
      }
    }
  }

  /// What to set, in the order of the words, and what to remove.
  public struct Changes: Sendable {
    public var set: [(key: String, value: String)] = []
    public var remove: [String] = []
  }

  /// The pairs of `label`.
  public func labels() throws(KubectlError) -> Changes {
    var out = Changes()
    for pair in pairs {
      if pair.contains("=") {
        let parts = pair.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else { throw .client("invalid label spec: \(pair)") }
        let wrong = Names.isLabelValue(parts[1])
        if !wrong.isEmpty {
          throw .client("invalid label value: \"\(pair)\": \(wrong.joined(separator: ";"))")
        }
        out.put(parts[0], parts[1])
      } else {
        out.remove.append(String(pair.dropLast()))
      }
    }
    if out.remove.contains(where: { key in out.set.contains { $0.key == key } }) {
      throw .client("can not both modify and remove a label in the same command")
    }
    return out
  }

  /// The pairs of `annotate`, and of `set env`: the value may hold further equal signs.
  public func values(_ what: String) throws(KubectlError) -> Changes {
    var out = Changes()
    var invalid: [String] = []
    for pair in pairs {
      if let equal = pair.firstIndex(of: "="), equal != pair.startIndex {
        out.put(String(pair[..<equal]), String(pair[pair.index(after: equal)...]))
      } else if pair.hasSuffix("-") {
        out.remove.append(String(pair.dropLast()))
      } else {
        invalid.append(pair)
      }
    }
    if !invalid.isEmpty { throw .client("invalid \(what) format: \(invalid.joined(separator: ", "))") }
    let both = out.remove.filter { key in out.set.contains { $0.key == key } }
    if !both.isEmpty {
      throw .client(
        "can not both modify and remove the following \(what)(s) in the same command: "
          + both.joined(separator: ", "))
    }
    return out
  }
}

extension PairArguments.Changes {
  /// A key that is named again takes the later value.
  mutating func put(_ key: String, _ value: String) {
    set.removeAll { $0.key == key }
    set.append((key, value))
  }

  /// `map` (labels or annotations) with the changes made.
  public func applied(to map: Value) -> Value {
    var out = map
    for (key, value) in set { out[Key(key)] = .string(value) }
    for key in remove { out.remove(Key(key)) }
    return out
  }

  /// The keys that would lose a value that they have, with it, sorted.
  public func overwritten(in map: Value) -> [(key: String, value: String)] {
    set.map(\.key).sorted().compactMap { key in map[Key(key)].string.map { (key, $0) } }
  }
}
