public import APIMachinery

/// One term of a node selector: expressions on labels and on the node's name, all of which must hold
/// (`component-helpers/scheduling/corev1/nodeaffinity`).
public struct NodeSelectorTerm: Sendable {
  public var labels: LabelSelector
  /// `metadata.name` expressions: whether In, and the name.
  public var names: [(isIn: Bool, name: Key)] = []
  /// An empty term and one that cannot be read match nothing.
  public var matchesNothing = false

  public init(_ term: Value) {
    var requirements: [LabelSelector.Requirement] = []
    for expression in term[.matchExpressions].items {
      guard let op = Self.operators[expression[.operator].string ?? ""] else {
        matchesNothing = true
        continue
      }
      let values = expression[.values].items.compactMap(\.string)
      if op == .greaterThan || op == .lessThan {
        if values.count != 1 || Int(values[0]) == nil { matchesNothing = true }
      }
      requirements.append(.init(expression[.key].key, op, values))
    }
    for field in term[.matchFields].items {
      let values = field[.values].items
      guard field[.key].says("metadata.name"), values.count == 1,
        let op = field[.operator].string, op == "In" || op == "NotIn"
      else {
        matchesNothing = true
        continue
      }
      names.append((op == "In", values[0].key))
    }
    labels = LabelSelector(requirements)
    if requirements.isEmpty && names.isEmpty { matchesNothing = true }
  }

  private static let operators: [String: LabelSelector.Operator] = [
    "In": .in, "NotIn": .notIn, "Exists": .exists, "DoesNotExist": .doesNotExist, "Gt": .greaterThan,
    "Lt": .lessThan,
  ]

  public func matches(name: Key, labels nodeLabels: Value) -> Bool {
    if matchesNothing { return false }
    for (isIn, wanted) in names where (wanted == name) != isIn { return false }
    return labels.matches(labels: nodeLabels)
  }
}

/// Which nodes a pod may run on: `spec.nodeSelector` and the required node affinity.
public struct RequiredNodes: Sendable {
  public var selector: LabelSelector
  /// nil when the pod has no required node affinity.
  public var terms: [NodeSelectorTerm]?

  public init(_ spec: Value) {
    selector = LabelSelector(matchLabels: spec[.nodeSelector])
    let required = spec[.affinity][.nodeAffinity][.requiredDuringSchedulingIgnoredDuringExecution]
    terms = required.isObject ? required[.nodeSelectorTerms].items.map { NodeSelectorTerm($0) } : nil
  }

  /// From a bare node selector, as in a volume's `nodeAffinity.required`.
  public init(nodeSelector: Value) {
    selector = .everything
    terms = nodeSelector.isObject ? nodeSelector[.nodeSelectorTerms].items.map { NodeSelectorTerm($0) } : nil
  }

  public var isEverything: Bool { selector.isEverything && terms == nil }

  public func matches(name: Key, labels: Value) -> Bool {
    guard selector.matches(labels: labels) else { return false }
    guard let terms else { return true }
    return terms.contains { $0.matches(name: name, labels: labels) }
  }

  public func matches(_ node: Value) -> Bool { matches(name: node.nameKey, labels: node.labels) }

  /// The nodes that every term names by `metadata.name`; nil where some term names none.
  public var namedNodes: [Key]? {
    guard let terms, !terms.isEmpty else { return nil }
    var union: Set<Key> = []
    for term in terms {
      let wanted = term.names.filter(\.isIn).map(\.name)
      guard let first = wanted.first else { return nil }
      if wanted.allSatisfy({ $0 == first }) { union.insert(first) }
    }
    return union.sorted()
  }
}
