import Basics
import Testing

@Suite struct AgendaTests {
  @Test("Hands out as a heap does", arguments: 1...20)
  func asAHeap(seed: UInt64) {
    var random = RandomStream(seed: seed)
    var agenda = Agenda<Int>()
    var heap = Heap<Instant, Int>()
    for number in 0..<2000 {
      // More is added at first, more taken later.
      if random.below(4000) >= UInt64(number) {
        let instant = Instant(nanoseconds: Int64(random.below(seed % 2 == 0 ? 5 : 500)))
        agenda.push(number, instant)
        heap.push(number, instant)
      } else {
        agenda.pop()
        heap.pop()
      }
      #expect(agenda.isEmpty == heap.isEmpty)
      #expect(agenda.top?.instant == heap.top?.priority && agenda.top?.element == heap.top?.element)
    }
    var order: [Int] = []
    while let (_, element) = heap.pop() { order.append(element) }
    #expect(!order.isEmpty)
    for element in order {
      #expect(agenda.top?.element == element)
      agenda.pop()
    }
    #expect(agenda.isEmpty)
    agenda.pop()
  }

  @Test func upcoming() {
    var agenda = Agenda<String>()
    #expect(agenda.upcoming(3).isEmpty)
    let (soon, late) = (Instant(seconds: 1), Instant(seconds: 2))
    agenda.push("d", late)
    for text in ["a", "b", "c"] { agenda.push(text, soon) }
    #expect(Array(agenda.upcoming(2)) == ["a", "b"])
    agenda.pop()
    #expect(Array(agenda.upcoming(3)) == ["b", "c"])
  }
}
