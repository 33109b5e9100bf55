import APIMachinery
import Basics

/// Smaller kinds of the core group.
enum CoreValidation {
  private static let sizeLimit = 1024 * 1024

  static func configMap(_ object: Value, _ out: inout Findings) {
    var total = 0
    for (list, name) in [(Key.data, "data"), (Key.binaryData, "binaryData")] {
      for field in object[list].fields {
        let key = field.key.string
        out.invalid(Path(name).key(key), key, all: Names.isConfigMapKey(key))
        if name == "data", object[.binaryData].has(field.key) {
          out.invalid(Path(name).key(key), key, "duplicate of key present in binaryData")
        }
        total += field.value.text?.count ?? 0
      }
    }
    if total > sizeLimit { out.tooLong(Path(""), most: sizeLimit) }
  }

  static func secret(_ object: Value, _ out: inout Findings) {
    var total = 0
    for field in object[.data].fields {
      let key = field.key.string
      out.invalid(Path("data").key(key), key, all: Names.isConfigMapKey(key))
      total += (field.value.text?.count ?? 0) / 4 * 3
    }
    if total > sizeLimit { out.tooLong(Path("data"), most: sizeLimit) }
    let data = object[.data]
    func need(_ key: String) {
      if !data.has(Key(key)) { out.required(Path("data").key(key)) }
    }
    switch object[.type].string {
    case "kubernetes.io/service-account-token":
      let name = Key("kubernetes.io/service-account.name")
      if object.annotation(name).isNilOrEmpty {
        out.required(Path("metadata").child("annotations").key(name.string))
      }
    case "kubernetes.io/dockercfg": registries(data, ".dockercfg", &out)
    case "kubernetes.io/dockerconfigjson": registries(data, ".dockerconfigjson", &out)
    case "kubernetes.io/basic-auth":
      if !data.has(.username), !data.has("password") {
        out.required(Path("data").key("username"))
        out.required(Path("data").key("password"))
      }
    case "kubernetes.io/ssh-auth":
      if data["ssh-privatekey"].string.isNilOrEmpty { out.required(Path("data").key("ssh-privatekey")) }
    case "kubernetes.io/tls":
      need("tls.crt")
      need("tls.key")
    default: break
    }
  }

  /// Credentials of registries are a JSON object.
  private static func registries(_ data: Value, _ key: String, _ out: inout Findings) {
    let at = Path("data").key(key)
    guard let text = data.get(Key(key))?.string else { return out.required(at) }
    let bytes = Base64.decode(text.utf8) ?? []
    let problem: String?
    if bytes.isEmpty {
      problem = "unexpected end of JSON input"
    } else if case .success(let value) = JSON.parse(bytes) {
      problem =
        value.isObject || value.isNull
        ? nil
        : "json: cannot unmarshal \(GoForm.kind(value)) into Go value of type map[string]interface {}"
    } else {
      problem = GoForm.jsonProblem(bytes)
    }
    if let problem { out.invalid(at, "<secret contents redacted>", problem) }
  }

  /// An immutable object of data stays as it is.
  static func dataUpdate(_ new: Value, _ old: Value, _ out: inout Findings) {
    if new.kindName == "Secret" { out.immutable(Path("type"), new[.type], old[.type]) }
    guard old[.immutable].bool == true else { return }
    let why = "field is immutable when `immutable` is set"
    if new[.immutable].bool != true { out.forbidden(Path("immutable"), why) }
    if new[.data] != old[.data] { out.forbidden(Path("data"), why) }
    if new[.binaryData] != old[.binaryData] { out.forbidden(Path("binaryData"), why) }
  }

  /// `ValidateNamespace`.
  static func namespace(_ object: Value, _ out: inout Findings) {
    for finalizer in object[.spec][.finalizers].items {
      let name = finalizer.string ?? ""
      let at = Path.spec.child("finalizers")
      out.invalid(at, name, all: Names.isQualifiedName(name))
      if !name.contains("/"), !ObjectMetaValidation.standardFinalizers.contains(name) {
        out.invalid(at, name, "name is neither a standard finalizer name nor is it fully qualified")
      }
    }
  }

