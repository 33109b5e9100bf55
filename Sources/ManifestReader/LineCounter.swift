import Basics
import YAML

/// Tells the line of offsets that only grow, by counting line breaks once.
struct LineCounter {
  private let file: SourceFile
  private var counted = 0
  private var breaks = 0
  private var hasReturns = false

  init(_ file: SourceFile) { self.file = file }

  /// The line, from 1, of an offset that is not less than the one asked for before.
  mutating func line(at offset: Int) -> Int {
    count(to: min(offset, file.text.count))
    return hasReturns ? file.line(at: offset) : breaks + 1
  }

  private mutating func count(to end: Int) {
    guard !hasReturns else { return }
    guard counted < end else { return }
    let found = file.text.countLines(in: counted..<end)
    breaks += found.feeds
    hasReturns = found.hasReturns
    counted = max(counted, end)
  }
}
