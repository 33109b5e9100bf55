import APIMachinery

/// Flow schemas and priority levels (`pkg/apis/flowcontrol/validation`).
enum FlowcontrolValidation {
  static func flowSchema(_ object: Value, _ out: inout Findings) {
    let spec = object[.spec]
    let at = Path.spec.child("matchingPrecedence")
    let precedence = spec[.matchingPrecedence].int ?? 0
    if precedence <= 0 { out.invalid(at, .int(precedence), "must be a positive value") }
    if precedence > 10000 { out.invalid(at, .int(precedence), "must not be greater than 10000") }
    if precedence == 1, object.name != "exempt" {
      out.invalid(at, .int(1), "only the schema named 'exempt' may have matchingPrecedence 1")
    }
    if let method = spec.get(.distinguisherMethod) {
      let types = ["ByNamespace", "ByUser"]
      if !types.contains(method[.type].string ?? "") {
        out.notSupported(
          Path.spec.child("distinguisherMethod").child("type"),
          shown: "{\"Type\":\(CanonicalJSON.string(.string(method[.type].string ?? "")))}", types)
      }
    }
    let place = Path.spec.child("priorityLevelConfiguration").child("name")
    let level = spec[.priorityLevelConfiguration][.name].string ?? ""
    if level.isEmpty {
      out.required(place, "must reference a priority level")
    } else {
      out.invalid(place, level, all: Names.isDNS1123Subdomain(level))
    }
    for (i, rule) in spec[.rules].items.enumerated() {
      self.rule(rule, Path.spec.child("rules").index(i), &out)
    }
    conditions(object, &out)
  }

  private static func rule(_ rule: Value, _ at: Path, _ out: inout Findings) {
    if rule[.subjects].isEmpty {
      out.required(at.child("subjects"), "subjects must contain at least one value")
    }
    for (i, subject) in rule[.subjects].items.enumerated() {
      self.subject(subject, at.child("subjects").index(i), &out)
    }
    let resources = rule[.resourceRules]
    let urls = rule[.nonResourceRules]
    if resources.isEmpty, urls.isEmpty {
      out.required(at, "at least one of resourceRules and nonResourceRules has to be non-empty")
    }
    for (i, one) in resources.items.enumerated() {
      resource(one, at.child("resourceRules").index(i), &out)
    }
    for (i, one) in urls.items.enumerated() {
      let place = at.child("nonResourceRules").index(i)
      verbs(one, place, &out)
      nonResource(one[.nonResourceURLs], place.child("nonResourceURLs"), &out)
    }
  }

  private static let kinds = [
    ("ServiceAccount", "serviceAccount"), ("User", "user"), ("Group", "group"),
  ]

  private static func subject(_ subject: Value, _ at: Path, _ out: inout Findings) {
    let kind = subject[.kind].string ?? ""
    guard let own = kinds.first(where: { $0.0 == kind }) else {
      out.notSupported(at.child("kind"), .string(kind), ["Group", "ServiceAccount", "User"])
      return
    }
    let place = at.child(own.1)
    if let body = subject.get(Key(own.1)) {
      let name = body[.name].string ?? ""
      if name.isEmpty {
        out.required(place.child("name"))
      } else if kind == "ServiceAccount", name != "*" {
        out.invalid(place.child("name"), name, all: Names.isDNS1123Subdomain(name))
      }
      if kind == "ServiceAccount" {
        let namespace = body[.namespace].string ?? ""
        if namespace.isEmpty {
          out.required(place.child("namespace"), "must specify namespace for service account")
        } else {
          out.invalid(place.child("namespace"), namespace, all: Names.isDNS1123Label(namespace))
        }
      }
    } else {
      out.required(place, "\(own.1) is required when subject kind is '\(kind)'")
    }
    let others =
      kind == "ServiceAccount" ? ["user", "group"] : ["serviceAccount", kind == "User" ? "group" : "user"]
    for field in others where subject.has(Key(field)) {
      let name = kinds.first { $0.1 == field }?.0 ?? ""
      out.forbidden(at.child(field), "\(field) is forbidden when subject kind is not '\(name)'")
    }
  }

  private static let supportedVerbs = [
    "create", "delete", "deletecollection", "get", "list", "patch", "proxy", "update", "watch",
  ]

  private static func verbs(_ rule: Value, _ at: Path, _ out: inout Findings) {
    let verbs = rule[.verbs]
    let place = at.child("verbs")
    if verbs.isEmpty {
      out.required(place, "verbs must contain at least one value")
    } else if verbs.items.contains("*") {
      if verbs.count > 1 {
        out.invalid(place, verbs, "if '*' is present, must not specify other verbs")
      }
    } else if verbs.items.contains(where: { !supportedVerbs.contains($0.string ?? "") }) {
      out.notSupported(place, verbs, supportedVerbs)
    }
  }

  private static func resource(_ rule: Value, _ at: Path, _ out: inout Findings) {
    verbs(rule, at, &out)
    for (field, one, many) in [
      ("apiGroups", "api group", "api groups"), ("resources", "resource", "resources"),
    ] {
      let list = rule[Key(field)]
      if list.isEmpty {
        out.required(at.child(field), "resource rules must supply at least one \(one)")
      } else if list.count > 1, list.items.contains("*") {
        out.invalid(at.child(field), list, "if '*' is present, must not specify other \(many)")
      }
    }
    let namespaces = rule[.namespaces]
    let place = at.child("namespaces")
    if namespaces.isEmpty, rule[.clusterScope].bool != true {
      out.required(
        place, "resource rules that are not cluster scoped must supply at least one namespace")
    } else if namespaces.items.contains("*") {
      if namespaces.count > 1 {
        out.invalid(place, namespaces, "if '*' is present, must not specify other namespaces")
      }
    } else {
      for (i, namespace) in namespaces.items.enumerated() {
        for problem in Names.isDNS1123Label(namespace.string ?? "") {
          out.invalid(
            place.index(i), namespace,
            "each member of this list must be '*' or a DNS-1123 label; \(problem)")
        }
      }
    }
  }

