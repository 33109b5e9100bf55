import APIMachinery

/// Claims, their templates and device classes (`pkg/apis/resource/validation`).
enum ResourceClaimValidation {
  static func claim(_ object: Value, _ out: inout Findings) {
    devices(object[.spec][.devices], Path.spec.child("devices"), &out)
  }

  static func claimUpdate(_ new: Value, _ old: Value, _ out: inout Findings) {
    out.immutable(.spec, new[.spec], old[.spec])
  }

  static func template(_ object: Value, _ out: inout Findings) {
    ObjectMetaValidation.template(object[.spec][.metadata], Path.spec.child("metadata"), &out)
    devices(object[.spec][.spec][.devices], Path.spec.child("spec").child("devices"), &out)
  }

  static func deviceClass(_ object: Value, _ out: inout Findings) {
    let spec = object[.spec]
    selectors(spec[.selectors], Path.spec.child("selectors"), &out)
    for (i, config) in spec[.config].items.enumerated() {
      configuration(config, Path.spec.child("config").index(i), &out)
    }
    limit(spec[.config], 32, Path.spec.child("config"), &out)
    if let name = spec[.extendedResourceName].string, !ResourceRule.isExtended(name) {
      out.invalid(
        Path.spec.child("extendedResourceName"), name, "must be a valid extended resource name")
    }
  }

  static func limit(_ list: Value, _ most: Int, _ at: Path, _ out: inout Findings) {
    if list.count > most { out.tooMany(at, list.count, most: most) }
  }

  /// The names of the requests with those of their alternatives.
  private static func names(_ requests: Value) -> Set<String> {
    var all: Set<String> = []
    for request in requests.items {
      let name = request[.name].string ?? ""
      all.insert(name)
      for one in request[.firstAvailable].items { all.insert("\(name)/\(one[.name].string ?? "")") }
    }
    return all
  }

  private static func devices(_ devices: Value, _ path: Path, _ out: inout Findings) {
    let known = names(devices[.requests])
    let requests = path.child("requests")
    for (i, request) in devices[.requests].items.enumerated() {
      self.request(request, requests.index(i), &out)
    }
    limit(devices[.requests], 32, requests, &out)
    unique(devices[.requests], requests, &out)
    for (i, constraint) in devices[.constraints].items.enumerated() {
      let at = path.child("constraints").index(i)
      references(constraint[.requests], known, at.child("requests"), &out)
      if let name = constraint[.matchAttribute].string {
        qualified(name, needsDomain: true, at.child("matchAttribute"), &out)
      } else if let name = constraint[.distinctAttribute].string {
        qualified(name, needsDomain: true, at.child("distinctAttribute"), &out)
      } else {
        out.required(
          at,
          "exactly one of \"matchAttribute\" or \"distinctAttribute\" is required, but multiple fields are set"
        )
      }
    }
    limit(devices[.constraints], 32, path.child("constraints"), &out)
    for (i, config) in devices[.config].items.enumerated() {
      let at = path.child("config").index(i)
      references(config[.requests], known, at.child("requests"), &out)
      configuration(config, at, &out)
    }
    limit(devices[.config], 32, path.child("config"), &out)
  }

  private static func unique(_ list: Value, _ at: Path, _ out: inout Findings) {
    var seen: Set<String> = []
    for (i, item) in list.items.enumerated() where !seen.insert(item[.name].string ?? "").inserted {
      out.duplicate(at.index(i).child("name"), item[.name])
    }
  }

  private static func label(_ value: Value, _ at: Path, _ out: inout Findings) {
    let text = value.string ?? ""
    out.invalid(at, text, all: Names.isDNS1123Label(text))
  }

  private static func request(_ request: Value, _ at: Path, _ out: inout Findings) {
    label(request[.name], at.child("name"), &out)
    let alternatives = request[.firstAvailable]
    let place = at.child("firstAvailable")
    for (i, one) in alternatives.items.enumerated() {
      label(one[.name], place.index(i).child("name"), &out)
      exact(one, place.index(i), &out)
    }
    limit(alternatives, 8, place, &out)
    unique(alternatives, place, &out)
    if let own = request.get(.exactly) { exact(own, at.child("exactly"), &out) }
    let why = "exactly one of `exactly` or `firstAvailable` is required"
    if !alternatives.isEmpty, request.has(.exactly) {
      out.invalid(at, .null, why + ", but multiple fields are set")
    } else if alternatives.isEmpty, !request.has(.exactly) {
      out.required(at, why)
    }
  }

