import APIMachinery
import Basics

/// Kinds that are warned of in a line or two.
enum OtherWarnings {
  static func ingress(_ ingress: Value) -> [String] {
    guard ingress.annotation("kubernetes.io/ingress.class") != nil, !ingress[.spec].has(.ingressClassName)
    else { return [] }
    return [
      "annotation \"kubernetes.io/ingress.class\" is deprecated, please use 'spec.ingressClassName' instead"
    ]
  }

  /// `networkPolicyStrategy`: address ranges.
  static func networkPolicy(_ policy: Value) -> [String] {
    var out: [String] = []
    for (list, peers) in [(Key.ingress, Key.from), (.egress, .to)] {
      for (i, rule) in policy[.spec][list].items.enumerated() {
        for (j, peer) in rule[peers].items.enumerated() where peer.has(.ipBlock) {
          let at = Path.spec.child(list).index(i).child(peers).index(j).child("ipBlock")
          out += AddressWarnings.cidr(peer[.ipBlock][.cidr], at.child("cidr"))
          for (k, other) in peer[.ipBlock][.except].items.enumerated() {
            out += AddressWarnings.cidr(other, at.child("except").index(k))
          }
        }
      }
    }
    return out
  }

  static func node(_ node: Value) -> [String] {
    var out: [String] = []
    if node[.spec].has(.configSource) { out.append("spec.configSource: the feature is no longer supported") }
    if !(node[.spec][.externalID].string ?? "").isEmpty {
      out.append("spec.externalID: this field is deprecated, and is unused by Kubernetes")
    }
    for (i, range) in node[.spec][.podCIDRs].items.enumerated() {
      out += AddressWarnings.cidr(range, Path.spec.child("podCIDRs").index(i))
    }
    return out
  }

  static func runtimeClass(_ runtimeClass: Value) -> [String] {
    runtimeClass[.scheduling][.nodeSelector].fields.compactMap { field in
      NodeLabelWarnings.deprecated(field.key.string).map { "scheduling.nodeSelector: \($0)" }
    }
  }

  static func storageClass(_ storageClass: Value) -> [String] {
    var out: [String] = []
    for (i, topology) in storageClass[.allowedTopologies].items.enumerated() {
      for (j, expression) in topology[.matchLabelExpressions].items.enumerated() {
        guard let why = NodeLabelWarnings.deprecated(expression[.key].string ?? "") else { continue }
        let at = Path("allowedTopologies").index(i).child("matchLabelExpressions").index(j).child("key")
        out.append("\(at.text): \(why)")
      }
    }
    return out
  }
}

/// What a Secret for TLS would fail with where it is used, as far as its PEM blocks tell (`crypto/tls.X509KeyPair`).
enum SecretWarnings {
  static func secret(_ secret: Value) -> [String] {
    guard secret[.type].says("kubernetes.io/tls") else { return [] }
    let data = secret[.data]
    let certificate = blocks(data["tls.crt"])
    if !certificate.contains("CERTIFICATE") { return [certificateProblem(certificate)] }
    let key = blocks(data["tls.key"])
    if !key.contains(where: { $0 == "PRIVATE KEY" || $0.hasSuffix(" PRIVATE KEY") }) {
      return [keyProblem(key)]
    }
    return []
  }

  private static func certificateProblem(_ skipped: [String]) -> String {
    if skipped.isEmpty { return "tls: failed to find any PEM data in certificate input" }
    if skipped.count == 1, skipped[0].hasSuffix("PRIVATE KEY") {
      return "tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM "
        + "inputs may have been switched"
    }
    return
      "tls: failed to find \"CERTIFICATE\" PEM block in certificate input after skipping PEM blocks of the "
      + "following types: [\(skipped.joined(separator: " "))]"
  }

