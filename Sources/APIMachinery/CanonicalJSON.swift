/// Values as compact JSON with sorted keys: equal values give equal bytes.
public enum CanonicalJSON {
  public static func bytes(_ value: Value) -> [UInt8] {
    var out: [UInt8] = []
    append(value, to: &out)
    return out
  }

  public static func string(_ value: Value) -> String { String(decoding: bytes(value), as: UTF8.self) }

  public static func append(_ value: Value, to out: inout [UInt8]) {
    switch value {
    case .null: out.append(contentsOf: "null".utf8)
    case .bool(let b): out.append(contentsOf: b ? "true".utf8 : "false".utf8)
    case .small(let n): out.append(contentsOf: String(n).utf8)
    case .number(let t): out.append(contentsOf: t.utf8)
    case .string(let t): JSONText.appendQuoted(t.utf8, to: &out)
    case .array(let node):
      out.append(0x5B)
      for i in 0..<node.count {
        if i > 0 { out.append(0x2C) }
        append(node[i], to: &out)
      }
      out.append(0x5D)
    case .object(let node):
      out.append(0x7B)
      for i in 0..<node.count {
        if i > 0 { out.append(0x2C) }
        out.append(contentsOf: node[i].key.quoted)
        out.append(0x3A)
        append(node[i].value, to: &out)
      }
      out.append(0x7D)
    }
  }
}
