import Basics

/// The texts of scalar types: reading as Go does, with Go's words for what is wrong, and the one spelling.
public enum ScalarText {
  /// A time as `metav1.Time` prints it, or nil if it is none.
  static func time(_ text: String) -> String? {
    RFC3339.parse(text).map { RFC3339.string($0) }
  }

  static func microTime(_ text: String) -> String? {
    RFC3339.parse(text).map { RFC3339.microString($0) }
  }

  /// Why Go's `time.Parse` refuses `text`.
  static func timeProblem(_ text: String, micro: Bool) -> String? {
    if RFC3339.parse(text) != nil { return nil }
    let layout = micro ? "2006-01-02T15:04:05.000000Z07:00" : "2006-01-02T15:04:05Z07:00"
    let bytes = Array(text.utf8)
    var at = 0
    let parts: [(name: String, digits: Int)] = [
      ("2006", 4), ("-", 0), ("01", 2), ("-", 0), ("02", 2), ("T", 0), ("15", 2), (":", 0), ("04", 2),
      (":", 0), ("05", 2), ("Z07:00", 0),
    ]
    for part in parts {
      let next = bytes[at...].prefix(max(part.digits, 1))
      let fits =
        part.digits > 0
        ? next.count == part.digits && next.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
        : next.elementsEqual(part.name.utf8)
      if !fits {
        let rest = String(decoding: bytes[at...], as: UTF8.self)
        return
          "parsing time \(quoted(text)) as \"\(layout)\": cannot parse \(quoted(rest)) as \"\(part.name)\""
      }
      at += max(part.digits, 1)
    }
    return "parsing time \(quoted(text)): day out of range"
  }

  /// Where base64 with padding stops being that, or nil (`encoding/base64.StdEncoding`).
  static func base64Problem(_ text: UnsafeBufferPointer<UInt8>) -> Int? {
    var group = 0
    var i = 0
    func skipLineEnds(_ from: Int) -> Int {
      var k = from
      while k < text.count, text[k] == 0x0A || text[k] == 0x0D { k += 1 }
      return k
    }
    while true {
      i = skipLineEnds(i)
      if i == text.count { return group == 0 ? nil : i - group }
      let c = text[i]
      if c == 0x3D {
        if group < 2 { return i }
        var end = skipLineEnds(i + 1)
        if group == 2 {
          if end == text.count { return text.count }
          if text[end] != 0x3D { return end }
          end = skipLineEnds(end + 1)
        }
        return end == text.count ? nil : end
      }
      let lower = c | 0x20
      let isDigit = c >= 0x30 && c <= 0x39 || c == 0x2B || c == 0x2F
      guard isDigit || lower >= 0x61 && lower <= 0x7A else { return i }
      group = (group + 1) % 4
      i += 1
    }
  }

  /// The text in Go's quotes (`%q`).
  public static func quoted(_ text: String) -> String {
    var out: [UInt8] = []
    var copy = text
    copy.withUTF8 { JSONText.appendQuoted($0, to: &out) }
    return String(decoding: out, as: UTF8.self)
  }
}
