/// Columns of text, each as wide as its widest cell, two spaces apart (three for kubectl's tables).
public struct Table: Sendable {
  public enum Alignment: Sendable { case left, right }
  public var header: [String]
  public var rows: [[String]] = []
  public var alignment: [Alignment]
  public var gap: Int

  public init(_ header: [String], alignment: [Alignment] = [], gap: Int = 3) {
    self.header = header
    self.alignment = alignment
    self.gap = gap
  }

  /// The lines, without trailing spaces.
  public func lines(indent: String = "") -> [String] {
    let all = (header.isEmpty ? [] : [header]) + rows
    let columns = all.map(\.count).max() ?? 0
    var widths = [Int](repeating: 0, count: columns)
    for row in all { for (i, cell) in row.enumerated() { widths[i] = max(widths[i], Styling.width(cell)) } }
    return all.map { row in
      var line = indent
      for (i, cell) in row.enumerated() {
        let right = i < alignment.count && alignment[i] == .right
        line += right ? Styling.padLeft(cell, widths[i]) : Styling.pad(cell, widths[i])
        if i + 1 < row.count { line += String(repeating: " ", count: gap) }
      }
      while line.last == " " { line.removeLast() }
      return line
    }
  }
}
