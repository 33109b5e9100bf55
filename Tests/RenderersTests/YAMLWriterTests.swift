import APIMachinery
import Renderers
import Testing

@Suite struct YAMLWriterTests {
  static let cases: [(Value, String)] = [
    (.string("yes"), "\"yes\"\n"), (.string("web"), "web\n"), (.string("1.5"), "\"1.5\"\n"),
    (.string("a: b"), "\"a: b\"\n"), (.string("x\ny\n"), "|\n  x\n  y\n"), (.int(3), "3\n"),
    (.null, "null\n"),
    (.array(["a", "b"]), "- a\n- b\n"),
    (.fields(("name", .fields(("x", 1), ("y", .array(["z"]))))), "name:\n  x: 1\n  \"y\":\n  - z\n"),
  ]

  @Test(arguments: cases)
  func scalarsAndNesting(_ value: Value, _ text: String) { #expect(YAMLWriter.text(value) == text) }
}
