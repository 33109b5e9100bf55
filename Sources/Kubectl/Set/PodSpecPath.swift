public import APIMachinery

/// The pod spec within an object that has one: a pod, a template, a CronJob's job's template
/// (`kubectl/pkg/polymorphichelpers/updatepodspecforobject.go`).
public enum PodSpecPath {
  /// The fields on the way to the pod spec, or nil for kinds without one.
  public static func of(_ object: Value) -> [Key]? {
    switch ObjectKey(of: object).kind {
    case .pod: [.spec]
    case .deployment, .daemonSet, .statefulSet, .replicaSet, .replicationController, .job:
      [.spec, .template, .spec]
    case .cronJob: [.spec, .jobTemplate, .spec, .template, .spec]
    default: nil
    }
  }

  /// The object with its pod spec changed.
  public static func change(
    _ object: Value, _ change: (inout Value) throws(KubectlError) -> Void
  ) throws(KubectlError) -> Value {
    guard let path = of(object) else {
      throw .client("the object is not a pod or does not have a pod template: \(object.kindName)")
    }
    return try step(object, path[...], change)
  }

  private static func step(
    _ value: Value, _ path: ArraySlice<Key>, _ body: (inout Value) throws(KubectlError) -> Void
  ) throws(KubectlError) -> Value {
    guard let first = path.first else {
      var spec = value
      try body(&spec)
      return spec
    }
    return value.setting(first, try step(value[first], path.dropFirst(), body))
  }

  static let containerLists: [Key] = [.initContainers, .containers]

  /// Changes the containers whose names match (`*` for all), init containers too; how many there were.
  @discardableResult
  static func containers(
    in spec: inout Value, _ name: String, lists: [Key] = containerLists, _ change: (inout Value) -> Void
  ) -> Int {
    var found = 0
    for key in lists where spec.has(key) {
      var items = Array(spec[key].items)
      for i in items.indices where Wildcard.matches(name, items[i][.name].string ?? "") {
        found += 1
        change(&items[i])
      }
      spec[key] = .array(items)
    }
    return found
  }
}

/// Names with stars, as `set image` and `set resources` take them.
enum Wildcard {
  static func matches(_ pattern: String, _ text: String) -> Bool {
    let parts = pattern.split(separator: "*", omittingEmptySubsequences: false).map(String.init)
    if parts.count == 1 { return pattern == text }
    guard text.hasPrefix(parts[0]) else { return false }
    var rest = text[text.index(text.startIndex, offsetBy: parts[0].count)...]
    for part in parts[1..<(parts.count - 1)] where !part.isEmpty {
      guard let found = rest.firstRange(of: part) else { return false }
      rest = rest[found.upperBound...]
    }
    return rest.hasSuffix(parts[parts.count - 1])
  }
}
