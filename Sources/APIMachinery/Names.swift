/// The rules for names, labels and ports (`apimachinery/pkg/util/validation`, `pkg/api/validate/content`).
/// Each check gives the sentences of Kubernetes 1.36; an empty list means that the text is valid.
public enum Names {
  public static func isDNS1123Label(_ text: String) -> [String] {
    var errors = tooLong(text, 63)
    if !matchesDNS1123Label(text) {
      // A valid subdomain that is no label has dots.
      errors.append(matchesDNS1123Subdomain(text) ? "must not contain dots" : dns1123Label)
    }
    return errors
  }

  public static func isDNS1123Subdomain(_ text: String) -> [String] {
    tooLong(text, 253) + (matchesDNS1123Subdomain(text) ? [] : [dns1123Subdomain])
  }

  /// A search domain of a resolver (`IsDNS1123SubdomainWithUnderscore`).
  public static func isDNS1123SubdomainWithUnderscore(_ text: String) -> [String] {
    let plain = String(text.map { $0 == "_" ? "a" : $0 })
    return tooLong(text, 253) + (matchesDNS1123Subdomain(plain) ? [] : [dns1123Underscore])
  }

  public static func isDNS1035Label(_ text: String) -> [String] {
    let valid = matchesDNS1123Label(text) && !(text.utf8.first.map(isDigit) ?? true)
    return tooLong(text, 63) + (valid ? [] : [dns1035Label])
  }

  public static func isWildcardDNS1123Subdomain(_ text: String) -> [String] {
    let valid = text.utf8.starts(with: "*.".utf8) && matchesDNS1123Subdomain(String(text.dropFirst(2)))
    return tooLong(text, 253) + (valid ? [] : [wildcard])
  }

  /// A label key, a taint key, a resource name, … (`content.IsLabelKey`).
  public static func isQualifiedName(_ text: String) -> [String] {
    var errors: [String] = []
    let slash = text.utf8.firstIndex(of: 47)
    var name = text[...]
    if let slash {
      name = text[text.index(after: slash)...]
      guard !name.utf8.contains(47) else {
        let example = " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"
        return ["a qualified name " + qualified + example]
      }
      let prefix = String(text[..<slash])
      if prefix.isEmpty {
        errors.append("prefix part must be non-empty")
      } else {
        var wrong = matchesDNS1123Subdomain(prefix) ? [] : [dns1123Subdomain]
        if prefix.utf8.count > 253 { wrong.insert("must be no more than 253 bytes", at: 0) }
        errors += wrong.map { "prefix part " + $0 }
      }
    }
    if name.isEmpty {
      errors.append("name part must be non-empty")
    } else if name.utf8.count > 63 {
      errors.append("name part must be no more than 63 bytes")
    }
    if !isWord(name.utf8) { errors.append("name part " + qualified) }
    return errors
  }

  public static func isLabelValue(_ text: String) -> [String] {
    var errors: [String] = []
    if text.utf8.count > 63 { errors.append("must be no more than 63 bytes") }
    if !text.isEmpty && !isWord(text.utf8) { errors.append(labelValue) }
    return errors
  }

  public static func isPortNumber(_ port: Int) -> [String] {
    (1...65535).contains(port) ? [] : [inRange(1, 65535)]
  }

  /// `must be between 1 and 65535, inclusive`.
  public static func inRange(_ low: Int, _ high: Int) -> String {
    "must be between \(low) and \(high), inclusive"
  }

  public static func isPortName(_ text: String) -> [String] {
    let bytes = Array(text.utf8)
    var errors = tooLong(text, 15)
    if bytes.isEmpty || !bytes.allSatisfy({ isLower($0) || isDigit($0) || $0 == 45 }) {
      errors.append("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)")
    }
    if !bytes.contains(where: isLower) { errors.append("must contain at least one letter (a-z)") }
    if zip(bytes, bytes.dropFirst()).contains(where: { $0 == 45 && $1 == 45 }) {
      errors.append("must not contain consecutive hyphens")
    }
    if bytes.first == 45 || bytes.last == 45 { errors.append("must not begin or end with a hyphen") }
    return errors
  }

  public static func isPercent(_ text: String) -> [String] {
    let bytes = Array(text.utf8)
    if bytes.count > 1, bytes.last == 37, bytes.dropLast().allSatisfy(isDigit) { return [] }
    return [
      pattern(
        "a valid percent string must be a numeric string followed by an ending '%'", "[0-9]+%", "1%", "93%")
    ]
  }

  public static func isHTTPHeaderName(_ text: String) -> [String] {
    if !text.isEmpty, text.utf8.allSatisfy({ isAlphanumeric($0) || $0 == 45 }) { return [] }
    return [
      pattern(
        "a valid HTTP header must consist of alphanumeric characters or '-'", "[-A-Za-z0-9]+", "X-Header-Name"
      )
    ]
  }

