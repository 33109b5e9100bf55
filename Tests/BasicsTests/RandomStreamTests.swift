import Basics
import Testing

@Suite struct RandomStreamTests {
  @Test("A label given in two pieces names the same stream", arguments: ["", "a", "7f1c/ü"])
  func label(_ rest: String) {
    var (one, other) = (
      RandomStream(seed: 7, label: "start/\(rest)"), RandomStream(seed: 7, label: "start/", rest.utf8)
    )
    #expect(one.uuid() == other.uuid())
  }
}
