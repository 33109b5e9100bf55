import APIMachinery
import Basics
import Testing

@Suite struct NamesTests {
  @Test(arguments: ["a", "0", "a-b", "a.b-c.0", "xn--abc"])
  func subdomains(text: String) { #expect(Names.isDNS1123Subdomain(text).isEmpty) }

  @Test(arguments: ["", "A", "a_b", "-a", "a-", "a..b", ".a", "a.", "a.-b", "ä"])
  func noSubdomains(text: String) {
    #expect(
      Names.isDNS1123Subdomain(text) == [
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
      ])
  }

  @Test func labels() {
    #expect(Names.isDNS1123Label("a.b") == ["must not contain dots"])
    #expect(
      Names.isDNS1123Label("A") == [
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
      ])
    #expect(
      Names.isDNS1035Label("1a") == [
        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')"
      ])
    #expect(Names.isDNS1123Label(String(repeating: "s", count: 64)) == ["must be no more than 63 characters"])
    #expect(Names.isLabelValue(String(repeating: "x", count: 64)) == ["must be no more than 63 bytes"])
    #expect(Names.isLabelValue("").isEmpty)
    #expect(Names.isLabelValue("a b").count == 1)
  }

  @Test func qualifiedNames() {
    for good in ["a", "A.b_c-1", "example.com/Name", "kubernetes.io/arch"] {
      #expect(Names.isQualifiedName(good).isEmpty)
    }
    let part =
      "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
    #expect(Names.isQualifiedName("") == ["name part must be non-empty", part])
    #expect(Names.isQualifiedName("a b") == [part])
    #expect(Names.isQualifiedName("/a") == ["prefix part must be non-empty"])
    #expect(
      Names.isQualifiedName("A/a").first?.hasPrefix("prefix part a lowercase RFC 1123 subdomain") == true)
    #expect(Names.isQualifiedName("a/b/c").first?.hasSuffix("(e.g. 'example.com/MyName')") == true)
  }

  @Test func others() {
    #expect(Names.isPortName("http").isEmpty)
    #expect(Names.isPortName("80") == ["must contain at least one letter (a-z)"])
    #expect(Names.isPortName("a--b") == ["must not contain consecutive hyphens"])
    #expect(
      Names.isPortName("Abc-") == [
        "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)",
        "must not begin or end with a hyphen",
      ])
    #expect(Names.isPortNumber(0) == ["must be between 1 and 65535, inclusive"])
    #expect(
      Names.isPercent("x") == [
        "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')"
      ])
    #expect(
      Names.isConfigMapKey("a/b") == [
        "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')"
      ])
    #expect(Names.isConfigMapKey("..") == ["must not be '..'"])
    #expect(Names.isEnvVarName("A=B").count == 1)
    #expect(Names.isWildcardDNS1123Subdomain("*.a.b").isEmpty)
    #expect(Names.isWildcardDNS1123Subdomain("*a.b").count == 1)
    #expect(Names.isPathSegmentName("a/b%") == ["may not contain '/'", "may not contain '%'"])
    #expect(Names.isHTTPHeaderName("X-A").isEmpty)
    #expect(Names.isCIdentifier("1a").count == 1)
  }

  @Test(arguments: [
    ("1m30s", 90_000_000_000, "1m30s"), ("1.5h", 5_400_000_000_000, "1h30m0s"),
    ("300ms", 300_000_000, "300ms"),
    ("0", 0, "0s"), ("-1s", -1_000_000_000, "-1s"), ("1us", 1000, "1µs"), ("1.5s", 1_500_000_000, "1.5s"),
    ("100ns", 100, "100ns"), (".5m", 30_000_000_000, "30s"), ("24h", 86_400_000_000_000, "24h0m0s"),
    ("1h1ns", 3_600_000_000_001, "1h0m0.000000001s"),
  ])
  func durations(text: String, nanoseconds: Int64, printed: String) throws {
    let duration = try #require(GoDuration.parse(text))
    #expect(duration.count == nanoseconds)
    #expect(GoDuration.string(duration) == printed)
    #expect(GoDuration.parse(printed) == duration)
  }

  @Test(arguments: ["", "1", "s", "1x", "-", "1d", "1.s.", "9999999h", "1 s", ".s"])
  func noDurations(text: String) { #expect(GoDuration.parse(text) == nil) }

  @Test func conditions() {
    var all = Value.emptyArray
    let start = Instant(seconds: 0)
    let later = Instant(seconds: 60)
    #expect(Condition.set(Condition.make("Ready", false, reason: "R"), in: &all, now: start))
    #expect(!Condition.set(Condition.make("Ready", false, reason: "R"), in: &all, now: later))
    #expect(Condition.set(Condition.make("Ready", false, reason: "S"), in: &all, now: later))
    #expect(Condition.find(all, "Ready")?[.lastTransitionTime] == "1970-01-01T00:00:00Z")
    #expect(Condition.set(Condition.make("Ready", true), in: &all, now: later))
    #expect(Condition.find(all, "Ready")?[.lastTransitionTime] == "1970-01-01T00:01:00Z")
    #expect(Condition.isTrue(all, "Ready") && all.count == 1)
    Condition.remove("Ready", from: &all)
    #expect(all.isEmpty)
  }
}
