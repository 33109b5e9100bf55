public import APIMachinery

/// `set resources` (`kubectl/pkg/cmd/set/set_resources.go`).
public struct SetResources: Sendable {
  var limits: Value
  var requests: Value

  /// From `cpu=200m,memory=512Mi`; amounts must be quantities.
  public init(limits: String?, requests: String?) throws(KubectlError) {
    self.limits = try Self.list(limits)
    self.requests = try Self.list(requests)
    if self.limits.isEmpty && self.requests.isEmpty {
      throw .client(
        "you must specify an update to requests or limits (in the form of --requests/--limits)")
    }
  }

  private static func list(_ text: String?) throws(KubectlError) -> Value {
    guard let text, !text.isEmpty else { return .emptyObject }
    var list = Value.emptyObject
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let pair = part.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
      guard pair.count == 2 else {
        throw .client("Invalid argument syntax \(part), expected <resource>=<value>")
      }
      guard let amount = Quantity(pair[1]) else {
        throw .client(
          "quantities must match the regular expression "
            + "'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'")
      }
      list[Key(pair[0])] = .string(amount.canonical)
    }
    return list
  }

  /// The object with the resources of its containers set; an amount of 0 takes the resource away.
  public func apply(to object: Value, containers: String) throws(KubectlError) -> Value {
    var missing = false
    let next = try PodSpecPath.change(object) { spec throws(KubectlError) in
      let found = PodSpecPath.containers(in: &spec, containers, lists: [.containers]) { container in
        for (key, changes) in [(Key.limits, limits), (.requests, requests)] where !changes.isEmpty {
          var list = container[.resources][key]
          for change in changes.fields {
            let isZero = Quantity(change.value)?.isZero ?? false
            list.set(change.key, isZero ? nil : change.value)
          }
          container[.resources].set(key, list.isEmpty ? nil : list)
        }
      }
      missing = found == 0
    }
    if missing { throw .client("unable to find container named \(containers)") }
    return next
  }
}
