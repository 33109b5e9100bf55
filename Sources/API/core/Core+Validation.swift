import APIMachinery

/// Smaller kinds of the core group.
enum CoreValidation {
  private static let sizeLimit = 1024 * 1024

  static func configMap(_ object: Value, _ out: inout Findings) {
    var total = 0
    for (list, name) in [(Key.data, "data"), (Key("binaryData"), "binaryData")] {
      for field in object[list].fields {
        let key = field.key.string
        out.invalid(Path(name).key(key), key, all: Names.isConfigMapKey(key))
        if name == "data", object["binaryData"].has(field.key) {
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
    case "kubernetes.io/dockercfg": need(".dockercfg")
    case "kubernetes.io/dockerconfigjson": need(".dockerconfigjson")
    case "kubernetes.io/basic-auth":
      if !data.has("username"), !data.has("password") {
        out.required(Path("data").key("username"))
        out.required(Path("data").key("password"))
      }
    case "kubernetes.io/ssh-auth": need("ssh-privatekey")
    case "kubernetes.io/tls":
      need("tls.crt")
      need("tls.key")
    default: break
    }
  }

  /// An immutable object of data stays as it is.
  static func dataUpdate(_ new: Value, _ old: Value, _ out: inout Findings) {
    if new.kindName == "Secret" { out.immutable(Path("type"), new[.type], old[.type]) }
    guard old["immutable"].bool == true else { return }
    let why = "field is immutable when `immutable` is set"
    if new["immutable"].bool != true { out.forbidden(Path("immutable"), why) }
    if new[.data] != old[.data] { out.forbidden(Path("data"), why) }
    if new["binaryData"] != old["binaryData"] { out.forbidden(Path("binaryData"), why) }
  }

  static func node(_ object: Value, _ out: inout Findings) {
    var seen: Set<String> = []
    for (i, taint) in object[.spec][.taints].items.enumerated() {
      let at = Path.metadata.child("taints").index(i)
      let key = taint[.key].string ?? ""
      out.invalid(at.child("key"), key, all: Names.isQualifiedName(key))
      let value = taint[.value].string ?? ""
      out.invalid(at.child("value"), value, all: Names.isLabelValue(value))
      let effect = taint[.effect].string ?? ""
      if effect.isEmpty {
        out.required(at.child("effect"))
      } else {
        out.oneOf(at.child("effect"), taint[.effect], ["NoSchedule", "PreferNoSchedule", "NoExecute"])
      }
      if !seen.insert("\(key)=\(effect)").inserted {
        let shown: Value = ["key": .string(key), "effect": .string(effect)]
        out.duplicate(at, shown)
      }
    }
    for (part, name) in [(Key.capacity, "capacity"), (.allocatable, "allocatable")] {
      for field in object[.status][part].fields {
        if let amount = Quantity(field.value), amount.sign < 0 {
          out.invalid(
            Path("status").child(name).child(field.key.string), amount.canonical,
            "must be greater than or equal to 0")
        }
      }
    }
    for (i, cidr) in object[.spec][.podCIDRs].items.enumerated() {
      CIDRRule.check(cidr.string ?? "", Path.spec.child("podCIDRs").index(i), &out)
    }
  }

  static func nodeUpdate(_ new: Value, _ old: Value, _ out: inout Findings) {
    node(new, &out)
    let before = old[.spec]["providerID"].string ?? ""
    if !before.isEmpty, new[.spec]["providerID"].string != before {
      out.forbidden(
        Path.spec.child("providerID"), "node updates may not change providerID except from \"\" to valid")
    }
  }

  // MARK: - Limits and quotas

  static func limitRange(_ object: Value, _ out: inout Findings) {
    var types: Set<String> = []
    for (i, item) in object[.spec][.limits].items.enumerated() {
      let at = Path.spec.child("limits").index(i)
      let type = item[.type].string ?? ""
      if !types.insert(type).inserted { out.duplicate(at.child("type"), .string(type)) }
      if type == "Pod" {
        for key in ["default", "defaultRequest"] where !item[Key(key)].isEmpty {
          out.forbidden(at.child(key), "may not be specified when `type` is 'Pod'")
        }
      }
      if type == "PersistentVolumeClaim", !item[.min].has(.storage), !item[.max].has(.storage) {
        out.required(
          at.child("limits"), "either minimum or maximum storage value is required, but neither was provided")
      }
      limits(item, type, at, &out)
    }
  }

  private static func limits(_ item: Value, _ type: String, _ at: Path, _ out: inout Findings) {
    var names: Set<Key> = []
    for part in [Key.max, .min, .default, .defaultRequest, Key("maxLimitRequestRatio")] {
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
    }
  }

  private static let scopes: Set<String> = [
    "Terminating", "NotTerminating", "BestEffort", "NotBestEffort", "PriorityClass",
    "CrossNamespacePodAffinity", "VolumeAttributesClass",
  ]

  static func resourceQuota(_ object: Value, _ out: inout Findings) {
    let spec = object[.spec]
    for field in spec[.hard].fields {
      let name = field.key.string
      let at = Path.spec.child("hard").key(name)
      if !name.hasPrefix("count/"), !name.contains(".storageclass.storage.k8s.io/"),
        !name.hasPrefix("requests."),
        !name.hasPrefix("limits.")
      {
        ResourceRule.name(name, at, &out)
      }
      ResourceRule.quantity(name, field.value, at, &out)
    }
    let at = Path.spec.child("scopes")
    for scope in spec[.scopes].items {
      let name = scope.string ?? ""
      if !scopes.contains(name) {
        out.invalid(at, spec[.scopes], "unsupported scope")
      } else if name == "BestEffort", spec[.hard].fields.contains(where: { $0.key.string != "pods" }) {
        out.invalid(at, spec[.scopes], "unsupported scope applied to resource")
      }
    }
    let all = spec[.scopes].items.compactMap(\.string)
    for (a, b) in [("BestEffort", "NotBestEffort"), ("Terminating", "NotTerminating")]
    where all.contains(a) && all.contains(b) {
      out.invalid(at, spec[.scopes], "conflicting scopes")
    }
  }

  static func resourceQuotaUpdate(_ new: Value, _ old: Value, _ out: inout Findings) {
    resourceQuota(new, &out)
    let at = Path.spec.child("scopes")
    if Set(new[.spec][.scopes].items) != Set(old[.spec][.scopes].items) {
      out.invalid(at, new[.spec][.scopes], "field is immutable")
    }
  }
}
