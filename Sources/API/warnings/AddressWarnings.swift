import APIMachinery

/// Addresses that are written in a form that a later release refuses or that is not canonical
/// (`apimachinery/pkg/util/validation.GetWarningsForIP`, `GetWarningsForCIDR`).
enum AddressWarnings {
  static func ip(_ value: Value, _ path: @autoclosure () -> Path) -> [String] {
    guard let text = value.string, let address = IPBytes(text) else { return [] }
    if text.contains(".") {
      let plain = v4(address)
      if plain.text == text { return [] }
      return [
        "\(path().text): non-standard IP address \(ScalarText.quoted(text)) will be considered invalid in a "
          + "future Kubernetes release: use \(ScalarText.quoted(plain.text))"
      ]
    }
    if address.text == text { return [] }
    return [
      "\(path().text): IPv6 address \(ScalarText.quoted(text)) should be in RFC 5952 canonical format "
        + "(\(ScalarText.quoted(address.text)))"
    ]
  }

  /// The address that an IPv6 address wraps, else itself.
  private static func v4(_ address: IPBytes) -> IPBytes {
    let bytes = address.bytes
    guard bytes.count == 16, bytes[..<10].allSatisfy({ $0 == 0 }), bytes[10] == 0xFF, bytes[11] == 0xFF else {
      return address
    }
    return IPBytes(bytes: Array(bytes[12...]))
  }

  static func cidr(_ value: Value, _ path: @autoclosure () -> Path) -> [String] {
    guard let text = value.string, let slash = text.firstIndex(of: "/"),
      let address = IPBytes(String(text[..<slash])), let length = Int(text[text.index(after: slash)...]),
      length >= 0, length <= address.bytes.count * 8
    else { return [] }
    var out: [String] = []
    var network = address
    for i in network.bytes.indices {
      let kept = Swift.min(Swift.max(length - i * 8, 0), 8)
      network.bytes[i] &= kept == 0 ? 0 : UInt8(truncatingIfNeeded: 0xFF << (8 - kept))
    }
    let masked = "\(network.text)/\(length)"
    if network != address {
      out.append(
        "\(path().text): CIDR value \(ScalarText.quoted(text)) is ambiguous in this context (should be "
          + "\(ScalarText.quoted(masked)) or \(ScalarText.quoted("\(address.text)/\(address.bytes.count * 8)"))?)"
      )
    }
    let given = String(text[..<slash])
    if address.bytes.count == 4, address.text != given {
      out.append(
        "\(path().text): non-standard CIDR value \(ScalarText.quoted(text)) will be considered invalid in a "
          + "future Kubernetes release: use \(ScalarText.quoted(masked))")
    }
    if out.isEmpty, address.bytes.count == 16, "\(address.text)/\(length)" != text {
      out.append(
        "\(path().text): IPv6 CIDR value \(ScalarText.quoted(text)) should be in RFC 5952 canonical format "
          + "(\(ScalarText.quoted("\(address.text)/\(length)")))")
    }
    return out
  }
}

/// Labels of nodes that have other names now (`pkg/api/node/util.go`).
enum NodeLabelWarnings {
  private static let labels: [String: String] = [
    "beta.kubernetes.io/arch": "deprecated since v1.14; use \"kubernetes.io/arch\" instead",
    "beta.kubernetes.io/os": "deprecated since v1.14; use \"kubernetes.io/os\" instead",
    "failure-domain.beta.kubernetes.io/region":
      "deprecated since v1.17; use \"topology.kubernetes.io/region\" instead",
    "failure-domain.beta.kubernetes.io/zone":
      "deprecated since v1.17; use \"topology.kubernetes.io/zone\" instead",
    "beta.kubernetes.io/instance-type":
      "deprecated since v1.17; use \"node.kubernetes.io/instance-type\" instead",
    "app.kubernetes.io/created-by": "deprecated since v1.9",
    "scheduler.alpha.kubernetes.io/preferAvoidPods":
      "deprecated since v1.22; use Taints and Tolerations instead",
    "node-role.kubernetes.io/master": "use \"node-role.kubernetes.io/control-plane\" instead",
  ]

  static func deprecated(_ label: String) -> String? { labels[label] }

  static func term(_ term: Value, checksValues: Bool, _ path: @autoclosure () -> Path) -> [String] {
    var out: [String] = []
    for (i, expression) in term[.matchExpressions].items.enumerated() {
      let key = expression[.key].string ?? ""
      if let why = deprecated(key) {
        out.append("\(path().child("matchExpressions").index(i).child("key").text): \(key) is \(why)")
      }
      if !checksValues { continue }
      for (j, value) in expression[.values].items.enumerated() {
        for why in Names.isLabelValue(value.string ?? "") {
          let at = path().child("matchExpressions").index(i).child("values").index(j)
          out.append("\(at.text): \(value.string ?? "") is invalid, \(why)")
        }
      }
    }
    return out
  }

  /// `GetWarningsForNodeSelector`.
  static func selector(_ selector: Value, _ path: Path) -> [String] {
    var out = term(selector, checksValues: false, path)
    for field in selector[.matchLabels].fields {
      if let why = deprecated(field.key.string) {
        out.append("\(path.child("matchLabels").child(field.key.string).text): \(why)")
      }
    }
    return out
  }
}
