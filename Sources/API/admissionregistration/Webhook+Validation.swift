import APIMachinery

/// Webhook configurations (`pkg/apis/admissionregistration/validation`, `apiserver/pkg/util/webhook`).
enum WebhookValidation {
  static func validating(_ object: Value, _ out: inout Findings) { hooks(object, isMutating: false, &out) }
  static func mutating(_ object: Value, _ out: inout Findings) { hooks(object, isMutating: true, &out) }

  private static func hooks(_ object: Value, isMutating: Bool, _ out: inout Findings) {
    var names: Set<String> = []
    for (i, hook) in object[.webhooks].items.enumerated() {
      let at = Path("webhooks").index(i)
      self.hook(hook, isMutating, at, &out)
      versions(hook[.admissionReviewVersions], at.child("admissionReviewVersions"), &out)
      if let name = hook[.name].string, !name.isEmpty, !names.insert(name).inserted {
        out.duplicate(at.child("name"), .string(name))
      }
    }
  }

  private static func hook(_ hook: Value, _ isMutating: Bool, _ at: Path, _ out: inout Findings) {
    qualifiedName(hook[.name].string ?? "", at.child("name"), &out)
    for (i, rule) in hook[.rules].items.enumerated() {
      MatchRulesValidation.rule(rule, at.child("rules").index(i), &out)
    }
    if let policy = hook.get(.failurePolicy) {
      out.oneOf(at.child("failurePolicy"), policy, ["Fail", "Ignore"])
    }
    if let policy = hook.get(.matchPolicy) {
      out.oneOf(at.child("matchPolicy"), policy, ["Equivalent", "Exact"])
    }
    if let effects = hook.get(.sideEffects) {
      out.oneOf(at.child("sideEffects"), effects, ["None", "NoneOnDryRun"])
    } else {
      out.required(at.child("sideEffects"), "must specify one of None, NoneOnDryRun")
    }
    if let seconds = hook[.timeoutSeconds].int, seconds > 30 || seconds < 1 {
      out.invalid(
        at.child("timeoutSeconds"), .int(seconds), "the timeout value must be between 1 and 30 seconds")
    }
    for key in ["namespaceSelector", "objectSelector"] {
      SelectorRule.selector(hook[Key(key)], at.child(key), &out)
    }
    if isMutating, let policy = hook.get(.reinvocationPolicy) {
      out.oneOf(at.child("reinvocationPolicy"), policy, ["IfNeeded", "Never"])
    }
    client(hook[.clientConfig], at.child("clientConfig"), &out)
    MatchRulesValidation.conditions(
      hook[.matchConditions], .admission(hasParams: false, variables: nil), at.child("matchConditions"), &out
    )
  }

  /// `IsFullyQualifiedName`.
  private static func qualifiedName(_ name: String, _ at: Path, _ out: inout Findings) {
    if name.isEmpty { return out.required(at) }
    let problems = Names.isDNS1123Subdomain(name)
    if !problems.isEmpty { return out.invalid(at, name, problems.joined(separator: ",")) }
    if name.split(separator: ".").count < 3 {
      out.invalid(at, name, "should be a domain with at least three segments separated by dots")
    }
  }

  private static func versions(_ list: Value, _ at: Path, _ out: inout Findings) {
    let known = ["v1", "v1beta1"]
    if list.isEmpty { return out.required(at, "must specify one of v1, v1beta1") }
    var seen: Set<String> = []
    for (i, version) in list.items.enumerated() {
      let text = version.string ?? ""
      if !seen.insert(text).inserted {
        out.invalid(at.index(i), text, "duplicate version")
      } else {
        out.invalid(at.index(i), text, all: Names.isDNS1035Label(text))
      }
    }
    if !known.contains(where: seen.contains) {
      out.invalid(at, list, "must include at least one of v1, v1beta1")
    }
  }

  static func client(_ config: Value, _ at: Path, _ out: inout Findings) {
    let hasURL = config.has(.url)
    if hasURL == config[.service].isObject {
      return out.required(at, "exactly one of url or service is required")
    }
    if hasURL {
      url(config[.url].string ?? "", at.child("url"), &out)
    } else {
      service(config[.service], at.child("service"), &out)
    }
  }

  /// `ValidateWebhookURL`.
  private static func url(_ text: String, _ at: Path, _ out: inout Findings) {
    let form = "; desired format: https://host[/path]"
    if text.isEmpty { return out.required(at, "url must be specified" + form) }
    let parts = URLParts(text)
    if parts.scheme != "https" {
      out.invalid(at, parts.scheme, "'https' is the only allowed URL scheme" + form)
    }
    if parts.host.isEmpty { out.invalid(at, parts.host, "host must be specified" + form) }
    if let user = parts.user {
      out.invalid(at, user, "user information is not permitted in the URL")
    }
    if let fragment = parts.fragment, !fragment.isEmpty {
      out.invalid(at, fragment, "fragments are not permitted in the URL")
    }
    if let query = parts.query, !query.isEmpty {
      out.invalid(at, query, "query parameters are not permitted in the URL")
    }
  }

  /// `ValidateWebhookService`.
  private static func service(_ service: Value, _ at: Path, _ out: inout Findings) {
    if service[.name].string.isNilOrEmpty { out.required(at.child("name"), "service name is required") }
    if service[.namespace].string.isNilOrEmpty {
      out.required(at.child("namespace"), "service namespace is required")
    }
    let port = service[.port].int ?? 443
    if !Names.isPortNumber(port).isEmpty {
      out.invalid(
        at.child("port"), .int(port), "port is not valid: \(Names.isPortNumber(port).joined(separator: ","))")
    }
    guard let text = service[.path].string, text != "/" else { return }
    let place = at.child("path")
    if text == "//" { return out.invalid(place, text, "segment[0] may not be empty") }
    if !text.hasPrefix("/") { out.invalid(place, text, "must start with a '/'") }
    var steps = text.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
    if steps.last == "" { steps.removeLast() }
    for (i, step) in steps.enumerated() {
      if step.isEmpty {
        out.invalid(place, text, "segment[\(i)] may not be empty")
        continue
      }
      for problem in Names.isDNS1123Subdomain(String(step)) {
        out.invalid(place, text, "segment[\(i)]: \(problem)")
      }
    }
  }
}

/// The parts of a URL as Go's `net/url` splits them.
struct URLParts {
  var scheme = ""
  var user: String?
  var host = ""
  var query: String?
  var fragment: String?

  init(_ text: String) {
    var rest = Substring(text)
    if let hash = rest.firstIndex(of: "#") {
      fragment = String(rest[rest.index(after: hash)...])
      rest = rest[..<hash]
    }
    if let colon = rest.firstIndex(of: ":"), rest[..<colon].allSatisfy({ $0.isASCII && $0.isLetter }) {
      scheme = rest[..<colon].lowercased()
      rest = rest[rest.index(after: colon)...]
    }
    if let mark = rest.firstIndex(of: "?") {
      query = String(rest[rest.index(after: mark)...])
      rest = rest[..<mark]
    }
    guard rest.hasPrefix("//") else { return }
    rest = rest.dropFirst(2)
    host = String(rest.prefix { $0 != "/" })
    if let at = host.lastIndex(of: "@") {
      user = String(host[..<at])
      host = String(host[host.index(after: at)...])
    }
  }
}
