import APIMachinery
import Testing

struct CELTests {
  static func variables() throws -> [(name: String, value: CELValue)] {
    let json = """
      {"name":"web","count":3,"ratio":1.5,"tags":["a","b"],"labels":{"app":"x","k8s.io/y":"z"},"none":null,
       "items":[{"n":1,"w":"p"},{"n":2}],"cidr":"10.1.0.0/16","cpu":"500m"}
      """
    return [("self", CELValue(try JSON.parse(json).get()))]
  }

  @Test(arguments: [
    "self.name == 'web' && self.count > 2", "has(self.name) && !has(self.missing)",
    "self.items.all(i, i.n > 0)", "self.items.exists(i, has(i.w) && i.w == 'p')", "'app' in self.labels",
    "self.items.exists_one(i, i.n == 2)", "self.items.map(i, i.n * 2) == [2, 4]", "size(self.tags) == 2",
    "self.items.filter(i, i.n > 1).size() == 1", "self.labels['k8s.io/y'] == 'z'", "self.none == null",
    "self.name.matches('^w.b$') && self.name.startsWith('w') && !self.name.endsWith('x')",
    "self.ratio < 2 && self.count == 3.0", "self.count / 2 == 1 && self.count % 2 == 1 && -self.count == -3",
    "self.missing == 1 || true", "true || self.missing == 1", "self.?missing.orValue('d') == 'd'",
    "self.?name.hasValue() && self.tags[?5].orValue('q') == 'q'", "self.labels.all(k, k.size() > 0)",
    "'a,b'.split(',') == self.tags && self.tags.join('-') == 'a-b'", "'abc'.substring(1, 2) == 'b'",
    "duration('1h30m') > duration('89m') && duration('90s').getMinutes() == 1",
    "timestamp('2026-01-02T00:00:00Z') - timestamp('2026-01-01T00:00:00Z') == duration('24h')",
    "quantity(self.cpu).isLessThan(quantity('1')) && isQuantity('1Gi') && !isQuantity('x')",
    "cidr(self.cidr).containsIP('10.1.2.3') && cidr('10.1.2.3/16').masked() == cidr(self.cidr)",
    "ip('::1').family() == 6 && isIP('1.2.3.4') && !isCIDR('1.2.3.4')", "{'a': 1}['a'] == 1",
    "self.count > 2 ? self.name == 'web' : false", "type(self.count) == int && int('7') == 7",
    "['b', 'a'].exists(x, x in self.tags) && [1, 2].isSorted() && [1, 2].sum() == 3",
    "sets.contains(self.tags, ['a']) && url('https://h:8/p?q').getHostname() == 'h'",
    "self.items.all(i, n, i >= 0 && n.n > 0)", "\"it's\" == 'it\\'s' && r'\\d' == '\\\\d'",
    "'%s-%d'.format(['a', 3]) == 'a-3' // a remark",
  ])
  func holds(_ expression: String) throws {
    #expect(try CELProgram(expression).holds(Self.variables()))
  }

  @Test(arguments: [
    ("self.missing", "no such key: missing"), ("self.tags[9]", "index out of bounds: 9"),
    ("self.count / 0", "division by zero"), ("self.name + 1", "no such overload"),
    ("duration('x')", "type conversion error from 'string' to 'google.protobuf.Duration'"),
    ("self.items.all(i, i.w == 'p')", "no such key: w"), ("9223372036854775807 + 1", "integer overflow"),
  ])
  func failures(_ expression: String, _ message: String) throws {
    let program = try CELProgram(expression)
    let variables = try Self.variables()
    #expect(throws: CELError(message)) { try program.evaluate(variables) }
  }

  @Test(arguments: ["self.", "1 +", "(1", "'open", "self.all(", "a b", "{1: 2", "\u{1}"])
  func syntax(_ expression: String) {
    #expect(throws: CELError.self) { try CELProgram(expression) }
  }

  @Test func workIsBounded() throws {
    let nested =
      "[1,2,3,4,5,6,7,8,9,10].all(a, " + String(repeating: "[1,2,3,4,5,6,7,8,9,10].all(a, ", count: 7)
    let program = try CELProgram(nested + "true" + String(repeating: ")", count: 8))
    #expect(throws: CELError("operation cancelled: actual cost limit exceeded")) { try program.evaluate([]) }
    let deep = String(repeating: "(", count: 5000)
    #expect(throws: CELError.self) { try CELProgram(deep) }
  }
}