  private static func taints(_ taints: Value, _ out: inout Findings) {
    var seen: Set<String> = []
    for (i, taint) in taints.items.enumerated() {
      let at = Path.metadata.child("taints").index(i)
      let key = taint[.key].string ?? ""
      out.invalid(at.child("key"), key, all: Names.isQualifiedName(key))
      let value = taint[.value].string ?? ""
      let problems = Names.isLabelValue(value)
      if !problems.isEmpty { out.invalid(at.child("value"), value, problems.joined(separator: ";")) }
      let effect = taint[.effect].string ?? ""
      if effect.isEmpty {
        out.required(at.child("effect"))
      } else {
        out.oneOf(at.child("effect"), taint[.effect], ["NoSchedule", "PreferNoSchedule", "NoExecute"])
      }
      if !seen.insert("\(key)=\(effect)").inserted {
        let shown =
          "{\"Key\":\(CanonicalJSON.string(.string(key))),\"Value\":\(CanonicalJSON.string(.string(value))),"
          + "\"Effect\":\(CanonicalJSON.string(.string(effect))),\"TimeAdded\":null}"
        out.add(
          "FieldValueDuplicate", at,
          "Duplicate value: \(shown): taints must be unique by key and effect pair")
      }
    }
  }

  static func node(_ object: Value, _ out: inout Findings) {
    taints(object[.spec][.taints], &out)
    nodeStatus(object[.status], &out)
    let list = object[.spec][.podCIDRs]
    let at = Path.spec.child("podCIDRs")
    for (i, cidr) in list.items.enumerated() { CIDRRule.check(cidr.string ?? "", at.index(i), &out) }
    let families = Set(list.items.compactMap { CIDRRule.parse($0.string ?? "")?.ip.bytes.count })
    if list.count > 1, families.count != 2 || list.count > 2 {
      out.invalid(at, list, "may specify no more than one CIDR for each IP family")
    }
  }

  private static let featureName = try? RegularExpression("^[A-Z][A-Za-z0-9]*(/[A-Za-z][A-Za-z0-9]*)*$")

  private static func nodeStatus(_ status: Value, _ out: inout Findings) {
    for (part, name) in [(Key.capacity, "capacity"), (.allocatable, "allocatable")] {
      for field in status[part].fields {
        ResourceRule.quantity(
          field.key.string, field.value, Path("status").child(name).child(field.key.string), &out)
      }
    }
    let at = Path("status").child("declaredFeatures")
    let features = status[.declaredFeatures].items.map { $0.string ?? "" }
    for (i, feature) in features.enumerated() {
      if featureName?.matches(feature) != true {
        out.invalid(
          at.index(i), feature,
          "invalid feature name \(ScalarText.quoted(feature)): must start with an UpperCamelCase segment, "
            + "with subsequent segments separated by '/' (e.g., MyFeature or MyFeature/mySubFeature), and "
            + "contain only alphanumeric characters and slashes")
      }
      guard i + 1 < features.count else { continue }
      if feature == features[i + 1] {
        out.duplicate(at.index(i + 1), .string(feature))
      } else if feature > features[i + 1] {
        out.invalid(at.index(i + 1), features[i + 1], "list must be sorted alphabetically")
      }
    }
  }

  static func nodeUpdate(_ new: Value, _ old: Value, _ out: inout Findings) {
    // A status that stays as it is was judged when it was written.
    if new[.status].identity == nil || new[.status].identity != old[.status].identity {
      nodeStatus(new[.status], &out)
      addresses(new[.status][.addresses], &out)
    }
    let before = old[.spec]
    let after = new[.spec]
    if !before[.podCIDRs].isEmpty, before[.podCIDRs] != after[.podCIDRs] {
      out.forbidden(
        Path.spec.child("podCIDRs"), "node updates may not change podCIDR except from \"\" to valid")
    }
    if !before[.providerID].string.isNilOrEmpty, before[.providerID] != after[.providerID] {
      out.forbidden(
        Path.spec.child("providerID"), "node updates may not change providerID except from \"\" to valid")
    }
    taints(after[.taints], &out)
    if after[.externalID] != before[.externalID] {
      out.forbidden(Path.spec.child("externalID"), "may not be updated")
    }
  }

