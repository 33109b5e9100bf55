import APIMachinery
import Basics
import Testing

@Suite struct QuantityTests {
  /// Texts and what Kubernetes prints for them.
  @Test(arguments: [
    ("0", "0"), ("1", "1"), ("000", "0"), ("100m", "100m"), ("0.1", "100m"), ("1.5", "1500m"),
    ("1500m", "1500m"), ("2000m", "2"), ("1000", "1k"), ("1024", "1024"), ("1Ki", "1Ki"), ("1024Ki", "1Mi"),
    ("1.5Gi", "1536Mi"), ("0.5Gi", "512Mi"), ("0.5Ki", "512"), ("0.0001Ki", "102400u"), ("100Mi", "100Mi"),
    ("1e3", "1e3"), ("1E3", "1E3"), ("12e2", "1200"), ("1e-3", "1e-3"), ("5E", "5E"), ("1000k", "1M"),
    ("0.1n", "1n"), ("1.1n", "2n"), ("-0.1n", "-1n"), ("8Ei", "9223372036854775807"), ("+5", "+5"),
    ("1.500", "1.500"), ("-1Gi", "-1Gi"), ("1000E", "1e21"), ("100E", "100E"), (".5", "500m"), ("5.", "5."),
    ("12345678901234567890", "12345678901234567890"), ("100k", "100k"), ("1025", "1025"),
    ("9999999999999999999Ki", "9223372036854775807"), ("1e100", "10e99"),
  ])
  func canonical(text: String, printed: String) throws {
    let quantity = try #require(Quantity(text))
    #expect(quantity.canonical == printed)
    #expect(Quantity(quantity.canonical) == quantity)
  }

  @Test(arguments: [
    "", "a", "1x", "1.2.3", "1Kii", "Kix", "1 Gi", " 1", "1Gi ", "1e", "--1", "1mi", "0x10", "1e3.5",
  ])
  func refused(text: String) { #expect(Quantity(text) == nil) }

  @Test(arguments: [
    ("1", 1, 1000), ("100m", 1, 100), ("1001m", 2, 1001), ("1n", 1, 1), ("-1500m", -2, -1500), ("0", 0, 0),
    ("1Ki", 1024, 1_024_000), ("10E", Int.max, Int.max), ("1e100", Int.max, Int.max),
    ("9E", 9_000_000_000_000_000_000, Int.max),
  ])
  func rounding(text: String, units: Int, milli: Int) throws {
    let quantity = try #require(Quantity(text))
    #expect(quantity.value == units)
    #expect(quantity.milliValue == milli)
  }
}
