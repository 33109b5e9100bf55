import APIMachinery
import Kubectl

/// `set serviceaccount TYPE NAME SERVICE_ACCOUNT` (`kubectl/pkg/cmd/set/set_serviceaccount.go`).
struct SetServiceAccountCommand: VerbCommand {
  static let name = "set serviceaccount"
  static let summary = "Set the service account of a workload's pods"
  static let usage = "(-f FILE | TYPE NAME…) SERVICE_ACCOUNT"

  func perform(_ verb: Verb) throws {
    guard let account = verb.arguments.positional.last else {
      throw KubectlError.client("serviceaccount is required")
    }
    let resources = Array(verb.arguments.positional.dropLast())
    try SetVerb.change(verb, resources, "serviceaccount updated") { object throws(KubectlError) in
      try PodSpecPath.change(object) { spec throws(KubectlError) in
        spec[.serviceAccountName] = .string(account)
        // The old name of the field follows.
        spec.remove(.serviceAccount)
      }
    }
  }
}

/// `set selector service NAME KEY=VALUE,…` (`kubectl/pkg/cmd/set/set_selector.go`).
struct SetSelectorCommand: VerbCommand {
  static let name = "set selector"
  static let summary = "Set the selector of a service"
  static let usage = "(-f FILE | TYPE NAME) KEY=VALUE,…"
  static let flags = [VerbFlags.resourceVersion] + VerbFlags.targets

  func perform(_ verb: Verb) throws {
    guard let text = verb.arguments.positional.last else {
      throw KubectlError.client(
        "one or more resources must be specified as <resource> <name> or <resource>/<name>")
    }
    var selector = Value.emptyObject
    for part in text.split(separator: ",") {
      let pair = part.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
      guard pair.count == 2 else { throw KubectlError.client("invalid label selector: \(text)") }
      selector[Key(pair[0])] = .string(pair[1])
    }
    let resources = Array(verb.arguments.positional.dropLast())
    let version = verb.arguments.string("resource-version")
    try SetVerb.change(verb, resources, "selector updated") { object throws(KubectlError) in
      guard ObjectKey(of: object).kind == .service else {
        throw .client("setting a selector is only supported for Services")
      }
      var next = object
      next[.spec][.selector] = selector
      if let version { next.metadata[.resourceVersion] = .string(version) }
      return next
    }
  }
}
