import APIMachinery
import Testing

@testable import Kubectl

@Suite struct JSONPathTests {
  static let list: Value = [
    "kind": "List",
    "items": [
      [
        "metadata": ["name": "a", "labels": ["app.kubernetes.io/name": "x"]],
        "status": [
          "conditions": [["type": "Ready", "status": "True"], ["type": "Other", "status": "False"]]
        ],
        "n": 1,
      ],
      ["metadata": ["name": "b"], "status": ["conditions": [["type": "Ready", "status": "False"]]], "n": 5],
      ["metadata": ["name": "c"], "n": 9],
    ],
  ]

  static let rows: [(template: String, text: String)] = [
    ("{.kind}", "List"), ("kind: {.kind}!", "kind: List!"), ("{.items[*].metadata.name}", "a b c"),
    ("{.items[0].metadata.name}", "a"), ("{.items[-1:].metadata.name}", "c"),
    ("{.items[0:2].metadata.name}", "a b"), ("{.items[::2].metadata.name}", "a c"),
    ("{.items[0,2].metadata.name}", "a c"), ("{.items[0]['metadata']['name']}", "a"),
    (#"{.items[0].metadata.labels.app\.kubernetes\.io/name}"#, "x"), ("{..name}", "a b c"),
    (#"{.items[?(@.metadata.name=="b")].n}"#, "5"), ("{.items[?(@.n>1)].metadata.name}", "b c"),
    ("{.items[?(@.n!=5)].metadata.name}", "a c"), ("{.items[?(@.status)].metadata.name}", "a b"),
    (#"{range .items[*]}{.metadata.name}{"\t"}{.n}{"\n"}{end}"#, "a\t1\nb\t5\nc\t9\n"),
    (#"{.items[*].status.conditions[?(@.type=="Ready")].status}"#, "True False"),
    ("{.items[0].metadata.labels}", #"{"app.kubernetes.io/name":"x"}"#), ("{.nothing.here}", ""),
    ("{.items[7].metadata.name}", ""), ("{$.kind}", "List"),
  ]

  @Test(arguments: 0..<rows.count) func template(_ i: Int) throws {
    #expect(
      try JSONPath(Self.rows[i].template).text(Self.list) == Self.rows[i].text, "\(Self.rows[i].template)")
  }

  @Test(arguments: [
    "{.a", "{range .items[*]}x", "{end}", "{.a[}", "{.a[?(@.b}", "{\"x}", "{.a[1}",
    "{.a[99999999999999999999]}",
  ])
  func refusals(_ template: String) {
    #expect(throws: JSONPath.SyntaxError.self) { try JSONPath(template) }
  }

  @Test func nestingIsBounded() {
    for unit in ["[?(@.b", "{range .a}"] {
      let text = "{.a}{.a" + String(repeating: unit, count: 20_000)
      #expect(throws: JSONPath.SyntaxError.self) {
        try JSONPath(unit.hasPrefix("{") ? String(text.dropFirst(7)) : text)
      }
    }
  }

  @Test func columnsMayLeaveBracesAndDotOut() throws {
    for text in ["metadata.name", ".metadata.name", "{.metadata.name}"] {
      #expect(try JSONPath(column: text).values(["metadata": ["name": "x"]]) == ["x"])
    }
  }
}
