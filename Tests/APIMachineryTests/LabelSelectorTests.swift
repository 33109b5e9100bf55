import APIMachinery
import Testing

@Suite struct LabelSelectorTests {
  @Test(arguments: [
    ("{}", "{}", true), (#"{"matchLabels":{"a":"1"}}"#, #"{"a":"1","b":"2"}"#, true),
    (#"{"matchLabels":{"a":"1"}}"#, #"{"a":"2"}"#, false), (#"{"matchLabels":{"a":""}}"#, "{}", false),
    (#"{"matchExpressions":[{"key":"a","operator":"In","values":["x","y"]}]}"#, #"{"a":"y"}"#, true),
    (#"{"matchExpressions":[{"key":"a","operator":"In","values":["x","y"]}]}"#, "{}", false),
    (#"{"matchExpressions":[{"key":"a","operator":"NotIn","values":["x"]}]}"#, "{}", true),
    (#"{"matchExpressions":[{"key":"a","operator":"NotIn","values":["x"]}]}"#, #"{"a":"x"}"#, false),
    (#"{"matchExpressions":[{"key":"a","operator":"Exists"}]}"#, #"{"a":""}"#, true),
    (#"{"matchExpressions":[{"key":"a","operator":"DoesNotExist"}]}"#, #"{"a":""}"#, false),
    (#"{"matchExpressions":[{"key":"a","operator":"Near"}]}"#, #"{"a":""}"#, false), ("null", "{}", false),
  ])
  func matching(selector: String, labels: String, matches: Bool) throws {
    let selector = LabelSelector(try parse(selector))
    #expect(selector.matches(labels: try parse(labels)) == matches)
    #expect(selector.matches(["metadata": ["labels": try parse(labels)]]) == matches)
  }

  @Test func absentMatchesNothing() {
    #expect(!LabelSelector(nil).matches(labels: ["a": "1"]))
    #expect(LabelSelector(matchLabels: [:]).isEverything)
  }

  @Test(arguments: [
    ("", ""), ("a=b", "a=b"), ("a==b,c", "a=b,c"), (" x in ( b , a ) ,!y", "x in (a,b),!y"),
    ("x notin (a)", "x notin (a)"), ("a!=b", "a!=b"), ("z=1,a=2", "a=2,z=1"), ("n>5,m<3", "m<3,n>5"),
    ("a=", "a="), ("e.io/x in (,b)", "e.io/x in (,b)"), ("in in (in)", "in in (in)"),
  ])
  func text(text: String, printed: String) throws {
    let selector = try LabelSelector.parse(text).get()
    #expect(selector.text == printed)
    #expect(try LabelSelector.parse(printed).get().text == printed)
  }

  @Test(arguments: [
    "a b", "!", ",a", "a in", "a in (", "a in ()", "a=b=c", "a in (b", "-x", "a>b", "a=b,", "a=b c",
  ])
  func refused(text: String) {
    #expect(throws: LabelSelector.ParseError.self) { try LabelSelector.parse(text).get() }
  }

  @Test func tablesPrint() throws {
    let selector = LabelSelector(
      try parse(
        #"{"matchLabels":{"b":"1"},"matchExpressions":[{"key":"a","operator":"In","values":["y","x"]}]}"#))
    #expect(selector.description == "a in (x,y),b=1")
    #expect(LabelSelector([]).description == "<none>")
  }
}

@Suite struct IntOrStringTests {
  @Test(arguments: [
    (25, 10, 25, 25), (0, 10, 0, 0),
  ])
  func counts(count: Int, total: Int, up: Int, down: Int) {
    #expect(IntOrString(.int(count))?.roundUp(of: total) == up)
    #expect(IntOrString(.int(count))?.roundDown(of: total) == down)
  }

  @Test(arguments: [
    ("25%", 10, 3, 2), ("25%", 4, 1, 1), ("0%", 7, 0, 0), ("100%", 7, 7, 7), ("33%", 1, 1, 0),
    ("150%", 3, 5, 4),
  ])
  func percentages(text: String, total: Int, up: Int, down: Int) {
    #expect(IntOrString(.string(text))?.roundUp(of: total) == up)
    #expect(IntOrString(.string(text))?.roundDown(of: total) == down)
  }

  @Test(arguments: ["http", "%", "25", "2.5%", ""])
  func noPercentage(text: String) {
    #expect(IntOrString(.string(text))?.roundUp(of: 10) == nil)
  }

  @Test func others() {
    #expect(IntOrString(.bool(true)) == nil)
    #expect(IntOrString("9223372036854775807%" as Value)?.roundUp(of: .max) == .max)
  }
}
