/// Base64 (RFC 4648): the standard alphabet with padding, or the one for URLs without.
public enum Base64 {
  private static let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
  private static let standard = Array((letters + "+/").utf8)
  private static let url = Array((letters + "-_").utf8)

  public static func encode(_ source: some Sequence<UInt8>, urlSafe: Bool = false) -> String {
    let bytes = Array(source)
    let alphabet = urlSafe ? url : standard
    var out: [UInt8] = []
    out.reserveCapacity((bytes.count + 2) / 3 * 4)
    var i = 0
    while i < bytes.count {
      let a = bytes[i]
      let b = i + 1 < bytes.count ? bytes[i + 1] : 0
      let c = i + 2 < bytes.count ? bytes[i + 2] : 0
      out.append(alphabet[Int(a >> 2)])
      out.append(alphabet[Int((a & 3) << 4 | b >> 4)])
      out.append(i + 1 < bytes.count ? alphabet[Int((b & 15) << 2 | c >> 6)] : 61)
      out.append(i + 2 < bytes.count ? alphabet[Int(c & 63)] : 61)
      i += 3
    }
    if urlSafe { while out.last == 61 { out.removeLast() } }
    return String(decoding: out, as: UTF8.self)
  }

  /// Line breaks are ignored, as in Go's decoder; nil where the text is no base64.
  public static func decode(_ text: some Sequence<UInt8>) -> [UInt8]? {
    var out: [UInt8] = []
    var bits: UInt32 = 0
    var count = 0
    var padding = 0
    for byte in text {
      let value: UInt8
      switch byte {
      case 0x0A, 0x0D: continue
      case 0x41...0x5A: value = byte - 0x41
      case 0x61...0x7A: value = byte - 0x47
      case 0x30...0x39: value = byte + 4
      case 0x2B: value = 62
      case 0x2F: value = 63
      case 0x3D:
        padding += 1
        continue
      default: return nil
      }
      if padding > 0 { return nil }
      bits = bits << 6 | UInt32(value)
      count += 1
      if count % 4 == 0 {
        out += [UInt8(truncatingIfNeeded: bits >> 16), UInt8(truncatingIfNeeded: bits >> 8)]
        out.append(UInt8(truncatingIfNeeded: bits))
      }
    }
    switch (count % 4, padding) {
    case (0, 0): return out
    case (2, 2): return out + [UInt8(truncatingIfNeeded: bits >> 4)]
    case (3, 1):
      return out + [UInt8(truncatingIfNeeded: bits >> 10), UInt8(truncatingIfNeeded: bits >> 2)]
    default: return nil
    }
  }
}
