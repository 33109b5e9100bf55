import Basics

/// Optionals, times, quantities, addresses and URLs (`apiserver/pkg/cel/library`).
enum CELLibraries {
  static func call(_ name: String, _ v: [CELValue]) throws(CELError) -> CELValue? {
    if let result = optionals(name, v) { return try result.get() }
    if let result = times(name, v) { return result }
    if let result = try quantities(name, v) { return result }
    return try addresses(name, v)
  }

  private static func optionals(_ name: String, _ v: [CELValue]) -> Result<CELValue, CELError>? {
    switch (name, v.count) {
    case ("optional.of", 1): return .success(.optional(v[0]))
    case ("optional.none", 0): return .success(.optional(nil))
    case ("optional.ofNonZeroValue", 1):
      let isZero =
        v[0].equals(.null) || v[0].equals(.int(0)) || v[0].equals(.string("")) || v[0].equals(.bool(false))
      return .success(.optional(isZero || v[0].elements?.isEmpty == true ? nil : v[0]))
    default: break
    }
    guard let first = v.first, case .optional(let inner) = first else { return nil }
    switch (name, v.count) {
    case ("orValue", 2): return .success(inner ?? v[1])
    case ("or", 2): return .success(inner == nil ? v[1] : first)
    case ("hasValue", 1): return .success(.bool(inner != nil))
    case ("value", 1):
      guard let inner else { return .failure(CELError("optional.none() dereference")) }
      return .success(inner)
    default: return nil
    }
  }

  private static func times(_ name: String, _ v: [CELValue]) -> CELValue? {
    switch v.first {
    case .duration(let n):
      switch name {
      case "getHours": return .int(n / 3_600_000_000_000)
      case "getMinutes": return .int(n / 60_000_000_000)
      case "getSeconds": return .int(n / 1_000_000_000)
      case "getMilliseconds": return .int(n / 1_000_000)
      default: return nil
      }
    case .timestamp(let seconds, let nanoseconds):
      var days = seconds / 86_400
      var rest = seconds % 86_400
      if rest < 0 {
        rest += 86_400
        days -= 1
      }
      let date = RFC3339.civil(Int64(days))
      switch name {
      case "getFullYear": return .int(Int(date.year))
      case "getMonth": return .int(Int(date.month) - 1)
      case "getDate": return .int(Int(date.day))
      case "getDayOfMonth": return .int(Int(date.day) - 1)
      case "getDayOfWeek": return .int(((days % 7) + 11) % 7)
      case "getHours": return .int(rest / 3600)
      case "getMinutes": return .int(rest / 60 % 60)
      case "getSeconds": return .int(rest % 60)
      case "getMilliseconds": return .int(nanoseconds / 1_000_000)
      default: return nil
      }
    default: return nil
    }
  }

  private static func quantities(_ name: String, _ v: [CELValue]) throws(CELError) -> CELValue? {
    if v.count == 1, let text = v[0].plain {
      switch name {
      case "isQuantity": return .bool(Quantity(text) != nil)
      case "quantity":
        if let made = Quantity(text) { return .quantity(made) }
        throw CELError(Quantity.ParseError.format.rawValue)
      default: return nil
      }
    }
    guard let first = v.first, case .quantity(let a) = first else { return nil }
    if v.count == 1 {
      switch name {
      case "sign": return .int(a.sign)
      case "isInteger": return .bool(a.isInteger)
      case "asInteger":
        guard a.isInteger else { throw CELError("cannot convert value to integer") }
        return .int(a.value)
      case "asApproximateFloat": return .double(Double(a.scaled(to: -3)) / 1000)
      default: return nil
      }
    }
    let b: Quantity
    switch v[1] {
    case .quantity(let other): b = other
    case .int(let n): b = Quantity(n)
    default: return nil
    }
    switch name {
    case "isGreaterThan": return .bool(a > b)
    case "isLessThan": return .bool(a < b)
    case "compareTo": return .int(a < b ? -1 : a == b ? 0 : 1)
    case "add": return .quantity(a + b)
    case "sub": return .quantity(a - b)
    default: return nil
    }
  }

