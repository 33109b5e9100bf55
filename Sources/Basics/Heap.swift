/// A binary heap that hands out equal elements in the order of their insertion.
public struct Heap<Priority: Comparable, Element> {
  private var entries: [(priority: Priority, sequence: UInt64, element: Element)] = []
  private var nextSequence: UInt64 = 0

  public init() {}
  public var isEmpty: Bool { entries.isEmpty }
  public var count: Int { entries.count }
  public var top: (priority: Priority, element: Element)? { entries.first.map { ($0.priority, $0.element) } }

  private func less(_ i: Int, _ j: Int) -> Bool {
    if entries[i].priority == entries[j].priority { return entries[i].sequence < entries[j].sequence }
    return entries[i].priority < entries[j].priority
  }

  public mutating func push(_ element: Element, _ priority: Priority) {
    entries.append((priority, nextSequence, element))
    nextSequence += 1
    var i = entries.count - 1
    while i > 0, less(i, (i - 1) / 2) {
      entries.swapAt(i, (i - 1) / 2)
      i = (i - 1) / 2
    }
  }

  @discardableResult public mutating func pop() -> (priority: Priority, element: Element)? {
    guard let first = entries.first else { return nil }
    let last = entries.removeLast()
    if !entries.isEmpty {
      entries[0] = last
      var i = 0
      while true {
        var smallest = i
        for child in [2 * i + 1, 2 * i + 2] where child < entries.count && less(child, smallest) {
          smallest = child
        }
        if smallest == i { break }
        entries.swapAt(i, smallest)
        i = smallest
      }
    }
    return (first.priority, first.element)
  }
}
