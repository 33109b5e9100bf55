/// Text whose cells end in tabs, set in columns as Go's `text/tabwriter` does (minimal width 0, padding 2): a
/// column is as wide as its widest cell among the lines that follow each other without a gap in that column.
public enum TabbedText {
  public static func aligned(_ lines: [String], padding: Int = 2) -> [String] {
    let cells = lines.map { $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init) }
    var widths = cells.map { [Int](repeating: 0, count: max($0.count - 1, 0)) }
    align(cells, &widths, 0..<cells.count, column: 0, padding)
    return zip(cells, widths).map { row, width in
      var line = ""
      for (i, cell) in row.enumerated() {
        line += cell
        if i + 1 < row.count { line += String(repeating: " ", count: max(0, width[i] - cell.count)) }
      }
      return line
    }
  }

  /// Sets the widths of the blocks of lines that have a cell in `column` ended by a tab.
  private static func align(
    _ cells: [[String]], _ widths: inout [[Int]], _ lines: Range<Int>, column: Int, _ padding: Int
  ) {
    var at = lines.lowerBound
    while at < lines.upperBound {
      guard cells[at].count > column + 1 else {
        at += 1
        continue
      }
      var end = at
      var width = 0
      while end < lines.upperBound, cells[end].count > column + 1 {
        width = max(width, cells[end][column].count)
        end += 1
      }
      for line in at..<end { widths[line][column] = width + padding }
      align(cells, &widths, at..<end, column: column + 1, padding)
      at = end
    }
  }
}
