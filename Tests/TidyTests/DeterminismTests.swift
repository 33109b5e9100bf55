import Foundation
import Testing

/// Same input, same bytes: nothing in the sources may ask the machine for an order, a number or the time.
@Suite struct DeterminismTests {
  private let tree = SourceTree.shared

  /// What no source may say, and who may say it nevertheless.
  static let banned: [(word: String, allowed: Set<String>)] = [
    (".hashValue", []),
    ("Hasher()", []),
    ("UUID()", []),
    ("Int.random(", []),
    ("UInt64.random(", []),
    ("Double.random(", []),
    ("Bool.random(", []),
    (".shuffled(", []),
    (".randomElement(", []),
    ("SystemRandomNumberGenerator", []),
    ("Date()", ["Store", "Commands", "plimsoll-bench"]),
    ("ContinuousClock", ["Commands", "plimsoll-bench"]),
    ("SuspendingClock", ["Commands", "plimsoll-bench"]),
  ]

  /// Targets whose every loop may reach the output.
  static let printing: Set<String> = ["PlanReport", "Planner", "Renderers", "Commands"]

  /// A line without its comment.
  static func code(_ line: String) -> String {
    guard let comment = line.range(of: "//") else { return line }
    return String(line[..<comment.lowerBound])
  }

  /// Whether a line walks a dictionary's keys or values in their own order.
  static func walksUnsorted(_ line: String) -> Bool {
    let code = code(line)
    if code.contains("sorted") || code.contains(".min") || code.contains(".max") { return false }
    for word in [".keys", ".values"] {
      if code.contains("for "), code.contains(word + " {") || code.contains(word + " where") { return true }
      for walk in [".map", ".compactMap", ".flatMap", ".forEach", ".joined", ".first", ".filter", ".prefix"]
      where code.contains(word + walk) {
        return true
      }
    }
    return false
  }

  @Test(arguments: [
    ("for key in table.keys {", true), ("for key in table.keys.sorted() {", false),
    ("for (_, x) in report.items {", false), ("return table.values.map(\\.name)", true),
    ("let low = table.values.map(\\.a).min()", false), ("for k in store.keys(kind) {", false),
    ("// for key in table.keys {", false), ("for v in table.values where v > 1 {", true),
  ])
  func seesUnsortedWalks(line: String, found: Bool) { #expect(Self.walksUnsorted(line) == found) }

  @Test func nothingAsksTheMachine() {
    var wrong: [String] = []
    for (word, allowed) in Self.banned {
      for file in tree.sources where !allowed.contains(file.target) && file.text.contains(word) {
        for (index, line) in file.lines.enumerated() where Self.code(line).contains(word) {
          wrong.append("\(file.path):\(index + 1): \(word)")
        }
      }
    }
    #expect(wrong.isEmpty, "\(wrong.joined(separator: "\n"))")
  }

  @Test func outputIsSorted() {
    var wrong: [String] = []
    for file in tree.sources where Self.printing.contains(file.target) {
      guard file.text.contains(".keys") || file.text.contains(".values") else { continue }
      for (index, line) in file.lines.enumerated() where Self.walksUnsorted(line) {
        wrong.append("\(file.path):\(index + 1): \(line)")
      }
    }
    #expect(wrong.isEmpty, "sort before the walk:\n\(wrong.joined(separator: "\n"))")
  }
}
