public import APIMachinery

/// The words of `taint` (`kubectl/pkg/cmd/taint/utils.go`).
public struct Taints: Sendable {
  struct Taint: Hashable, Sendable {
    var key: String
    var value: String
    var effect: String

    var description: String {
      if effect.isEmpty { return value.isEmpty ? key : "\(key)=\(value):" }
      return value.isEmpty ? "\(key):\(effect)" : "\(key)=\(value):\(effect)"
    }

    func isSame(_ taint: Value) -> Bool {
      taint[.key].string == key && taint[.effect].string == effect
    }

    var object: Value {
      .fields(
        (.key, .string(key)), (.value, value.isEmpty ? nil : .string(value)), (.effect, .string(effect)))
    }
  }

  var added: [Taint] = []
  var removed: [Taint] = []

  private static let effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"]

  /// Sorts the words: resources, then taints.
  public static func split(_ words: [String]) throws(KubectlError) -> (resources: [String], taints: [String])
  {
    var resources: [String] = []
    var taints: [String] = []
    for word in words {
      if word.contains("=") || word.contains(":") || word.hasSuffix("-") {
        taints.append(word)
      } else if taints.isEmpty {
        resources.append(word)
      } else {
        throw .client("all resources must be specified before taint changes: \(word)")
      }
    }
    return (resources, taints)
  }

  /// Reads `KEY=VALUE:EFFECT`, `KEY:EFFECT`, and the same with `-` at the end, or `KEY-`.
  public init(_ words: [String]) throws(KubectlError) {
    for word in words {
      if word.hasSuffix("-") {
        removed.append(try Self.taint(String(word.dropLast())))
      } else {
        let taint = try Self.taint(word)
        if taint.effect.isEmpty { throw .client("invalid taint spec: \(word)") }
        if added.contains(where: { $0.key == taint.key && $0.effect == taint.effect }) {
          throw .client("duplicated taints with the same key and effect: {\(taint.description)}")
        }
        added.append(taint)
      }
    }
    let both = added.flatMap { add in
      removed.filter { $0.key == add.key && ($0.effect.isEmpty || $0.effect == add.effect) }
    }
    if !both.isEmpty {
      throw .client(
        "can not both modify and remove the following taint(s) in the same command: "
          + both.map { "{\"\($0.key)\":\"\($0.effect)\"}" }.joined(separator: ", "))
    }
  }

  private static func taint(_ word: String) throws(KubectlError) -> Taint {
    let parts = word.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    var taint = Taint(key: parts[0], value: "", effect: "")
    if parts.count > 2 { throw .client("invalid taint spec: \(word)") }
    if parts.count == 2 {
      taint.effect = parts[1]
      guard effects.contains(taint.effect) else {
        throw .client("invalid taint effect: \(taint.effect), unsupported taint effect")
      }
      let pair = parts[0].split(separator: "=", omittingEmptySubsequences: false).map(String.init)
      if pair.count > 2 { throw .client("invalid taint spec: \(word)") }
      taint.key = pair[0]
      if pair.count == 2 { taint.value = pair[1] }
      let wrong = Names.isLabelValue(taint.value)
      if !wrong.isEmpty { throw .client("invalid taint spec: \(word), \(wrong.joined(separator: "; "))") }
    }
    let wrong = Names.isQualifiedName(taint.key)
    if !wrong.isEmpty { throw .client("invalid taint spec: \(word), \(wrong.joined(separator: "; "))") }
    return taint
  }

  /// The node's taints with the changes made, and what was done: tainted, untainted or modified.
  public func applied(to node: Value, overwrite: Bool) throws(KubectlError) -> (node: Value, done: String) {
    let old = Array(node.spec[.taints].items)
    if !overwrite {
      let there = added.filter { add in old.contains { add.isSame($0) } }
      if !there.isEmpty {
        throw .client(
          "node \(node.name) already has \(there.map(\.key).joined(separator: ",")) taint(s) with same "
            + "effect(s) and --overwrite is false")
      }
    }
    var taints = added.map(\.object) + old.filter { taint in !added.contains { $0.isSame(taint) } }
    let grew = taints.count != old.count
    var errors: [KubectlError] = []
    var shrank = false
    for taint in removed {
      let before = taints.count
      taints.removeAll {
        taint.effect.isEmpty ? $0[.key].string == taint.key : taint.isSame($0)
      }
      shrank = taints.count < before
      if !shrank { errors.append(.client("taint \"\(taint.description)\" not found")) }
    }
    if let error = KubectlError.of(errors) { throw error }
    var changed = node
    changed[.spec].set(.taints, taints.isEmpty ? nil : .array(taints))
    return (changed, (grew && shrank) || overwrite ? "modified" : grew ? "tainted" : "untainted")
  }
}
