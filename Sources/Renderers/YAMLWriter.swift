import APIMachinery

/// A tree as block YAML, as `kubectl get -o yaml` prints it: two spaces, lists not indented, strings quoted only
/// where a reader would take them for something else.
public enum YAMLWriter {
  public static func text(_ value: Value) -> String {
    var out = ""
    write(value, 0, &out, inline: false)
    return out
  }

  private static func write(_ value: Value, _ indent: Int, _ out: inout String, inline: Bool) {
    let pad = String(repeating: " ", count: indent)
    var first = inline
    switch value {
    case .object where !value.isEmpty:
      for field in value.fields {
        out += (first ? "" : pad) + scalar(field.key.string) + ":"
        first = false
        after(field.value, indent, &out, inList: false)
      }
    case .array where !value.isEmpty:
      for item in value.items {
        out += (first ? "" : pad) + "-"
        first = false
        after(item, indent, &out, inList: true)
      }
    default: out += pad + leaf(value, indent) + "\n"
    }
  }

  private static func after(_ value: Value, _ indent: Int, _ out: inout String, inList: Bool) {
    guard !value.isEmpty, value.isObject || value.isArray else {
      out += " " + leaf(value, indent) + "\n"
      return
    }
    if inList {
      out += " "
      write(value, indent + 2, &out, inline: true)
    } else {
      out += "\n"
      write(value, value.isArray ? indent : indent + 2, &out, inline: false)
    }
  }

  private static func leaf(_ value: Value, _ indent: Int) -> String {
    switch value {
    case .object: return "{}"
    case .array: return "[]"
    case .string(let text):
      let string = text.string
      if string.contains("\n"), isPrintable(string), !string.hasPrefix(" ") { return block(string, indent) }
      return scalar(string)
    default: return CanonicalJSON.string(value)
    }
  }

  private static func isPrintable(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy { $0 == "\n" || ($0.value >= 0x20 && $0.value != 0x7F) }
      && !text.split(separator: "\n", omittingEmptySubsequences: false).contains { $0.hasSuffix(" ") }
  }

  private static func block(_ text: String, _ indent: Int) -> String {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    var mark = "|-"
    if lines.last == "" {
      lines.removeLast()
      mark = lines.last == "" ? "|+" : "|"
    }
    let pad = String(repeating: " ", count: indent + 2)
    return mark + lines.map { $0.isEmpty ? "\n" : "\n" + pad + $0 }.joined()
  }

  private static let words: Set<String> = [
    "true", "false", "yes", "no", "on", "off", "y", "n", "null", "~", ".nan", ".inf", "-.inf", "+.inf",
  ]

  private static func scalar(_ text: String) -> String {
    isPlain(text) ? text : CanonicalJSON.string(.string(text))
  }

  private static func isPlain(_ text: String) -> Bool {
    guard let first = text.utf8.first, let last = text.utf8.last else { return false }
    if words.contains(text.lowercased()) { return false }
    // Letters, and signs that begin no other token; numbers and dates are quoted.
    let letter = (first | 0x20) >= 0x61 && (first | 0x20) <= 0x7A
    guard letter || first == 0x2F || first == 0x5F || first == 0x2E && text.utf8.count > 1 else {
      return false
    }
    if first == 0x2E, text.utf8.dropFirst().first.map({ $0 >= 0x30 && $0 <= 0x39 }) ?? true { return false }
    if last == 0x20 || last == 0x3A || text.contains(": ") || text.contains(" #") { return false }
    return text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F && $0.value != 0xFEFF }
  }
}
