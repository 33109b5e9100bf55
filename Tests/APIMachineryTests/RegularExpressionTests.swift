import APIMachinery
import Testing

struct RegularExpressionTests {
  @Test(arguments: [
    ("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", "my-name", true), ("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", "-a", false),
    ("b", "abc", true), ("^b", "abc", false), ("(?i)ABC", "xabcx", true), ("a{2,3}", "aa", true),
    ("^a{2,3}$", "aaaa", false), ("^(a|bc)+$", "abcbca", true), ("\\d+\\.\\d", "v12.3", true),
    ("^[^/]+$", "a/b", false), ("^[[:alpha:]_]+$", "a_Z", true), ("\\bfoo\\b", "a foo b", true),
    ("^$", "", true), ("^(a*)*$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", false), ("x{,2}", "x{,2}", true),
    ("^\\S+$", "a b", false), ("^[\\w.-]+@[\\w]+$", "a.b-c@d", true), ("^.$", "é", true),
    ("a|", "zzz", true),
    ("^(?:[0-9]+(?:ns|ms|s|m|h))+$", "1h30m", true), ("^\\p{L}+$", "äB", true), ("[]a]", "]", true),
  ])
  func matching(_ pattern: String, _ text: String, _ matches: Bool) throws {
    #expect(try RegularExpression(pattern).matches(text) == matches)
  }

  @Test(arguments: [
    ("a(", "error parsing regexp: missing closing ): `a(`"),
    ("^(?!x)", "error parsing regexp: invalid or unsupported Perl syntax: `(?!`"),
    ("*", "error parsing regexp: missing argument to repetition operator: `*`"),
    ("[b-a]", "error parsing regexp: invalid character class range: `b-a`"),
    ("[a", "error parsing regexp: missing closing ]: `[a`"),
    ("a)", "error parsing regexp: unexpected ): `a)`"),
  ])
  func problems(_ pattern: String, _ message: String) {
    #expect(throws: RegularExpression.Problem.self) { try RegularExpression(pattern) }
    do { _ = try RegularExpression(pattern) } catch { #expect("\(error)" == message) }
  }
}
