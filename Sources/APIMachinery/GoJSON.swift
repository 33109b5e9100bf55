/// Compact JSON as Go's `encoding/json` writes it: keys sorted, and what HTML would take for markup and the two line
/// ends that JavaScript knows by their numbers.
public enum GoJSON {
  public static func bytes(_ value: Value) -> [UInt8] {
    let plain = CanonicalJSON.bytes(value)
    if !plain.contains(where: { $0 == 0x3C || $0 == 0x3E || $0 == 0x26 || $0 == 0xE2 }) { return plain }
    // These bytes stand in texts only.
    var out: [UInt8] = []
    out.reserveCapacity(plain.count + 64)
    var i = 0
    while i < plain.count {
      let byte = plain[i]
      if byte == 0x3C || byte == 0x3E || byte == 0x26 {
        out += Array("\\u00\(String(byte, radix: 16))".utf8)
      } else if byte == 0xE2, i + 2 < plain.count, plain[i + 1] == 0x80, plain[i + 2] & 0xFE == 0xA8 {
        out += Array("\\u202\(plain[i + 2] == 0xA8 ? 8 : 9)".utf8)
        i += 2
      } else {
        out.append(byte)
      }
      i += 1
    }
    return out
  }
}
