/// What is due when: the earliest first, of what is due at one instant what was added first. Much that is due at few
/// instants takes little: it stands in one line for each.
public struct Agenda<Element> {
  private struct Line {
    var elements: [Element] = []
    /// How many of them were taken.
    var taken = 0
  }

  private var lines: [Line] = []
  /// Lines that are used up.
  private var spare: [Int] = []
  private var places: [Int64: Int] = [:]
  private var instants = Heap<Instant, Int>()
  /// The line that was added to last.
  private var last: (instant: Instant, line: Int)?

  public init() {}

  public var isEmpty: Bool { instants.isEmpty }

  public var top: (instant: Instant, element: Element)? {
    guard let first = instants.top else { return nil }
    return (first.priority, lines[first.element].elements[lines[first.element].taken])
  }

  public mutating func push(_ element: Element, _ instant: Instant) {
    lines[line(of: instant)].elements.append(element)
  }

  private mutating func line(of instant: Instant) -> Int {
    if let last, last.instant == instant { return last.line }
    let line = places[instant.nanoseconds] ?? open(instant)
    last = (instant, line)
    return line
  }

  private mutating func open(_ instant: Instant) -> Int {
    let line: Int
    if let used = spare.popLast() {
      line = used
    } else {
      line = lines.count
      lines.append(Line())
    }
    places[instant.nanoseconds] = line
    instants.push(line, instant)
    return line
  }

  public mutating func pop() {
    guard let (instant, line) = instants.top else { return }
    lines[line].taken += 1
    if lines[line].taken < lines[line].elements.count { return }
    lines[line] = Line()
    spare.append(line)
    places[instant.nanoseconds] = nil
    instants.pop()
    last = nil
  }

  /// What comes next at the earliest instant, at most so many.
  public func upcoming(_ limit: Int) -> ArraySlice<Element> {
    guard let line = instants.top.map({ lines[$0.element] }) else { return [] }
    return line.elements[line.taken..<min(line.taken + limit, line.elements.count)]
  }
}
