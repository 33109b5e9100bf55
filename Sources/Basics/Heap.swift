/// A binary heap that hands out equal elements in the order of their insertion.
public struct Heap<Priority: Comparable, Element> {
  @usableFromInline struct Entry {
    @usableFromInline let priority: Priority
    @usableFromInline let sequence: UInt64
    @usableFromInline let element: Element

    @inlinable init(_ priority: Priority, _ sequence: UInt64, _ element: Element) {
      self.priority = priority
      self.sequence = sequence
      self.element = element
    }
  }

  @usableFromInline var entries: [Entry] = []
  @usableFromInline var nextSequence: UInt64 = 0

  @inlinable public init() {}
  @inlinable public var isEmpty: Bool { entries.isEmpty }
  @inlinable public var count: Int { entries.count }
  @inlinable public var top: (priority: Priority, element: Element)? {
    if entries.isEmpty { return nil }
    return (entries[0].priority, entries[0].element)
  }

  @inlinable func less(_ i: Int, _ j: Int) -> Bool {
    if entries[i].priority == entries[j].priority { return entries[i].sequence < entries[j].sequence }
    return entries[i].priority < entries[j].priority
  }

  @inlinable public mutating func push(_ element: Element, _ priority: Priority) {
    entries.append(Entry(priority, nextSequence, element))
    nextSequence += 1
    var i = entries.count - 1
    while i > 0, less(i, (i - 1) / 2) {
      entries.swapAt(i, (i - 1) / 2)
      i = (i - 1) / 2
    }
  }

  @inlinable @discardableResult public mutating func pop() -> (priority: Priority, element: Element)? {
    guard let first = entries.first else { return nil }
    let last = entries.removeLast()
    if !entries.isEmpty {
      entries[0] = last
      var i = 0
      while true {
        var smallest = i
        let left = 2 * i + 1
        if left < entries.count && less(left, smallest) { smallest = left }
        if left + 1 < entries.count && less(left + 1, smallest) { smallest = left + 1 }
        if smallest == i { break }
        entries.swapAt(i, smallest)
        i = smallest
      }
    }
    return (first.priority, first.element)
  }
}
