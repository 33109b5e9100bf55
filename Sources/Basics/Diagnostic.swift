/// A place in a file: path, and 1-based line and column (in Unicode scalars); 0 where unknown.
public struct Place: Hashable, Comparable, Sendable {
  public var file: String
  public var line: Int
  public var column: Int
  public init(file: String, line: Int = 0, column: Int = 0) {
    self.file = file
    self.line = line
    self.column = column
  }
  public static func < (a: Place, b: Place) -> Bool {
    (a.file, a.line, a.column) < (b.file, b.line, b.column)
  }
  /// `file:line:column`, without the parts that are unknown.
  public var description: String {
    if line == 0 { return file }
    return column == 0 ? "\(file):\(line)" : "\(file):\(line):\(column)"
  }
}

/// What is wrong with the user's input: a value, collected, sorted by place just before printing, never thrown.
public struct Diagnostic: Hashable, Sendable {
  public enum Severity: Int, Sendable, Comparable {
    case error, warning, note
    public static func < (a: Severity, b: Severity) -> Bool { a.rawValue < b.rawValue }
  }

  public var severity: Severity
  /// A stable identifier such as `unknown-field`; all are listed in `DiagnosticCode`.
  public var code: String
  /// What is wrong, one sentence.
  public var message: String
  public var place: Place?
  /// What to do about it.
  public var remedy: String?
  /// Further places or facts.
  public var notes: [Note]
  /// The source line of `place`, for the excerpt under the message.
  public var excerpt: String?

  public struct Note: Hashable, Sendable {
    public var message: String
    public var place: Place?
    public init(_ message: String, at place: Place? = nil) {
      self.message = message
      self.place = place
    }
  }

  public init(
    _ severity: Severity, _ code: String, _ message: String, at place: Place? = nil, remedy: String? = nil,
    notes: [Note] = [], excerpt: String? = nil
  ) {
    self.severity = severity
    self.code = code
    self.message = message
    self.place = place
    self.remedy = remedy
    self.notes = notes
    self.excerpt = excerpt
  }
}

extension [Diagnostic] {
  /// In the order of files, lines and columns, errors first at one place; each once.
  public func sortedByPlace() -> [Diagnostic] {
    var seen: Set<Diagnostic> = []
    return enumerated().sorted { a, b in
      switch (a.element.place, b.element.place) {
      case (let x?, let y?) where x != y: return x < y
      case (nil, .some): return false
      case (.some, nil): return true
      default:
        if a.element.severity != b.element.severity { return a.element.severity < b.element.severity }
        return a.offset < b.offset
      }
    }.map(\.element).filter { seen.insert($0).inserted }
  }

  public var hasErrors: Bool { contains { $0.severity == .error } }
}
