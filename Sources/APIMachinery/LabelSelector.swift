/// A compiled label selector (`metav1.LabelSelector`, `labels.Selector`): all requirements must hold.
public struct LabelSelector: Sendable {
  public enum Operator: String, Sendable {
    case equals = "="
    case notEquals = "!="
    case `in` = "In"
    case notIn = "NotIn"
    case exists = "Exists"
    case doesNotExist = "DoesNotExist"
    case greaterThan = "Gt"
    case lessThan = "Lt"
  }

  /// One condition on one label.
  public struct Requirement: @unchecked Sendable {
    public var key: Key
    public var op: Operator
    /// Sorted by bytes, each once.
    public var values: [Text]

    public init(_ key: Key, _ op: Operator, _ values: [String] = []) {
      self.key = key
      self.op = op
      let sorted = values.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      self.values = sorted.enumerated().filter { $0.offset == 0 || sorted[$0.offset - 1] != $0.element }
        .map { Text.make($0.element) }
    }
  }

  public private(set) var requirements: [Requirement]
  /// Whether nothing matches: the selector was absent, or one of its operators is unknown.
  public private(set) var isNothing: Bool

  public static let everything = LabelSelector([])
  public static let nothing = LabelSelector(nothing: true)

  private init(nothing: Bool) {
    requirements = []
    isNothing = nothing
  }

  public init(_ requirements: [Requirement]) {
    self.requirements = requirements.enumerated().sorted {
      $0.element.key == $1.element.key ? $0.offset < $1.offset : $0.element.key < $1.element.key
    }.map(\.element)
    isNothing = false
  }

  /// From `{matchLabels, matchExpressions}`. Absent (nil, null) matches nothing, empty matches everything
  /// (`metav1.LabelSelectorAsSelector`).
  public init(_ selector: Value?) {
    guard let selector, selector.isObject else {
      self = .nothing
      return
    }
    var all = LabelSelector.labels(selector[.matchLabels])
    for expression in selector[.matchExpressions].items {
      let values = expression[.values].items.compactMap(\.string)
      let known: Operator? =
        switch expression[.operator].string {
        case "In": .in
        case "NotIn": .notIn
        case "Exists": .exists
        case "DoesNotExist": .doesNotExist
        default: nil
        }
      guard let known else {
        self = .nothing
        return
      }
      all.append(Requirement(expression[.key].key, known, values))
    }
    self.init(all)
  }

  /// From a plain map of labels, as in `Service.spec.selector`: all must be equal; an empty map matches all.
  public init(matchLabels: Value) { self.init(LabelSelector.labels(matchLabels)) }

  private static func labels(_ map: Value) -> [Requirement] {
    map.fields.map { Requirement($0.key, .equals, [$0.value.string ?? ""]) }
  }

  public var isEverything: Bool { !isNothing && requirements.isEmpty }

  public func matches(labels: Value) -> Bool {
    if isNothing { return false }
    defer { withExtendedLifetime(labels) {} }
    let labels = ValueView.of(labels)
    return requirements.withUnsafeBufferPointer { requirements in
      for i in requirements.indices where !requirements[i].holds(for: labels.get(requirements[i].key)) {
        return false
      }
      return true
    }
  }

  /// Whether the object's `metadata.labels` match.
  public func matches(_ object: Value) -> Bool { matches(labels: object.labels) }
}

extension LabelSelector.Requirement {
  /// Whether it holds for the label's value; what is no text is no label.
  func holds(for label: ValueView) -> Bool {
    guard case .string(let label) = label else {
      return op == .doesNotExist || op == .notEquals || op == .notIn
    }
    return label._withUnsafeGuaranteedRef { label in
      switch op {
      case .exists: return true
      case .doesNotExist: return false
      case .equals, .in: return isListed(label)
      case .notEquals, .notIn: return !isListed(label)
      case .greaterThan, .lessThan:
        guard let have = Int(label.string), let want = values.first.flatMap({ Int($0.string) }) else {
          return false
        }
        return op == .greaterThan ? have > want : have < want
      }
    }
  }

  @inline(__always) private func isListed(_ label: Text) -> Bool {
    values.withUnsafeBufferPointer { values in
      for i in values.indices where values[i] == label { return true }
      return false
    }
  }
}