  private static func exact(_ request: Value, _ at: Path, _ out: inout Findings) {
    let name = request[.deviceClassName].string ?? ""
    if name.isEmpty {
      out.required(at.child("deviceClassName"))
    } else {
      out.invalid(at.child("deviceClassName"), name, all: Names.isDNS1123Subdomain(name))
    }
    selectors(request[.selectors], at.child("selectors"), &out)
    let count = request[.count].int ?? 0
    switch request[.allocationMode].string {
    case "All":
      if count != 0 {
        out.invalid(
          at.child("count"), .int(count), "must not be specified when allocationMode is 'All'")
      }
    case "ExactCount":
      if count <= 0 { out.invalid(at.child("count"), .int(count), "must be greater than zero") }
    default:
      out.notSupported(
        at.child("allocationMode"), .string(request[.allocationMode].string ?? ""), ["All", "ExactCount"])
    }
    for (i, toleration) in request[.tolerations].items.enumerated() {
      self.toleration(toleration, at.child("tolerations").index(i), &out)
    }
  }

  private static func selectors(_ list: Value, _ at: Path, _ out: inout Findings) {
    for (i, selector) in list.items.enumerated() {
      let place = at.index(i).child("cel")
      guard let rule = selector.get(.cel) else {
        out.required(place)
        continue
      }
      let source = rule[.expression].string ?? ""
      if source.utf8.count > 10 * 1024 {
        out.tooLong(place.child("expression"), most: 10 * 1024)
      } else {
        CELText.check(source, .device, mustBe: .bool, place.child("expression"), &out)
      }
    }
    limit(list, 32, at, &out)
  }

  private static func references(
    _ list: Value, _ known: Set<String>, _ at: Path, _ out: inout Findings
  ) {
    let why =
      "must be the name of a request in the claim or the name of a request and a subrequest separated by '/'"
    var seen: Set<String> = []
    for (i, item) in list.items.enumerated() {
      let name = item.string ?? ""
      let parts = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
      if parts.count > 2 {
        out.invalid(at.index(i), name, why)
        continue
      }
      for part in parts { out.invalid(at.index(i), part, all: Names.isDNS1123Label(part)) }
      if !known.contains(name) { out.invalid(at.index(i), name, why) }
    }
    limit(list, 32, at, &out)
    for (i, item) in list.items.enumerated() where !seen.insert(item.string ?? "").inserted {
      out.duplicate(at.index(i), item)
    }
  }

  private static func configuration(_ config: Value, _ at: Path, _ out: inout Findings) {
    let place = at.child("opaque")
    guard let opaque = config.get(.opaque) else { return out.required(place) }
    DriverNameRule.check(opaque[.driver].string ?? "", place.child("driver"), &out)
    let parameters = opaque[.parameters]
    if parameters.isNull {
      out.required(place.child("parameters"))
    } else if !parameters.isObject {
      out.invalid(place.child("parameters"), "<value omitted>", "must be a valid JSON object")
    }
  }

  private static func toleration(_ toleration: Value, _ at: Path, _ out: inout Findings) {
    let key = toleration[.key].string ?? ""
    if !key.isEmpty { out.invalid(at.child("key"), key, all: Names.isQualifiedName(key)) }
    let value = toleration[.value].string ?? ""
    switch toleration[.operator].string ?? "" {
    case "Exists":
      if !value.isEmpty {
        out.invalid(at.child("value"), value, "must be empty for operator `Exists`")
      }
    case "Equal": out.invalid(at.child("value"), value, all: Names.isLabelValue(value))
    case "": out.required(at.child("operator"))
    default: out.notSupported(at.child("operator"), toleration[.operator], ["Equal", "Exists"])
    }
    if let effect = toleration[.effect].string, !effect.isEmpty {
      out.oneOf(at.child("effect"), .string(effect), ["NoExecute", "NoSchedule"])
    }
  }

  /// `validateQualifiedName`: an identifier, with or without a domain before it.
  static func qualified(_ name: String, needsDomain: Bool, _ at: Path, _ out: inout Findings) {
    if name.isEmpty { return out.required(at, "name required") }
    let parts = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    if parts.count == 2 {
      if parts[0].isEmpty {
        out.required(at, "the domain must not be empty")
      } else {
        DriverNameRule.check(parts[0], at, &out)
      }
      if parts[1].isEmpty { out.required(at, "the name must not be empty") } else { id(parts[1], at, &out) }
    } else if parts.count == 1 {
      id(parts[0], at, &out)
      if needsDomain { out.invalid(at, name, "must include a domain") }
    }
  }

  private static func id(_ name: String, _ at: Path, _ out: inout Findings) {
    if name.utf8.count > 32 { out.tooLong(at, most: 32) }
    out.invalid(at, name, all: Names.isCIdentifier(name))
  }
}
