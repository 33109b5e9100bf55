/// IPv4 addresses as numbers and in Go's dotted notation, which takes no zero in front of a digit.
public enum IPv4 {
  public static func parse(_ text: String) -> UInt32? {
    var text = text
    return text.withUTF8 { parse($0) }
  }

  /// The address that `utf8` spells; nil where that is none. Nothing is allocated.
  public static func parse(_ utf8: UnsafeBufferPointer<UInt8>) -> UInt32? {
    var address: UInt32 = 0
    var octet: UInt32 = 0
    var digits = 0
    var dots = 0
    for byte in utf8 {
      if byte == 46 {
        guard digits > 0, dots < 3 else { return nil }
        address = address << 8 | octet
        (octet, digits, dots) = (0, 0, dots + 1)
        continue
      }
      guard byte >= 48, byte <= 57, digits == 0 || octet > 0 else { return nil }
      octet = octet * 10 + UInt32(byte - 48)
      digits += 1
      if octet > 255 { return nil }
    }
    return dots == 3 && digits > 0 ? address << 8 | octet : nil
  }

  public static func text(_ address: UInt32) -> String {
    String(unsafeUninitializedCapacity: 15) { room in
      var at = 0
      for shift: UInt32 in [24, 16, 8, 0] {
        let octet = address >> shift & 255
        for unit: UInt32 in [100, 10, 1] where octet >= unit || unit == 1 {
          room[at] = UInt8(48 + octet / unit % 10)
          at += 1
        }
        if shift > 0 {
          room[at] = 46
          at += 1
        }
      }
      return at
    }
  }
}
