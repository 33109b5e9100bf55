import Basics
import Synchronization
import YAML

/// A file (or standard input) as it was read: its name for messages, its text, its lines.
public final class SourceFile: Sendable {
  /// The path as given, for messages.
  public let path: String
  public let text: SourceBytes
  private let lineStarts = Mutex<[UInt32]>([])
  /// Whether a Secret may stand in the file; found out when an excerpt is asked for.
  private let isSecret = Mutex<Bool?>(nil)

  public init(path: String, text: SourceBytes) {
    self.path = path
    self.text = text
  }

  /// Line and column, both from 1, of a byte offset; columns count Unicode scalars.
  public func place(at offset: Int) -> Place {
    let offset = max(0, min(offset, text.count))
    let (line, start) = line(of: offset)
    var column = 1
    for at in start..<max(start, offset) where text.base[at] & 0xC0 != 0x80 { column += 1 }
    return Place(file: path, line: line, column: column)
  }

  /// The line of an offset alone: cheap on lines of any length.
  func line(at offset: Int) -> Int { line(of: max(0, min(offset, text.count))).line }

  private func line(of offset: Int) -> (line: Int, start: Int) {
    lineStarts.withLock { starts in
      if starts.isEmpty { starts = scanLines() }
      var low = 0
      var high = starts.count
      while high - low > 1 {
        let middle = (low + high) / 2
        if Int(starts[middle]) <= offset { low = middle } else { high = middle }
      }
      return (low + 1, Int(starts[low]))
    }
  }

  /// The line of a byte offset, without its line break, cut to a sensible length. None where a Secret may stand
  /// in the file: what is wrong is shown also of what could not be taken apart.
  public func excerpt(at offset: Int) -> String? {
    if mayHoldSecrets { return nil }
    let offset = max(0, min(offset, text.count))
    var start = offset
    while start > 0, !isBreak(start - 1), offset - start < 160 { start -= 1 }
    var end = offset
    while end < text.count, !isBreak(end), end - offset < 160 { end += 1 }
    return text.text(start..<end)
  }

  private var mayHoldSecrets: Bool {
    isSecret.withLock { known in
      if let known { return known }
      let found = ["Secret", "SecretList"].contains { holds(word: Array($0.utf8)) }
      known = found
      return found
    }
  }

  /// Whether the word stands in the text, with no letter or digit before or after it.
  private func holds(word: [UInt8]) -> Bool {
    func isPart(_ at: Int) -> Bool {
      guard at >= 0, at < text.count else { return false }
      let byte = text.base[at]
      return (48...57).contains(byte) || (97...122).contains(byte | 0x20)
    }
    guard text.count >= word.count else { return false }
    for start in 0...text.count - word.count where text.base[start] == word[0] {
      guard word.indices.allSatisfy({ text.base[start + $0] == word[$0] }) else { continue }
      if !isPart(start - 1) && !isPart(start + word.count) { return true }
    }
    return false
  }

  private func isBreak(_ at: Int) -> Bool { text.base[at] == 0x0A || text.base[at] == 0x0D }

  private func scanLines() -> [UInt32] {
    var starts: [UInt32] = [0]
    var at = 0
    while at < text.count {
      let byte = text.base[at]
      at += 1
      if byte == 0x0D, at < text.count, text.base[at] == 0x0A { at += 1 }
      if byte == 0x0A || byte == 0x0D { starts.append(UInt32(truncatingIfNeeded: at)) }
    }
    return starts
  }
}
