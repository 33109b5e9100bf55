import APIMachinery
import Testing

/// Expressions as cel-go's checker judges them.
@Suite struct CELCheckTests {
  private static let cases: [(String, String?)] = [
    ("object.spec.replicas <= 5", nil),
    ("object.metadata.name == 'x' && has(object.spec)", nil),
    ("[JSONPatch{op: 'add', path: '/a', value: 1}].size() == 1", nil),
    ("Object{metadata: Object.metadata{labels: {'a': 'b'}}} != null", nil),
    ("'a' + 'b'", "must evaluate to bool"),
    (
      "nothing == 1",
      "compilation failed: ERROR: <input>:1:1: undeclared reference to 'nothing' (in container '')\n"
        + " | nothing == 1\n | ^"
    ),
  ]

  @Test(arguments: cases) func expressionsAreJudged(source: String, problem: String?) {
    let environment = CELEnvironment.admission(hasParams: false, variables: nil)
    #expect(environment.problem(source, mustBe: .bool) == problem)
  }
}
