import Foundation
import Testing

/// Files and functions that fit a reader's head.
@Suite struct SizeTests {
  private let tree = SourceTree.shared
  static let fileLimit = 500
  static let functionLimit = 70

  /// Generated code and schema text: data, not prose.
  static let exempt = ["Sources/APIMachinery/Generated/", "Sources/API/Schemas/"]

  /// Files and functions (`path name`) over a limit, with the day on which they were let in. The lists only shrink:
  /// an entry whose file or function has become short fails the test, and so does one that names nothing.
  static let longFiles: [String: String] = [:]
  static let longFunctions: [String: String] = [:]

  struct Function: Equatable {
    var name: String
    var line: Int
    var length: Int
  }

  /// The functions of a source that swift-format has laid out: a body ends at the brace under its first word.
  static func functions(_ lines: [String]) -> [Function] {
    var out: [Function] = []
    for (start, line) in lines.enumerated() where line.contains("func ") || line.contains("init") {
      guard let name = declaredName(line) else { continue }
      let indent = String(line.prefix { $0 == " " })
      var header = start
      while header < lines.count, !lines[header].hasSuffix("{") {
        // A body in one line, or a requirement of a protocol.
        let parameters = header == start ? line.hasSuffix("(") : !lines[header].hasPrefix(indent + ")")
        if !parameters { break }
        header += 1
      }
      if header < lines.count, !lines[header].hasSuffix("{"), header + 1 < lines.count,
        lines[header + 1] == indent + "{"
          || lines[header + 1].hasSuffix("{") && lines[header + 1].contains("where")
      {
        header += 1
      }
      guard header < lines.count, lines[header].hasSuffix("{") else { continue }
      let end = lines[(header + 1)...].firstIndex { $0.hasPrefix(indent + "}") } ?? lines.count - 1
      out.append(Function(name: name, line: start + 1, length: end - start + 1))
    }
    return out
  }

  private static let modifiers: Set<Substring> = [
    "public", "package", "private", "fileprivate", "internal", "static", "mutating", "nonmutating",
    "override",
    "final", "class", "convenience", "required", "consuming", "borrowing", "nonisolated",
  ]

  private static func declaredName(_ line: String) -> String? {
    var words = line.split(separator: " ")
    while let first = words.first, first.hasPrefix("@") || modifiers.contains(first) { words.removeFirst() }
    guard let first = words.first else { return nil }
    if first == "func", words.count > 1 { return String(words[1].prefix { $0 != "(" && $0 != "<" }) }
    return ["init(", "init?(", "init<"].contains { first.hasPrefix($0) } ? "init" : nil
  }

  @Test func measuresFunctions() {
    let text = """
      struct A {
        public init(a: Int) {
          self.a = a
        }
        func one() -> Int { 1 }
        @inlinable static func wide<T>(
          _ a: T,
          _ b: T
        ) -> T {
          if true {
            return a
          }
          return b
        }
      }
      """
    let expected = [
      Function(name: "init", line: 2, length: 3), Function(name: "wide", line: 6, length: 9),
    ]
    #expect(Self.functions(text.split(separator: "\n").map(String.init)) == expected)
  }

  @Test func filesAreShort() {
    var wrong: [String] = []
    var excepted = Set(Self.longFiles.keys)
    for file in tree.sources + tree.tests where !Self.exempt.contains(where: file.path.hasPrefix) {
      let count = file.lines.count - 1
      if Self.longFiles[file.path] != nil {
        if count > Self.fileLimit { excepted.remove(file.path) }
      } else if count > Self.fileLimit {
        wrong.append("\(file.path) has \(count) lines, \(Self.fileLimit) are allowed")
      }
    }
    #expect(wrong.isEmpty, "\(wrong.joined(separator: "\n"))")
    #expect(excepted.isEmpty, "take these out of longFiles: \(excepted.sorted())")
  }

  @Test func functionsAreShort() {
    var wrong: [String] = []
    var excepted = Set(Self.longFunctions.keys)
    for file in tree.sources + tree.tests where !Self.exempt.contains(where: file.path.hasPrefix) {
      for function in Self.functions(file.lines) where function.length > Self.functionLimit {
        let name = "\(file.path) \(function.name)"
        if Self.longFunctions[name] != nil {
          excepted.remove(name)
        } else {
          wrong.append("\(file.path):\(function.line): \(function.name) has \(function.length) lines")
        }
      }
    }
    #expect(wrong.isEmpty, "\(wrong.joined(separator: "\n"))")
    #expect(excepted.isEmpty, "take these out of longFunctions: \(excepted.sorted())")
  }
}
