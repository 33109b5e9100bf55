/// Values as compact JSON with sorted keys: equal values give equal bytes.
public enum CanonicalJSON {
  public static func bytes(_ value: Value) -> [UInt8] {
    var out: [UInt8] = []
    append(value, to: &out)
    return out
  }

  public static func string(_ value: Value) -> String {
    var buffer = ByteBuffer()
    defer { buffer.free() }
    write(value, &buffer)
    return String(decoding: buffer.bytes, as: UTF8.self)
  }

  public static func append(_ value: Value, to out: inout [UInt8]) {
    var buffer = ByteBuffer()
    defer { buffer.free() }
    write(value, &buffer)
    out.append(contentsOf: buffer.bytes)
  }

  /// Appends each value with a newline after it (JSON Lines).
  public static func appendLines(_ values: some Sequence<Value>, to out: inout [UInt8]) {
    var buffer = ByteBuffer()
    defer { buffer.free() }
    for value in values {
      write(value, &buffer)
      buffer.append(0x0A)
    }
    out.append(contentsOf: buffer.bytes)
  }

  private static func write(_ value: Value, _ out: inout ByteBuffer) {
    _ = ValueView.isTrusted
    withUnsafePointer(to: value) { write(ValueView($0), &out) }
    withExtendedLifetime(value) {}
  }

  static func write(_ view: ValueView, _ out: inout ByteBuffer) {
    switch view {
    case .array(let node):
      node._withUnsafeGuaranteedRef { node in
        out.append(0x5B)
        for i in 0..<node.count {
          if i > 0 { out.append(0x2C) }
          write(ValueView(node.start + i), &out)
        }
        out.append(0x5D)
      }
    case .object(let node):
      node._withUnsafeGuaranteedRef { node in
        out.append(0x7B)
        for i in 0..<node.count {
          if i > 0 { out.append(0x2C) }
          out.append(KeyTable.entry(node.keys[i].id).pointee.quoted)
          out.append(0x3A)
          write(ValueView(node.values + i), &out)
        }
        out.append(0x7D)
      }
    default: scalar(view, &out)
    }
  }

  @inline(__always)
  static func scalar(_ view: ValueView, _ out: inout ByteBuffer) {
    switch view {
    case .null: out.append("null")
    case .bool(let b): out.append(b ? "true" : "false")
    case .small(let n): out.appendNumber(Int(n))
    case .number(let text): text._withUnsafeGuaranteedRef { out.append($0.utf8) }
    case .string(let text): text._withUnsafeGuaranteedRef { out.appendQuoted($0.utf8) }
    case .array, .object: break
    }
  }
}

/// Values as indented JSON with sorted keys, as `kubectl -o json` prints them (four spaces).
public enum JSONPretty {
  public static func string(_ value: Value, indent: Int = 4) -> String {
    String(decoding: bytes(value, indent: indent), as: UTF8.self)
  }

  public static func bytes(_ value: Value, indent: Int = 4) -> [UInt8] {
    _ = ValueView.isTrusted
    var buffer = ByteBuffer()
    defer { buffer.free() }
    withUnsafePointer(to: value) { write(ValueView($0), indent, 0, &buffer) }
    withExtendedLifetime(value) {}
    return Array(buffer.bytes)
  }

  private static func write(_ view: ValueView, _ indent: Int, _ level: Int, _ out: inout ByteBuffer) {
    switch view {
    case .array(let node):
      node._withUnsafeGuaranteedRef { node in
        if node.count == 0 { return out.append("[]") }
        out.append(0x5B)
        for i in 0..<node.count {
          if i > 0 { out.append(0x2C) }
          newline(indent * (level + 1), &out)
          write(ValueView(node.start + i), indent, level + 1, &out)
        }
        newline(indent * level, &out)
        out.append(0x5D)
      }
    case .object(let node):
      node._withUnsafeGuaranteedRef { node in
        if node.count == 0 { return out.append("{}") }
        out.append(0x7B)
        for i in 0..<node.count {
          if i > 0 { out.append(0x2C) }
          newline(indent * (level + 1), &out)
          out.append(KeyTable.entry(node.keys[i].id).pointee.quoted)
          out.append(": ")
          write(ValueView(node.values + i), indent, level + 1, &out)
        }
        newline(indent * level, &out)
        out.append(0x7D)
      }
    default: CanonicalJSON.scalar(view, &out)
    }
  }

  private static func newline(_ spaces: Int, _ out: inout ByteBuffer) {
    out.append(0x0A)
    for _ in 0..<spaces { out.append(0x20) }
  }
}
