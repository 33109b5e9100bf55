import APIMachinery
import Basics
import Testing
import YAML

@testable import ManifestReader

/// What Kubernetes' reader takes scalars for (`goyaml.v2/resolve.go`).
@Suite struct YAMLScalarTests {
  private func convert(_ yaml: String) -> String? {
    let found = ManifestReader.convert(SourceFile(path: "t.yaml", text: .init(yaml)))
    return found.diagnostics.hasErrors ? nil : found.lines.map { String(decoding: $0, as: UTF8.self) }.first
  }

  @Test(arguments: [
    ("y", "true"), ("Y", "true"), ("yes", "true"), ("Yes", "true"), ("YES", "true"), ("yEs", #""yEs""#),
    ("n", "false"), ("NO", "false"), ("on", "true"), ("On", "true"), ("oN", #""oN""#), ("off", "false"),
    ("true", "true"), ("TRUE", "true"), ("tRUE", #""tRUE""#), ("False", "false"), ("~", "null"),
    ("null", "null"), ("Null", "null"), ("NULL", "null"), ("nULL", #""nULL""#), ("", "null"),
    ("'y'", #""y""#), ("\"1\"", #""1""#),
    ("0", "0"), ("-0", "0"), ("+5", "5"), ("014", "12"), ("0o14", "12"), ("0b11", "3"), ("-0b11", "-3"),
    ("0x1F", "31"), ("0x_1F", "31"), ("1_000", "1000"), ("08", "8"), ("0b12", #""0b12""#), ("0x", #""0x""#),
    ("9223372036854775807", "9223372036854775807"), ("9223372036854775808", "9223372036854775808"),
    ("-9223372036854775808", "-9223372036854775808"), ("18446744073709551616", "18446744073709552000"),
    ("12345678901234567890123", "1.2345678901234568e+22"), ("12:30:45", #""12:30:45""#),
    ("1:30", #""1:30""#), ("2001-12-14", #""2001-12-14""#),
    ("2001-12-14T21:59:43Z", #""2001-12-14T21:59:43Z""#),
    ("1e3", "1000"), ("1e400", #""1e400""#), ("1.50", "1.5"), (".5", "0.5"), ("5.", "5"),
    ("-1.5e-7", "-1.5e-7"),
    ("1e21", "1e+21"), ("1e20", "100000000000000000000"), ("0.000001", "0.000001"), ("-0.0", "0"),
    ("1.2.3", #""1.2.3""#), ("-", #""-""#), ("1e", #""1e""#), ("0.1", "0.1"), ("1_0.5", "10.5"),
    ("!!str 1", #""1""#), ("!!int 7", "7"), ("!!float 1", "1"), ("!!bool yes", "true"), ("! 1", #""1""#),
    ("!foo 1", #""1""#), ("!!binary aGk=", #""hi""#), ("<<", #""<<""#), ("=", #""=""#), ("0o18", #""0o18""#),
  ])
  func values(_ yaml: String, _ json: String) {
    if yaml == "-" { return #expect(convert("a: '-'\n") == #"{"a":"-"}"#) }
    #expect(convert("a: \(yaml)\n") == "{\"a\":\(json)}")
  }

  @Test(arguments: [
    ("1", "1"), ("true", "true"), ("y", "true"), ("1.5", "1.5"), ("1e3", "1000"), ("1e6", "1e+06"),
    ("014", "12"),
    ("'y'", "y"), ("2001-12-14", "2001-12-14"), (".inf", ".inf"), ("1.1", "1.1"), ("\"\"", ""),
  ])
  func keys(_ yaml: String, _ key: String) {
    #expect(convert("\(yaml): 2\n") == "{\"\(key)\":2}")
  }

  @Test(arguments: [
    "a: .inf\n", "a: .nan\n", "a: -.Inf\n", "null: 1\n", "~: 1\n", "? [a]\n: b\n", "{a: {{b}}}\n", "a: *x\n",
    "a: &x [*x]\n", "<<: 1\n", "a: !!int x\n", "18446744073709551615: 1\n", "a: \"\\ud83d\\ude00\"\n",
  ])
  func refused(_ yaml: String) { #expect(convert(yaml) == nil) }

  @Test(arguments: [
    ("a: &x {b: 1, c: 2}\nd:\n  <<: *x\n  c: 3\n", #"{"a":{"b":1,"c":2},"d":{"b":1,"c":3}}"#),
    ("a: &x {b: 1}\nd: {<<: [*x, {b: 2, e: 3}], f: *x}\n", #"{"a":{"b":1},"d":{"b":1,"e":3,"f":{"b":1}}}"#),
    ("a: 1\nb: 2\na: 3\n", #"{"a":3,"b":2}"#), ("a: [\n1,\n2\n]\n", #"{"a":[1,2]}"#),
    ("a: \"x\ny\"\n", #"{"a":"x y"}"#), ("&a k: *a\n", #"{"k":"k"}"#),
  ])
  func composed(_ yaml: String, _ json: String) { #expect(convert(yaml) == json) }
}