  private static func nonResource(_ urls: Value, _ at: Path, _ out: inout Findings) {
    if urls.isEmpty {
      return out.required(at, "nonResourceURLs must contain at least one value")
    }
    if urls.items.contains("*") {
      if urls.count > 1 {
        out.invalid(at, urls, "if '*' is present, must not specify other non-resource URLs")
      }
      return
    }
    for (i, url) in urls.items.enumerated() {
      if let problem = path(url.string ?? "") { out.invalid(at.index(i), url, problem) }
    }
  }

  /// `ValidateNonResourceURLPath`.
  private static func path(_ text: String) -> String? {
    if text.isEmpty { return "must not be empty" }
    if text == "/" { return nil }
    if !text.hasPrefix("/") { return "must start with slash" }
    if text.contains(" ") { return "must not contain white-space" }
    if text.contains("//") { return "must not contain double slash" }
    let stars = text.utf8.count { $0 == 0x2A }
    if stars > 1 || stars == 1 && !text.hasSuffix("/*") { return "wildcard can only do suffix matching" }
    return nil
  }

  private static func conditions(_ object: Value, _ out: inout Findings) {
    var seen: Set<String> = []
    for (i, condition) in object[.status][.conditions].items.enumerated() {
      let at = Path("status").child("conditions").index(i).child("type")
      let type = condition[.type].string ?? ""
      if !seen.insert(type).inserted { out.duplicate(at, .string(type)) }
      if type.isEmpty { out.required(at, "must not be empty") }
    }
  }

  // MARK: - Priority levels

  static func priorityLevel(_ object: Value, _ out: inout Findings) {
    let spec = object[.spec]
    let type = spec[.type].string ?? ""
    let at = Path.spec.child("type")
    if (object.name == "exempt") != (type == "Exempt") {
      out.invalid(at, type, "type must be 'Exempt' if and only if name is 'exempt'")
    }
    let place = Path.spec.child("limited")
    switch type {
    case "Exempt":
      if spec.has(.limited) { out.forbidden(place, "must be nil if the type is Exempt") }
      if let exempt = spec.get(.exempt) { shares(exempt, Path.spec.child("exempt"), &out) }
    case "Limited":
      if spec.has(.exempt) {
        out.forbidden(Path.spec.child("exempt"), "must be nil if the type is Limited")
      }
      if let limited = spec.get(.limited) {
        self.limited(limited, place, &out)
      } else {
        out.required(place, "must not be empty when type is Limited")
      }
    default: out.notSupported(at, .string(type), ["Exempt", "Limited"])
    }
    conditions(object, &out)
  }

  private static func shares(_ level: Value, _ at: Path, _ out: inout Findings) {
    if let shares = level[.nominalConcurrencyShares].int, shares < 0 {
      out.invalid(at.child("nominalConcurrencyShares"), .int(shares), "must be a non-negative integer")
    }
    if let percent = level[.lendablePercent].int, percent < 0 || percent > 100 {
      out.invalid(at.child("lendablePercent"), .int(percent), "must be between 0 and 100, inclusive")
    }
  }

  private static func limited(_ limited: Value, _ at: Path, _ out: inout Findings) {
    shares(limited, at, &out)
    if let percent = limited[.borrowingLimitPercent].int, percent < 0 {
      out.invalid(
        at.child("borrowingLimitPercent"), .int(percent), "if specified, must be a non-negative integer")
    }
    let response = limited[.limitResponse]
    let place = at.child("limitResponse")
    switch response[.type].string ?? "" {
    case "Reject":
      if response.has(.queuing) {
        out.forbidden(place.child("queuing"), "must be nil if limited.limitResponse.type is not Limited")
      }
    case "Queue":
      if let queuing = response.get(.queuing) {
        self.queuing(queuing, place.child("queuing"), &out)
      } else {
        out.required(
          place.child("queuing"), "must not be empty if limited.limitResponse.type is Limited")
      }
    default:
      out.notSupported(
        place.child("type"), .string(response[.type].string ?? ""), ["Queue", "Reject"])
    }
  }

  private static func queuing(_ queuing: Value, _ at: Path, _ out: inout Findings) {
    let length = queuing[.queueLengthLimit].int ?? 0
    if length <= 0 { out.invalid(at.child("queueLengthLimit"), .int(length), "must be positive") }
    let queues = queuing[.queues].int ?? 0
    if queues <= 0 {
      out.invalid(at.child("queues"), .int(queues), "must be positive")
    } else if queues > 10_000_000 {
      out.invalid(at.child("queues"), .int(queues), "must not be greater than 10000000")
    }
    let hand = queuing[.handSize].int ?? 0
    if hand <= 0 {
      out.invalid(at.child("handSize"), .int(hand), "must be positive")
    } else if hand > queues {
      out.invalid(
        at.child("handSize"), .int(hand), "should not be greater than queues (\(queues))")
    } else if entropyBits(queues, hand) > 60 {
      out.invalid(
        at.child("handSize"), .int(hand),
        "required entropy bits of deckSize \(queues) and handSize \(hand) should not be greater than 60")
    }
  }

  /// `shufflesharding.RequiredEntropyBits`: the bits that dealing a hand takes.
  private static func entropyBits(_ deck: Int, _ hand: Int) -> Int {
    if hand > 64 { return 61 }
    var product = 1.0
    for i in 0..<hand { product *= Double(deck - i) }
    var bits = 0
    while product > 1 {
      product /= 2
      bits += 1
    }
    return bits
  }
}