  /// The rule since RelaxedEnvironmentVariableValidation.
  public static func isEnvVarName(_ text: String) -> [String] {
    var errors: [String] = []
    if text.isEmpty { errors.append("environment variable name must be non-empty") }
    if !text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F && $0 != 61 }) {
      errors.append(
        "a valid environment variable name must consist only of printable ASCII characters other than '='")
    }
    return errors
  }

  /// A key of a ConfigMap or a Secret.
  public static func isConfigMapKey(_ text: String) -> [String] {
    var errors = tooLong(text, 253)
    let bytes = Array(text.utf8)
    if bytes.isEmpty || !bytes.allSatisfy({ isAlphanumeric($0) || $0 == 45 || $0 == 46 || $0 == 95 }) {
      errors.append(configKey)
    }
    if text == "." {
      errors.append("must not be '.'")
    } else if text == ".." {
      errors.append("must not be '..'")
    } else if text.utf8.starts(with: "..".utf8) {
      errors.append("must not start with '..'")
    }
    return errors
  }

  /// `[A-Za-z_][A-Za-z0-9_]*`.
  public static func isCIdentifier(_ text: String) -> [String] {
    let bytes = Array(text.utf8)
    if let first = bytes.first, !isDigit(first), bytes.allSatisfy({ isAlphanumeric($0) || $0 == 95 }) {
      return []
    }
    return [
      pattern(
        "a valid C identifier must start with alphabetic character or '_', followed by a string of "
          + "alphanumeric characters or '_'", "[A-Za-z_][A-Za-z0-9_]*", "my_name", "MY_NAME", "MyName")
    ]
  }

  /// The rule for names that only have to fit a path of the API: RBAC objects.
  public static func isPathSegmentName(_ text: String) -> [String] {
    if text == "." || text == ".." { return ["may not be '\(text)'"] }
    return ["/", "%"].filter { text.contains($0) }.map { "may not contain '\($0)'" }
  }

  // MARK: - Pieces

  /// `msg (e.g. 'a',  or 'b', regex used for validation is '…')`.
  public static func pattern(_ message: String, _ format: String, _ examples: String...) -> String {
    if examples.isEmpty { return "\(message) (regex used for validation is '\(format)')" }
    let shown = examples.map { "'\($0)', " }.joined(separator: " or ")
    return "\(message) (e.g. \(shown)regex used for validation is '\(format)')"
  }

  private static let label = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
  private static let dns1123Label = pattern(
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start "
      + "and end with an alphanumeric character", label, "my-name", "123-abc")
  private static let dns1123Subdomain = pattern(
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and "
      + "must start and end with an alphanumeric character", label + "(\\." + label + ")*", "example.com")
  private static let dns1123Underscore = pattern(
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-', '_' or '.', and "
      + "must start and end with an alphanumeric character",
    "[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*", "example.com")
  private static let dns1035Label = pattern(
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic "
      + "character, and end with an alphanumeric character", "[a-z]([-a-z0-9]*[a-z0-9])?", "my-name",
    "abc-123")
  private static let wildcard = pattern(
    "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must "
      + "consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character",
    "\\*\\." + label + "(\\." + label + ")*", "*.example.com")
  private static let qualified = pattern(
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric "
      + "character", "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]", "MyName", "my.name", "123-abc")
  private static let labelValue = pattern(
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must "
      + "start and end with an alphanumeric character", "(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?",
    "MyValue", "my_value", "12345")
  private static let configKey = pattern(
    "a valid config key must consist of alphanumeric characters, '-', '_' or '.'", "[-._a-zA-Z0-9]+",
    "key.name", "KEY_NAME", "key-name")

  private static func tooLong(_ text: String, _ most: Int) -> [String] {
    text.utf8.count > most ? ["must be no more than \(most) characters"] : []
  }

  private static func isDigit(_ c: UInt8) -> Bool { c >= 48 && c <= 57 }
  private static func isLower(_ c: UInt8) -> Bool { c >= 97 && c <= 122 }
  private static func isAlphanumeric(_ c: UInt8) -> Bool {
    isDigit(c) || isLower(c) || (c >= 65 && c <= 90)
  }

  /// Letters, digits, `-`, `_`, `.`; the first and the last a letter or a digit.
  /// Letters, digits, `-`, `_` and `.`, with a letter or digit at both ends.
  public static func isWord(_ bytes: some BidirectionalCollection<UInt8>) -> Bool {
    guard let first = bytes.first, let last = bytes.last, isAlphanumeric(first), isAlphanumeric(last) else {
      return false
    }
    return bytes.allSatisfy { isAlphanumeric($0) || $0 == 45 || $0 == 95 || $0 == 46 }
  }

  public static func matchesDNS1123Label(_ text: String) -> Bool { isLabel(text.utf8) }

  public static func matchesDNS1123Subdomain(_ text: String) -> Bool {
    // Labels begin and end with letters or digits, so what stands beside a dot or an end is neither dot nor dash.
    var before: UInt8 = 46
    for c in text.utf8 {
      switch c {
      case 46: if before == 46 || before == 45 { return false }
      case 45: if before == 46 { return false }
      default: if !isLower(c) && !isDigit(c) { return false }
      }
      before = c
    }
    return before != 46 && before != 45
  }

  private static func isLabel(_ bytes: some BidirectionalCollection<UInt8>) -> Bool {
    guard let first = bytes.first, let last = bytes.last, first != 45, last != 45 else { return false }
    return bytes.allSatisfy { isLower($0) || isDigit($0) || $0 == 45 }
  }
}
