import APIMachinery

/// Validation of CustomResourceDefinitions
/// (`apiextensions-apiserver/pkg/apis/apiextensions/validation/validation.go`), in its order.
public struct CustomDefinitionValidation {
  typealias Cause = APIError.Cause
  private var causes: [Cause] = []
  private let crd: Value
  private var spec: Value { crd[.spec] }

  private init(_ crd: Value) { self.crd = crd }

  /// What is wrong with a new definition.
  public static func validateCreate(_ crd: Value) -> [APIError.Cause] {
    var validation = CustomDefinitionValidation(crd)
    validation.metadata()
    validation.specification()
    validation.status()
    validation.approval()
    return validation.causes
  }

  /// What is wrong with a change of `old`: an established definition keeps its scope and kind.
  public static func validateUpdate(_ crd: Value, old: Value) -> [APIError.Cause] {
    var validation = CustomDefinitionValidation(crd)
    validation.specification()
    if old.condition("Established")?[.status].string == "True" {
      validation.immutable("spec.scope", crd[.spec][.scope], old[.spec][.scope])
      validation.immutable("spec.names.kind", crd[.spec][.names][.kind], old[.spec][.names][.kind])
    }
    validation.immutable("spec.group", crd[.spec][.group], old[.spec][.group])
    validation.immutable("spec.names.plural", crd[.spec][.names][.plural], old[.spec][.names][.plural])
    validation.status()
    validation.approval()
    return validation.causes
  }

  // MARK: - Metadata and status

  private mutating func metadata() {
    let name = crd.name
    let plural = spec[.names][.plural].string ?? ""
    let wanted = "\(plural).\(spec[.group].string ?? "")"
    if name.isEmpty {
      add("Required", "metadata.name", "Required value: name or generateName is required")
    } else if name != wanted {
      invalid("metadata.name", .string(name), "must be spec.names.plural+\".\"+spec.group")
    }
  }

  private mutating func status() {
    let stored = crd[.status][.storedVersions]
    let known = spec[.versions].items.compactMap { $0[.name].string }
    if stored.isEmpty {
      invalid("status.storedVersions", stored, "must have at least one stored version")
    }
    for storage in spec[.versions].items.filter({ $0[.storage].bool == true }).suffix(1) {
      guard let name = storage[.name].string, !stored.isEmpty, !stored.items.contains(.string(name)) else {
        continue
      }
      invalid("status.storedVersions", stored, "must have the storage version \(name)")
    }
    for (i, version) in stored.items.enumerated() {
      guard let name = version.string, !known.contains(name) else { continue }
      invalid(
        "status.storedVersions[\(i)]", version,
        "missing from spec.versions; \(name) was previously a storage version, and must remain in "
          + "spec.versions until a storage migration ensures no data remains persisted in \(name) and "
          + "removes \(name) from status.storedVersions")
    }
  }

  private mutating func approval() {
    let group = spec[.group].string ?? ""
    let isProtected = ["k8s.io", "kubernetes.io"].contains { group == $0 || group.hasSuffix("." + $0) }
    let key = "api-approved.kubernetes.io"
    guard isProtected else { return }
    let field = "metadata.annotations[\(key)]"
    guard let given = crd.annotation(Key(key)), !given.isEmpty else {
      return add(
        "Required", field,
        "Required value: protected groups must have approval annotation \"\(key)\", "
          + "see https://github.com/kubernetes/enhancements/pull/1111")
    }
    if !given.hasPrefix("unapproved") && !given.contains("://") {
      invalid(
        field, .string(given),
        "protected groups must have approval annotation \"\(key)\" with either a URL or a reason starting "
          + "with \"unapproved\", see https://github.com/kubernetes/enhancements/pull/1111")
    }
  }

  // MARK: - Specification

  private mutating func specification() {
    let group = spec[.group].string ?? ""
    if group.isEmpty {
      add("Required", "spec.group", "Required value")
    } else {
      for problem in Names.isDNS1123Subdomain(group) { invalid("spec.group", .string(group), problem) }
      if !group.utf8.contains(0x2E) {
        invalid("spec.group", .string(group), "should be a domain with at least one dot")
      }
    }
    oneOf("spec.scope", spec[.scope], ["Cluster", "Namespaced"])
    if spec[.preserveUnknownFields].bool == true {
      invalid(
        "spec.preserveUnknownFields", true,
        "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in "
          + "spec.versions[*].schema instead"
      )
    }
    versions()
    names("spec.names")
    subresources()
    conversion()
  }

  private mutating func versions() {
    let versions = Array(spec[.versions].items)
    for (i, version) in versions.enumerated() {
      let name = version[.name].string ?? ""
      for problem in Names.isDNS1035Label(name) {
        invalid("spec.versions[\(i)].name", .string(name), problem)
      }
    }
    let all = versions.compactMap { $0[.name].string }
    if Set(all).count < all.count {
      add("Invalid", "spec.versions", "Invalid value: \(internalVersions): must contain unique version names")
    }
    if versions.filter({ $0[.storage].bool == true }).count != 1 {
      add(
        "Invalid", "spec.versions",
        "Invalid value: \(internalVersions): must have exactly one version marked as storage version")
    }
    let schemas = versions.map { $0[.schemaName][.openAPIV3Schema] }
    let isShared = Set(schemas.map { CanonicalJSON.string($0) }).count == 1
    for (i, schema) in schemas.enumerated() {
      if !schema.isObject {
        add("Required", "spec.versions[\(i)].schema.openAPIV3Schema", "Required value")
      } else if !isShared || i == 0 {
        let path = isShared ? "spec.validation.openAPIV3Schema" : "spec.versions[\(i)].schema.openAPIV3Schema"
        causes += CustomSchemaValidation.validate(schema, path)
      }
    }
  }