  private static func addresses(_ name: String, _ v: [CELValue]) throws(CELError) -> CELValue? {
    if v.count == 1, let text = v[0].plain { return try made(name, text) }
    guard let first = v.first else { return nil }
    if let result = try networks(name, first, v.count > 1 ? v[1] : nil) { return result }
    switch (first, name) {
    case (.address(let text), "family"): return .int(IPText.version(text) ?? 0)
    case (.address(let text), "isLoopback"): return .bool(text.hasPrefix("127.") || text == "::1")
    case (.address(let text), "isUnspecified"): return .bool(text == "0.0.0.0" || text == "::")
    case (.url(let text), "getScheme"):
      return .string(text.contains(":") ? String(text.prefix { $0 != ":" }) : "")
    case (.url(let text), "getHost"): return .string(host(text))
    case (.url(let text), "getHostname"): return .string(String(host(text).prefix { $0 != ":" }))
    case (.url(let text), "getPort"): return .string(String(host(text).drop { $0 != ":" }.dropFirst()))
    case (.url(let text), "getEscapedPath"): return .string(path(text))
    default: return nil
    }
  }

  private static func networks(
    _ name: String, _ target: CELValue, _ argument: CELValue?
  ) throws(CELError) -> CELValue? {
    if case .address(let text) = target, let address = IPBytes(text) {
      switch name {
      case "isLinkLocalUnicast":
        return .bool(address.bytes.starts(with: [169, 254]) || address.isIn([0xFE, 0x80], 10))
      case "isGlobalUnicast":
        let first = address.bytes[0]
        let isMulticast = address.bytes.count == 4 ? first >= 224 : first == 0xFF
        return .bool(
          !isMulticast && !["127", "0", "::1", "::"].contains(text.split(separator: ".").first ?? ""))
      default: return nil
      }
    }
    guard case .network(let text) = target, let network = IPBytes.Network(text) else { return nil }
    switch name {
    case "prefixLength": return .int(network.length)
    case "ip": return .address(network.address.text)
    case "masked": return .network(network.masked.text)
    case "containsIP", "containsCIDR":
      guard let argument else { throw .overload }
      let other = CELFunctions.text(argument)
      if name == "containsIP" {
        guard let address = IPBytes(other) else {
          throw CELError("IP Address '\(other)' parse error during conversion from string")
        }
        return .bool(
          address.bytes.count == network.address.bytes.count
            && address.isIn(network.address.bytes, network.length))
      }
      guard let inner = IPBytes.Network(other) else {
        throw CELError("network address parse error during conversion from string: '\(other)'")
      }
      return .bool(
        inner.address.bytes.count == network.address.bytes.count && inner.length >= network.length
          && inner.address.isIn(network.address.bytes, network.length))
    default: return nil
    }
  }

  private static func made(_ name: String, _ text: String) throws(CELError) -> CELValue? {
    let isAddress = IPText.version(text) != nil
    let isNetwork = SchemaFormat.cidr.accepts(text)
    let isURL = text.hasPrefix("/") || text.contains("://") && !text.contains(" ")
    switch name {
    case "isIP": return .bool(isAddress)
    case "isCIDR": return .bool(isNetwork)
    case "isURL": return .bool(isURL)
    case "ip":
      if isAddress { return .address(text) }
      throw CELError("IP Address '\(text)' parse error during conversion from string")
    case "cidr":
      if isNetwork { return .network(text) }
      throw CELError("network address parse error during conversion from string: '\(text)'")
    case "url":
      if isURL { return .url(text) }
      throw CELError(
        "URL parse error during conversion from string: parse \"\(text)\": invalid URI for request")
    case "ip.isCanonical": return .bool(IPBytes(text)?.text == text)
    default: return nil
    }
  }

  private static func afterScheme(_ text: String) -> Substring {
    var rest = text[...]
    while !rest.isEmpty, !rest.hasPrefix("://") { rest = rest.dropFirst() }
    return rest.isEmpty ? text[...] : rest.dropFirst(3)
  }

  private static func host(_ text: String) -> String {
    text.hasPrefix("/") ? "" : String(afterScheme(text).prefix { !"/?#".contains($0) })
  }

  private static func path(_ text: String) -> String {
    let rest = text.hasPrefix("/") ? text[...] : afterScheme(text).drop { !"/?#".contains($0) }
    return String(rest.prefix { !"?#".contains($0) })
  }
}
