import Basics
import Synchronization
import YAML

/// A file (or standard input) as it was read: its name for messages, its text, its lines.
public final class SourceFile: Sendable {
  /// The path as given, for messages.
  public let path: String
  public let text: SourceBytes
  private let lineStarts = Mutex<[UInt32]>([])

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

  /// The line of a byte offset, without its line break, cut to a sensible length.
  public func excerpt(at offset: Int) -> String {
    let offset = max(0, min(offset, text.count))
    var start = offset
    while start > 0, !isBreak(start - 1), offset - start < 160 { start -= 1 }
    var end = offset
    while end < text.count, !isBreak(end), end - offset < 160 { end += 1 }
    return text.text(start..<end)
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