  /// The versions in the internal form, as refusals quote them.
  private var internalVersions: String {
    let versions = spec[.versions]
    guard versions.isArray else { return "null" }
    let parts = versions.items.map { version in
      let name = CanonicalJSON.string(version[.name])
      return "{\"Name\":\(name),\"Served\":\(version[.served].bool == true),"
        + "\"Storage\":\(version[.storage].bool == true),"
        + "\"Deprecated\":\(version[.deprecated].bool == true),"
        + "\"DeprecationWarning\":\(CanonicalJSON.string(version[.deprecationWarning])),\"Schema\":null,"
        + "\"Subresources\":null,\"AdditionalPrinterColumns\":null,\"SelectableFields\":null}"
    }
    return "[" + parts.joined(separator: ",") + "]"
  }

  private mutating func names(_ path: String) {
    let names = spec[.names]
    for key in [Key.plural, .singular, .kind, .listKind] {
      let field = "\(path).\(key.string)"
      let name = names[key].string ?? ""
      if name.isEmpty { add("Required", field, "Required value") }
    }
    for key in [Key.plural, .singular, .kind, .listKind] {
      let name = names[key].string ?? ""
      guard !name.isEmpty else { continue }
      let isKind = key == .kind || key == .listKind
      for problem in Names.isDNS1035Label(isKind ? name.lowercased() : name) {
        invalid(
          "\(path).\(key.string)", .string(name),
          isKind ? "may have mixed case, but should otherwise match: \(problem)" : problem)
      }
    }
    for (i, name) in names[.shortNames].items.enumerated() {
      for problem in Names.isDNS1035Label(name.string ?? "") {
        invalid("\(path).shortNames[\(i)]", name, problem)
      }
    }
    if let kind = names[.kind].string, !kind.isEmpty, names[.listKind].string == kind {
      invalid("\(path).listKind", .string(kind), "kind and listKind may not be the same")
    }
    for (i, name) in names[.categories].items.enumerated() {
      for problem in Names.isDNS1035Label(name.string ?? "") {
        invalid("\(path).categories[\(i)]", name, problem)
      }
    }
  }

  private mutating func subresources() {
    let all = spec[.versions].items.map { $0[.subresources] }
    let isShared = Set(all.map { CanonicalJSON.string($0) }).count == 1
    for (i, one) in all.enumerated() where !isShared || i == 0 {
      let path = (isShared ? "spec.subresources" : "spec.versions[\(i)].subresources") + ".scale"
      let scale = one[.scale]
      guard scale.isObject else { continue }
      for (name, root) in [("specReplicasPath", ".spec"), ("statusReplicasPath", ".status")] {
        let given = scale[Key(name)].string ?? ""
        if given.isEmpty {
          add("Required", "\(path).\(name)", "Required value")
        } else if !given.hasPrefix(root + ".") {
          invalid("\(path).\(name)", .string(given), "should be a json path under \(root)")
        }
      }
      if let given = scale[.labelSelectorPath].string, !given.isEmpty,
        !given.hasPrefix(".spec."), !given.hasPrefix(".status.")
      {
        invalid(
          "\(path).labelSelectorPath", .string(given), "should be a json path under either .spec or .status")
      }
    }
  }

  private mutating func conversion() {
    let conversion = spec[.conversion]
    guard conversion.isObject else { return }
    let path = "spec.conversion"
    oneOf("\(path).strategy", conversion[.strategy], ["None", "Webhook"])
    let webhook = conversion[.webhook]
    if conversion[.strategy].says("Webhook") {
      if !webhook[.clientConfig].isObject {
        add(
          "Required", "\(path).webhookClientConfig",
          "Required value: required when strategy is set to Webhook")
      }
      let reviews = webhook[.conversionReviewVersions]
      if reviews.isEmpty {
        add("Required", "\(path).conversionReviewVersions", "Required value")
      } else if !reviews.items.contains(where: { $0 == "v1" || $0 == "v1beta1" }) {
        invalid("\(path).conversionReviewVersions", reviews, "must include at least one of v1, v1beta1")
      }
    } else if webhook.isObject {
      add(
        "Forbidden", "\(path).webhookClientConfig",
        "Forbidden: should not be set when strategy is not set to Webhook")
    }
  }

  // MARK: - Findings

  private mutating func immutable(_ path: String, _ new: Value, _ old: Value) {
    if new != old { invalid(path, new, "field is immutable") }
  }

  private mutating func oneOf(_ path: String, _ value: Value, _ allowed: [String]) {
    let given = value.string ?? ""
    if given.isEmpty {
      add("Required", path, "Required value")
    } else if !allowed.contains(given) {
      let names = allowed.map { "\"\($0)\"" }.joined(separator: ", ")
      add(
        "NotSupported", path, "Unsupported value: \(CanonicalJSON.string(value)): supported values: \(names)")
    }
  }

  private mutating func invalid(_ path: String, _ value: Value, _ why: String) {
    add("Invalid", path, "Invalid value: \(CanonicalJSON.string(value)): \(why)")
  }

  private mutating func add(_ reason: String, _ path: String, _ message: String) {
    causes.append(Cause(reason: "FieldValue" + reason, message: message, field: path))
  }
}
