import YAML

/// The lines that separate documents for kubectl (`util/yaml/decoder.go`, `YAMLReader`): `---` at the
/// beginning of a line, with nothing behind it but white space or a comment.
enum Separator {
  static func isSeparator(at start: Int, in text: SourceBytes) -> Bool {
    let base = text.base
    guard start + 3 <= text.count, base[start] == 0x2D, base[start + 1] == 0x2D, base[start + 2] == 0x2D
    else { return false }
    var at = start + 3
    while base[at] == 0x20 || base[at] == 0x09 || base[at] == 0x0D { at += 1 }
    return base[at] == 0x0A || base[at] == 0x23 || at >= text.count
  }

  private static func lineEnd(_ start: Int, _ text: SourceBytes) -> Int {
    var at = start
    while at < text.count, text.base[at] != 0x0A { at += 1 }
    return at
  }

  /// Past blank lines, and separators at the beginning of a line.
  static func skip(from start: Int, in text: SourceBytes) -> Int {
    let base = text.base
    var line = start
    while line < text.count {
      var at = line
      while at < text.count, base[at] == 0x20 || base[at] == 0x09 || base[at] == 0x0D { at += 1 }
      if at < text.count, base[at] == 0x0A {
        line = at + 1
      } else if at >= text.count {
        return at
      } else if line == 0 || base[line - 1] == 0x0A, isSeparator(at: line, in: text) {
        line = min(lineEnd(line, text) + 1, text.count)
      } else {
        // JSON may begin after spaces; for YAML they are indentation.
        return base[at] == 0x7B ? at : line
      }
    }
    return line
  }

  /// The beginning of the next separator line after the line of `start`, or the end.
  static func next(from start: Int, in text: SourceBytes) -> Int {
    var line = lineEnd(start, text) + 1
    while line < text.count, !isSeparator(at: line, in: text) { line = lineEnd(line, text) + 1 }
    return min(line, text.count)
  }

  /// Where the document begins that holds the byte at `offset`.
  static func start(ofDocumentAt offset: Int, in text: SourceBytes) -> Int {
    var found = 0
    var line = 0
    while line <= offset, line < text.count {
      if isSeparator(at: line, in: text) { found = line }
      line = lineEnd(line, text) + 1
    }
    return found
  }

  /// The first byte of a range that is neither white space nor in a comment.
  static func firstText(in range: Range<Int>, of text: SourceBytes) -> Int? {
    var at = range.lowerBound
    while at < range.upperBound {
      switch text.base[at] {
      case 0x20, 0x09, 0x0A, 0x0D: at += 1
      case 0x23: at = lineEnd(at, text)
      default: return at
      }
    }
    return nil
  }
}
