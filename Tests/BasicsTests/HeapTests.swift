import Basics
import Testing

@Suite struct HeapTests {
  @Test func equalPrioritiesKeepTheirOrder() {
    var heap = Heap<Int, String>()
    for (name, priority) in [("c", 2), ("a", 1), ("b", 1), ("d", 2), ("z", 0)] { heap.push(name, priority) }
    var out = ""
    while let next = heap.pop() { out += next.element }
    #expect(out == "zabcd")
  }
}
