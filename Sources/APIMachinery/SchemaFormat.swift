import Synchronization

/// The formats that the API server checks; others are passed over (`kube-openapi/pkg/validation/strfmt`).
enum SchemaFormat: String {
  case int32, int64, float, double
  case byte, binary, date, password, duration, cidr, ipv4, ipv6, email, uri, hostname, mac, uuid
  case dateTime = "date-time"
  case datetime

  func accepts(_ text: String) -> Bool {
    switch self {
    case .int32, .int64, .float, .double, .password, .binary: true
    case .byte:
      Text.make(text).utf8.count % 4 == 0 && ScalarText.base64Problem(Text.make(text).utf8) == nil
    case .date:
      text.utf8.count == 10 && ScalarText.time(text + "T00:00:00Z") != nil
    case .dateTime, .datetime: ScalarText.time(text) != nil
    case .duration: Self.isDuration(text)
    case .cidr: Self.isCIDR(text)
    case .ipv4: IPText.version(text) == 4
    case .ipv6: IPText.version(text) == 6
    case .mac: Self.isMAC(text)
    case .uuid: Self.isUUID(text)
    case .email:
      text.split(separator: "@", omittingEmptySubsequences: false).count == 2 && !text.hasPrefix("@")
        && !text.hasSuffix("@")
    case .uri: text.contains(":") || text.hasPrefix("/")
    case .hostname: !text.isEmpty && text.utf8.count <= 255 && !text.utf8.contains(0x20)
    }
  }

  private static func isCIDR(_ text: String) -> Bool {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let version = IPText.version(String(parts[0])), !parts[1].isEmpty,
      parts[1].utf8.count <= 3, parts[1].utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }),
      let bits = Int(parts[1])
    else { return false }
    return bits <= (version == 4 ? 32 : 128)
  }

  private static func isMAC(_ text: String) -> Bool {
    let parts = text.split(omittingEmptySubsequences: false) { $0 == ":" || $0 == "-" }
    return [6, 8, 20].contains(parts.count)
      && parts.allSatisfy { $0.utf8.count == 2 && $0.unicodeScalars.allSatisfy(\.properties.isASCIIHexDigit) }
  }

  private static func isUUID(_ text: String) -> Bool {
    let digits = text.unicodeScalars.filter { $0 != "-" }
    return digits.count == 32 && digits.allSatisfy(\.properties.isASCIIHexDigit)
  }

  /// Go's durations (`1h30m`) and plain words (`3 days`).
  private static func isDuration(_ text: String) -> Bool {
    let pattern =
      "^[-+]?(0|([0-9]*\\.?[0-9]+ ?(ns|us|µs|ms|s|m|h|d|w|days?|hours?|minutes?|seconds?|weeks?) ?)+)$"
    return PatternCache.shared.matches(pattern, text) ?? true
  }
}

/// Addresses as Go's `net.ParseIP` reads them.
enum IPText {
  /// 4 or 6, or nil if the text is no address.
  static func version(_ text: String) -> Int? {
    if text.utf8.contains(0x3A) { return isV6(text) ? 6 : nil }
    return isV4(text[...]) ? 4 : nil
  }

  private static func isV4(_ text: Substring) -> Bool {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4
      && parts.allSatisfy { part in
        let digits = part.utf8
        return digits.count >= 1 && digits.count <= 3 && digits.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
          && (digits.count == 1 || digits.first != 0x30) && (Int(part) ?? 256) < 256
      }
  }

  private static func isV6(_ text: String) -> Bool {
    var groups = 0
    var parts = text.split(separator: ":", omittingEmptySubsequences: false)
    if let last = parts.last, last.contains(".") {
      guard isV4(last) else { return false }
      parts.removeLast()
      parts += ["0", "0"]
    }
    let gaps = text.indices.filter { text[$0...].hasPrefix("::") }.count
    if gaps > 1 { return false }
    if gaps == 0, text.hasPrefix(":") || text.hasSuffix(":") { return false }
    if text.hasPrefix(":") && !text.hasPrefix("::") || text.hasSuffix(":") && !text.hasSuffix("::") {
      return false
    }
    for part in parts where !part.isEmpty {
      guard part.utf8.count <= 4, part.unicodeScalars.allSatisfy(\.properties.isASCIIHexDigit) else {
        return false
      }
      groups += 1
    }
    return gaps == 1 ? groups <= 7 : groups == 8
  }
}

/// Compiled patterns of schemas; each is compiled once for the process.
final class PatternCache: Sendable {
  static let shared = PatternCache()
  private let known = Mutex<[String: RegularExpression?]>([:])

  /// Whether the pattern matches; nil if it is none.
  func matches(_ pattern: String, _ text: String) -> Bool? {
    let expression = known.withLock { all -> RegularExpression? in
      if let found = all[pattern] { return found }
      let made = try? RegularExpression(pattern)
      all[pattern] = .some(made)
      return made
    }
    return expression?.matches(text)
  }
}
