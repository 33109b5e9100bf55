/// Regular expressions in Go's syntax (RE2), as `pattern` of a schema and label rules use them.
///
/// Matching runs all alternatives side by side, so its time is linear in the text whatever the pattern.
public struct RegularExpression: Sendable {
  /// What is wrong with a pattern, in the words of Go's `regexp/syntax`.
  public struct Problem: Error, Hashable, Sendable, CustomStringConvertible {
    public let message: String
    public var description: String { "error parsing regexp: \(message)" }
  }

  enum Instruction: Sendable {
    /// One scalar of the set.
    case scalar(Int)
    case split(Int, Int)
    case jump(Int)
    case assert(Assertion)
    case match
  }

  enum Assertion: Sendable { case textStart, textEnd, lineStart, lineEnd, wordBorder, noWordBorder }

  var program: [Instruction] = []
  var sets: [ScalarSet] = []

  public init(_ pattern: String) throws(Problem) {
    var parser = RegularExpressionParser(pattern)
    let tree = try parser.parse()
    var compiler = RegularExpressionCompiler()
    try compiler.emit(tree, pattern: pattern)
    compiler.program.append(.match)
    program = compiler.program
    sets = compiler.sets
  }

  /// Whether the pattern matches anywhere in `text`.
  public func matches(_ text: String) -> Bool {
    var run = RegularExpressionRun(self)
    return run.search(text)
  }
}

/// Ranges of Unicode scalars.
struct ScalarSet: Sendable {
  var ranges: [ClosedRange<UInt32>] = []
  var isNegated = false

  func contains(_ c: UInt32) -> Bool {
    for range in ranges where range.contains(c) { return !isNegated }
    return isNegated
  }

  /// All that the set does not hold.
  var inverted: ScalarSet { ScalarSet(ranges: ranges, isNegated: !isNegated) }

  /// The same set as plain ranges.
  var flat: [ClosedRange<UInt32>] {
    if !isNegated { return ranges }
    var out: [ClosedRange<UInt32>] = []
    var next: UInt32 = 0
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if range.lowerBound > next { out.append(next...range.lowerBound - 1) }
      next = max(next, range.upperBound &+ 1)
    }
    if next <= 0x10FFFF { out.append(next...0x10FFFF) }
    return out
  }

  /// With the other case of each ASCII letter.
  var caseless: ScalarSet {
    var all = ScalarSet(ranges: flat)
    for range in all.ranges {
      for (low, high, shift) in [(UInt32(0x41), UInt32(0x5A), 32), (0x61, 0x7A, -32)] {
        let from = max(range.lowerBound, low)
        let to = min(range.upperBound, high)
        if from <= to { all.ranges.append(UInt32(Int(from) + shift)...UInt32(Int(to) + shift)) }
      }
    }
    return all
  }
}

/// One search of a text.
struct RegularExpressionRun {
  private let expression: RegularExpression
  private var current: [Int] = []
  private var following: [Int] = []
  /// At which step an instruction was last listed, so that none is listed twice.
  private var listed: [Int]
  private var pending: [Int] = []

  init(_ expression: RegularExpression) {
    self.expression = expression
    listed = Array(repeating: -1, count: expression.program.count)
  }

  mutating func search(_ text: String) -> Bool {
    let scalars = text.unicodeScalars.map(\.value)
    for at in 0...scalars.count {
      if follow(0, at, scalars) { return true }
      if at == scalars.count { return false }
      following.removeAll(keepingCapacity: true)
      swap(&current, &following)
      for pc in following {
        guard case .scalar(let set) = expression.program[pc], expression.sets[set].contains(scalars[at])
        else { continue }
        if follow(pc + 1, at + 1, scalars) { return true }
      }
      following.removeAll(keepingCapacity: true)
    }
    return false
  }

  /// Lists what can be tried at `at` from `start` on; true if the match is complete.
  private mutating func follow(_ start: Int, _ at: Int, _ text: [UInt32]) -> Bool {
    pending.removeAll(keepingCapacity: true)
    pending.append(start)
    while let pc = pending.popLast() {
      if listed[pc] == at { continue }
      listed[pc] = at
      switch expression.program[pc] {
      case .match: return true
      case .scalar: current.append(pc)
      case .jump(let to): pending.append(to)
      case .split(let a, let b):
        pending.append(b)
        pending.append(a)
      case .assert(let assertion): if holds(assertion, at, text) { pending.append(pc + 1) }
      }
    }
    return false
  }

  private func holds(_ assertion: RegularExpression.Assertion, _ at: Int, _ text: [UInt32]) -> Bool {
    func isWord(_ i: Int) -> Bool {
      guard i >= 0, i < text.count else { return false }
      return RegularExpressionParser.word.contains(text[i])
    }
    switch assertion {
    case .textStart: return at == 0
    case .textEnd: return at == text.count
    case .lineStart: return at == 0 || text[at - 1] == 0x0A
    case .lineEnd: return at == text.count || text[at] == 0x0A
    case .wordBorder: return isWord(at - 1) != isWord(at)
    case .noWordBorder: return isWord(at - 1) == isWord(at)
    }
  }
}

/// A parsed pattern.
indirect enum RegularExpressionTree {
  case empty
  case set(ScalarSet)
  case assert(RegularExpression.Assertion)
  case sequence([RegularExpressionTree])
  case choice([RegularExpressionTree])
  case repeated(RegularExpressionTree, Int, Int?)
}

struct RegularExpressionCompiler {
  var program: [RegularExpression.Instruction] = []
  var sets: [ScalarSet] = []

  mutating func emit(_ tree: RegularExpressionTree, pattern: String) throws(RegularExpression.Problem) {
    guard program.count < 200_000 else {
      throw RegularExpression.Problem(message: "expression too large: `\(pattern)`")
    }
    switch tree {
    case .empty: return
    case .set(let set):
      program.append(.scalar(sets.count))
      sets.append(set)
    case .assert(let assertion): program.append(.assert(assertion))
    case .sequence(let all): for one in all { try emit(one, pattern: pattern) }
    case .choice(let all):
      var ends: [Int] = []
      for (i, one) in all.enumerated() {
        let split = program.count
        if i < all.count - 1 { program.append(.jump(0)) }
        try emit(one, pattern: pattern)
        if i < all.count - 1 {
          ends.append(program.count)
          program.append(.jump(0))
          program[split] = .split(split + 1, program.count)
        }
      }
      for end in ends { program[end] = .jump(program.count) }
    case .repeated(let one, let low, let high):
      for _ in 0..<low { try emit(one, pattern: pattern) }
      guard let high else { return try emitStar(one, pattern: pattern) }
      for _ in low..<max(low, high) {
        let split = program.count
        program.append(.jump(0))
        try emit(one, pattern: pattern)
        program[split] = .split(split + 1, program.count)
      }
    }
  }

  private mutating func emitStar(
    _ one: RegularExpressionTree, pattern: String
  ) throws(RegularExpression.Problem) {
    let split = program.count
    program.append(.jump(0))
    try emit(one, pattern: pattern)
    program.append(.jump(split))
    program[split] = .split(split + 1, program.count)
  }
}
