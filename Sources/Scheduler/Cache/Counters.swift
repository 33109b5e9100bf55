import APIMachinery

/// How many placed pods match something, per node; kept up to date pod by pod.
final class SelectorCounter: ClassMatcher {
  enum Matcher {
    case selector(Key, LabelSelector)
    case terms([PodMatcher])
  }
  let matcher: Matcher
  let countsTerminating: Bool
  var counts = PodCounts()

  init(_ matcher: Matcher, countsTerminating: Bool) {
    self.matcher = matcher
    self.countsTerminating = countsTerminating
  }

  func matches(_ podClass: PodClass, _ namespaceLabels: (Key) -> Value) -> Bool {
    switch matcher {
    case .selector(let wanted, let selector):
      return wanted == podClass.namespace && !selector.isEverything
        && selector.matches(labels: podClass.labels)
    case .terms(let terms):
      return terms.allSatisfy {
        $0.matches(namespace: podClass.namespace, labels: podClass.labels, namespaceLabels)
      }
    }
  }

  var requirements: [LabelSelector.Requirement] {
    switch matcher {
    case .selector(_, let selector): return selector.requirements
    case .terms(let terms): return terms.flatMap(\.selector.requirements)
    }
  }

  var readsNamespaces: Bool {
    guard case .terms(let terms) = matcher else { return false }
    return terms.contains { $0.namespaceSelector != nil }
  }

  func add(_ podClass: PodClass) { podClass.counters.append(self) }
}

/// A term that placed pods carry and that may concern incoming pods, with how many carry it per node.
final class CarriedTerm: ClassMatcher {
  enum Kind: Int { case requiredAffinity, requiredAnti, preferred, preferredAnti }
  let kind: Kind
  let term: PodAffinityTerm
  var counts = PodCounts()

  init(_ kind: Kind, _ term: PodAffinityTerm) {
    self.kind = kind
    self.term = term
  }

  func matches(_ podClass: PodClass, _ namespaceLabels: (Key) -> Value) -> Bool {
    term.matcher.matches(namespace: podClass.namespace, labels: podClass.labels, namespaceLabels)
  }

  var requirements: [LabelSelector.Requirement] { term.matcher.selector.requirements }
  var readsNamespaces: Bool { term.matcher.namespaceSelector != nil }
  func add(_ podClass: PodClass) { podClass.matchingTerms.append(self) }
}

/// Something that matches whole classes of pods by their labels.
protocol ClassMatcher: AnyObject {
  func matches(_ podClass: PodClass, _ namespaceLabels: (Key) -> Value) -> Bool
  /// All of these must hold of a pod's labels.
  var requirements: [LabelSelector.Requirement] { get }
  var readsNamespaces: Bool { get }
  /// Notes at the class that it matches.
  func add(_ podClass: PodClass)
}

/// Finds matchers by class and classes by matcher without comparing all with all: each matcher is filed under one
/// label that it asks for.
final class MatchIndex {
  private struct Label: Hashable {
    let key: Key
    let value: Value.Name
  }
  private var classes: [Label: [PodClass]] = [:]
  private var all: [PodClass] = []
  private var filed: [Label: [any ClassMatcher]] = [:]
  /// Matchers that ask for no label.
  private var unfiled: [any ClassMatcher] = []
  private var namespaceReaders: [any ClassMatcher] = []
  var namespaceLabels: [Key: Value] = [:]

  func labels(of namespace: Key) -> Value { namespaceLabels[namespace] ?? .emptyObject }

  func add(_ podClass: PodClass) {
    all.append(podClass)
    for field in podClass.labels.fields {
      let label = Label(key: field.key, value: .init(value: field.value))
      classes[label, default: []].append(podClass)
      for matcher in filed[label] ?? [] where matcher.matches(podClass, labels) { matcher.add(podClass) }
    }
    for matcher in unfiled where matcher.matches(podClass, labels) { matcher.add(podClass) }
  }

  /// Files a matcher; gives the classes that it matches.
  func add(_ matcher: any ClassMatcher) -> [PodClass] {
    if matcher.readsNamespaces { namespaceReaders.append(matcher) }
    var best: (label: Label, count: Int)?
    for requirement in matcher.requirements where requirement.op == .equals {
      guard let value = requirement.values.first else { continue }
      let label = Label(key: requirement.key, value: .init(value: .string(value)))
      let count = classes[label]?.count ?? 0
      if best == nil || count < best!.count { best = (label, count) }
    }
    let candidates: [PodClass]
    if let best {
      filed[best.label, default: []].append(matcher)
      candidates = classes[best.label] ?? []
    } else {
      unfiled.append(matcher)
      candidates = all
    }
    let matched = candidates.filter { matcher.matches($0, labels) }
    for podClass in matched { matcher.add(podClass) }
    return matched
  }

  /// After labels of a namespace changed: matchers that choose namespaces by labels, each with the classes that it
  /// now matches.
  func rematch() -> [(any ClassMatcher, [PodClass])] {
    if namespaceReaders.isEmpty { return [] }
    for podClass in all {
      podClass.counters.removeAll { $0.readsNamespaces }
      podClass.matchingTerms.removeAll { $0.readsNamespaces }
    }
    return namespaceReaders.map { matcher in
      let matched = all.filter { matcher.matches($0, labels) }
      for podClass in matched { matcher.add(podClass) }
      return (matcher, matched)
    }
  }
}
