import Basics

/// Diagnostics as `file:line:column: error[code]: message` with the line, a caret, notes and the remedy.
public struct DiagnosticRenderer: Sendable {
  public var color: Bool
  public init(color: Bool) { self.color = color }

  public func render(_ diagnostics: [Diagnostic]) -> String {
    diagnostics.map(render).joined()
  }

  public func render(_ d: Diagnostic) -> String {
    let style = Styling(color: color)
    let word: String
    switch d.severity {
    case .error: word = style.paint("error[\(d.code)]", .boldRed)
    case .warning: word = style.paint("warning[\(d.code)]", .boldYellow)
    case .note: word = style.paint("note", .cyan)
    }
    var out = d.place.map { style.paint(Styling.safe($0.description), .bold) + ": " } ?? ""
    out += "\(word): \(Styling.safe(d.message))\n"
    if let excerpt = d.excerpt, let place = d.place, place.line > 0 {
      let number = String(place.line)
      let shown = cut(excerpt, around: place.column)
      out += "  \(style.paint(number + " |", .dim)) \(Styling.safe(shown.text))\n"
      if place.column > 0 {
        let blank = String(repeating: " ", count: number.count + 5 + shown.column - 1)
        out += blank + style.paint("^", .boldRed) + "\n"
      }
    }
    for note in d.notes {
      let at = note.place.map { " (\(Styling.safe($0.description)))" } ?? ""
      out += "  note: \(Styling.safe(note.message))\(at)\n"
    }
    if let remedy = d.remedy { out += "  \(style.paint("help:", .cyan)) \(Styling.safe(remedy))\n" }
    return out
  }

  /// At most 100 characters of a line, with the column that is pointed at among them.
  private func cut(_ line: String, around column: Int) -> (text: String, column: Int) {
    let scalars = Array(line.unicodeScalars)
    if scalars.count <= 100 { return (line, column) }
    let from = max(0, min(column - 50, scalars.count - 100))
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars[from..<min(from + 100, scalars.count)])
    return (String(text), column - from)
  }
}