  private static func addresses(_ list: Value, _ out: inout Findings) {
    var seen: Set<Value> = []
    for (i, address) in list.items.enumerated() where !seen.insert(address).inserted {
      let type = CanonicalJSON.string(address[.type])
      let text = CanonicalJSON.string(address[.address])
      out.add(
        "FieldValueDuplicate", Path("status").child("addresses").index(i),
        "Duplicate value: {\"Type\":\(type),\"Address\":\(text)}")
    }
  }

  // MARK: - Limits and quotas

  private static let limitTypes: Set<String> = ["Pod", "Container", "PersistentVolumeClaim"]

  static func limitRange(_ object: Value, _ out: inout Findings) {
    var types: Set<String> = []
    for (i, item) in object[.spec][.limits].items.enumerated() {
      let at = Path.spec.child("limits").index(i)
      let type = item[.type].string ?? ""
      let problems = Names.isQualifiedName(type)
      out.invalid(at.child("type"), type, all: problems)
      if problems.isEmpty, !type.contains("/"), !limitTypes.contains(type) {
        out.invalid(at.child("type"), type, "must be a standard limit type or fully qualified")
      }
      if !types.insert(type).inserted { out.duplicate(at.child("type"), .string(type)) }
      for key in ["max", "min", "default", "defaultRequest", "maxLimitRequestRatio"] {
        if type == "Pod", key.hasPrefix("default") {
          if !item[Key(key)].isEmpty {
            out.forbidden(at.child(key), "may not be specified when `type` is 'Pod'")
          }
          continue
        }
        if key == "maxLimitRequestRatio", type == "PersistentVolumeClaim", !item[.min].has(.storage),
          !item[.max].has(.storage)
        {
          out.required(
            at.child("limits"),
            "either minimum or maximum storage value is required, but neither was provided")
        }
        for field in item[Key(key)].fields {
          let name = field.key.string
          let place = at.child(key).key(name)
          if type == "Pod" || type == "Container" {
            ResourceRule.containerName(name, place, &out)
          } else {
            ResourceRule.name(name, place, &out)
          }
        }
      }
      limits(item, type, at, &out)
    }
  }

  private static func limits(_ item: Value, _ type: String, _ at: Path, _ out: inout Findings) {
    var names: Set<Key> = []
    for part in [Key.max, .min, .default, .defaultRequest, Key.maxLimitRequestRatio] {
      for field in item[part].fields { names.insert(field.key) }
    }
    for name in names.sorted() {
      let text = name.string
      let most = Quantity(item[.max][name])
      let least = Quantity(item[.min][name])
      let usual = Quantity(item[.default][name])
      let request = Quantity(item[.defaultRequest][name])
      func place(_ part: String) -> Path { at.child(part).key(text) }
      func over(
        _ part: String, _ shown: Quantity, _ what: String, _ a: Quantity, _ than: String, _ b: Quantity
      ) {
        if b < a {
          out.invalid(
            place(part), shown.canonical,
            "\(what) value \(a.canonical) is greater than \(than) value \(b.canonical)")
        }
      }
      if let least, let most { over("min", least, "min", least, "max", most) }
      if let request, let least { over("defaultRequest", request, "min", least, "default request", request) }
      if let request, let most { over("defaultRequest", request, "default request", request, "max", most) }
      if let request, let usual {
        over("defaultRequest", request, "default request", request, "default limit", usual)
      }
      if let usual, let least { over("default", least, "min", least, "default", usual) }
      if let usual, let most { over("default", most, "default", usual, "max", most) }
      let one = Quantity("1")
      if let ratio = Quantity(item[.maxLimitRequestRatio][name]) {
        if let one, ratio < one {
          out.invalid(
            place("maxLimitRequestRatio"), ratio.canonical, "ratio \(ratio.canonical) is less than 1")
        }
        if let least, let most, least.sign > 0 {
          let bound = Double(most.scaled(to: -3)) / Double(least.scaled(to: -3))
          if Double(ratio.scaled(to: -3)) / 1000 > bound {
            out.invalid(
              place("maxLimitRequestRatio"), ratio.canonical,
              "ratio \(ratio.canonical) is greater than max/min = \(GoForm.fixed(bound))")
          }
        }
      }
      if !ResourceRule.allowsOvercommit(text), let usual, let request, !(usual == request) {
        out.invalid(
          place("defaultRequest"), request.canonical,
          "default value \(usual.canonical) must equal to defaultRequest value \(request.canonical) in "
            + text)
      }
    }
  }
}
