import APIMachinery
import Basics

/// Collects the lines of `describe`: levels of two spaces, cells ended by tabs
/// (`kubectl/pkg/describe/describe.go`, PrefixWriter).
public struct DescribeWriter {
  public private(set) var lines: [String] = []

  static let longestAnnotation = 140

  public init() {}

  public mutating func line(_ level: Int, _ text: String) {
    lines.append(String(repeating: "  ", count: level) + text)
  }

  /// `Title:` and a value.
  mutating func field(_ title: String, _ value: String, level: Int = 0) { line(level, "\(title):\t\(value)") }

  mutating func field(_ title: String, _ value: Value, level: Int = 0) {
    field(title, DescribeWriter.text(value), level: level)
  }

  /// The same if there is a value that is not empty.
  mutating func optional(_ title: String, _ value: Value?, level: Int = 0) {
    guard let value, !value.isNull else { return }
    let text = DescribeWriter.text(value)
    if !text.isEmpty { field(title, text, level: level) }
  }

  /// A title with several values below each other, or `<none>`.
  mutating func list(_ title: String, _ values: [String], indent: String = "") {
    guard let first = values.first else {
      line(0, "\(indent)\(title):\t<none>")
      return
    }
    line(0, "\(indent)\(title):\t\(first)")
    for value in values.dropFirst() { line(0, "\(indent)\t\(value)") }
  }

  mutating func labels(_ title: String, _ labels: Value, indent: String = "") {
    list(title, labels.fields.map { "\($0.key)=\($0.value.string ?? "")" }, indent: indent)
  }

  /// Annotations without the manifest that was applied last; long ones stand on lines of their own, cut.
  mutating func annotations(_ title: String, _ annotations: Value, indent: String = "") {
    var values: [String] = []
    for field in annotations.fields where field.key != ThreeWayMerge.lastAppliedAnnotation {
      var text = field.value.string ?? ""
      if text.hasSuffix("\n") { text.removeLast() }
      let key = field.key.string
      if text.utf8.count + key.utf8.count + 2 > Self.longestAnnotation || text.contains("\n") {
        values.append("\(key):")
        values += text.split(separator: "\n", omittingEmptySubsequences: false).map {
          "  " + Self.shortened(String($0))
        }
      } else {
        values.append("\(key): \(text)")
      }
    }
    list(title, values, indent: indent)
  }

  private static func shortened(_ text: String) -> String {
    text.count > longestAnnotation - 2 ? String(text.prefix(longestAnnotation - 5)) + "..." : text
  }

  /// The text with its columns set.
  public var aligned: String { TabbedText.aligned(lines).map { $0 + "\n" }.joined() }

  /// The text with its tabs.
  public func joined() -> String { lines.map { $0 + "\n" }.joined() }

  // MARK: Values

  /// A scalar as Go prints it.
  static func text(_ value: Value) -> String {
    switch value {
    case .null: return ""
    case .bool(let b): return b ? "true" : "false"
    case .small(let n): return String(n)
    case .number(let t), .string(let t): return t.string
    case .array: return "[" + value.items.map(text).joined(separator: " ") + "]"
    case .object:
      return "map[" + value.fields.map { "\($0.key):\(text($0.value))" }.joined(separator: " ") + "]"
    }
  }

  /// `Mon, 23 Nov 2026 07:10:13 +0000`; the zero time of Go where there is none.
  static func time(_ value: Value) -> String {
    guard let time = value.string.flatMap({ RFC3339.parse($0) }) else {
      return "Mon, 01 Jan 0001 00:00:00 +0000"
    }
    return RFC1123.string(time)
  }

  /// A selector as `metav1.FormatLabelSelector` writes it.
  static func selector(_ selector: Value?) -> String {
    guard let selector, selector.isObject else { return "<none>" }
    return LabelSelector(selector).description
  }

  /// `a=1,b=2`, or `<none>` (`labels.FormatLabels`).
  static func map(_ map: Value) -> String {
    let text = map.fields.map { "\($0.key)=\($0.value.string ?? "")" }.joined(separator: ",")
    return text.isEmpty ? "<none>" : text
  }
}

/// Times as mail headers have them, in UTC.
enum RFC1123 {
  private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  static func string(_ time: Instant) -> String {
    // 2026-11-23T07:10:13Z
    let text = Array(RFC3339.string(time))
    let day = Int((time.seconds % 604_800 + 604_800) % 604_800 / 86_400)
    let month = Int(String(text[5...6])).map { months[max(0, min($0 - 1, 11))] } ?? ""
    return
      "\(days[day]), \(String(text[8...9])) \(month) \(String(text[0...3])) \(String(text[11...18])) +0000"
  }
}