  private static func keyProblem(_ skipped: [String]) -> String {
    if skipped.isEmpty { return "tls: failed to find any PEM data in key input" }
    if skipped == ["CERTIFICATE"] {
      return "tls: found a certificate rather than a key in the PEM for the private key"
    }
    return
      "tls: failed to find PEM block with type ending in \"PRIVATE KEY\" in key input after skipping PEM "
      + "blocks of the following types: [\(skipped.joined(separator: " "))]"
  }

  /// The types of the PEM blocks, of which only the borders are looked at.
  private static func blocks(_ value: Value) -> [String] {
    guard let text = value.string, let bytes = Base64.decode(text.utf8) else { return [] }
    var found: [String] = []
    var open: String?
    for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline) {
      let line = CELText.trimmed(String(line))
      guard line.hasSuffix("-----") else { continue }
      if line.hasPrefix("-----BEGIN ") { open = String(line.dropFirst(11).dropLast(5)) }
      if let type = open, line == "-----END \(type)-----" {
        found.append(type)
        open = nil
      }
    }
    return found
  }
}

/// Definitions and their objects (`apiextensions-apiserver/pkg/registry`).
enum CustomWarnings {
  /// The version that was asked in is on its way out.
  static func version(_ info: KindInfo, _ version: String) -> [String] {
    guard let text = info.deprecations[version] else { return [] }
    return [text.isEmpty ? "\(info.group)/\(version) \(info.kind) is deprecated" : text]
  }

  static func finalizers(_ new: Value, _ old: Value?) -> [String] {
    let given = new[.metadata][.finalizers]
    if given.isEmpty { return [] }
    let known = old?[.metadata][.finalizers].items.compactMap(\.string) ?? []
    let added = Set(given.items.compactMap(\.string)).subtracting(known).sorted()
    var out: [String] = []
    for name in added {
      let at = "metadata.finalizers: \(ScalarText.quoted(name)): "
      out += Names.isQualifiedName(name).map { at + $0 }
      if !name.contains("/"), !ObjectMetaValidation.standardFinalizers.contains(name) {
        out.append(
          at + "prefer a domain-qualified finalizer name including a path (/) to avoid accidental conflicts "
            + "with other finalizer writers")
      }
    }
    return out
  }

  /// Formats that validation does not know (`customresourcedefinition/strategy.go`).
  static func definition(_ new: Value, _ old: Value?) -> [String] {
    var formats: Set<String> = []
    for version in new[.spec][.versions].items { collect(version[.schemaName][.openAPIV3Schema], &formats) }
    if let old {
      var before: Set<String> = []
      for version in old[.spec][.versions].items { collect(version[.schemaName][.openAPIV3Schema], &before) }
      formats.subtract(before)
    }
    return formats.sorted().map { "unrecognized format \(ScalarText.quoted($0))" }
  }

  private static let ofStrings: Set<String> = [
    "bsonobjectid", "uri", "email", "hostname", "ipv4", "ipv6", "cidr", "mac", "uuid", "uuid3", "uuid4",
    "uuid5", "isbn", "isbn10", "isbn13", "creditcard", "ssn", "hexcolor", "rgbcolor", "byte", "password",
    "date", "duration", "datetime", "date-time", "k8s-short-name", "k8s-long-name",
  ]
  private static let ofNumbers: Set<String> = ["int32", "int64", "float", "double"]

  /// Formats belong to types.
  private static func isKnown(_ format: String, _ type: String?) -> Bool {
    switch type {
    case "string": ofStrings.contains(format)
    case "integer", "number": ofNumbers.contains(format)
    case nil: true
    default: false
    }
  }

  private static func collect(_ schema: Value, _ out: inout Set<String>) {
    if let format = schema[.format].string, !format.isEmpty, !isKnown(format, schema[.type].string) {
      out.insert(format)
    }
    for field in schema[.properties].fields { collect(field.value, &out) }
    for key in [Key.items, .additionalProperties, .not] where schema[key].isObject {
      collect(schema[key], &out)
    }
    for key in [Key.allOf, .anyOf, .oneOf] { for part in schema[key].items { collect(part, &out) } }
  }
}
