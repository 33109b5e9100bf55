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

  @Test(arguments: [
    ("1", "1000m", 0), ("1", "1001m", -1), ("1Ki", "1k", 1), ("-1", "1", -1), ("1e100", "1e99", 1),
    ("-1e100", "1n", -1), ("0", "-0", 0), ("1e-9", "1n", 0), ("10e99", "1e100", 0), ("1E", "1000P", 0),
  ])
  func comparing(a: String, b: String, order: Int) throws {
    let (x, y) = (try #require(Quantity(a)), try #require(Quantity(b)))
    #expect((x < y) == (order < 0) && (x == y) == (order == 0) && (x > y) == (order > 0))
    if order == 0 { #expect(x.hashValue == y.hashValue) }
  }

  @Test(arguments: [
    ("100m", "200m", "300m"), ("1Gi", "1Mi", "1025Mi"), ("0", "1Gi", "1Gi"), ("1Gi", "1", "1073741825"),
    ("1", "1Gi", "1073741825"), ("1500m", "500m", "2"), ("1Ki", "1m", "1024001m"), ("1e3", "1", "1001"),
    ("-100m", "100m", "0"), ("8Ei", "8Ei", "18446744073709551614"),
  ])
  func adding(a: String, b: String, sum: String) throws {
    let (x, y) = (try #require(Quantity(a)), try #require(Quantity(b)))
    #expect((x + y).canonical == sum)
    #expect(x + y - y == x)
  }

  @Test func refusalsHaveKubernetesWords() {
    for (text, wrong) in [
      ("1Kx", Quantity.ParseError.format), ("1mm", .suffix), ("", .format), ("1e", .suffix),
    ] {
      guard case .failure(let error) = Quantity.parse(text) else {
        Issue.record("\(text) was accepted")
        continue
      }
      #expect(error == wrong)
    }
  }

  @Test func ofTheAPI() {
    #expect(Quantity(2 as Value)?.canonical == "2")
    #expect(Quantity("1.5" as Value)?.milliValue == 1500)
    #expect(Quantity(Value.bool(true)) == nil)
    #expect((Quantity(milli: 1500) * 2).canonical == "3")
    #expect((-Quantity(5)).canonical == "-5")
  }

  /// Amounts in nanos as 128-bit integers are the model: printing, reading, order, sums and rounding agree.
  @Test(arguments: [1, 2, 3]) func agreesWithIntegers(seed: UInt64) throws {
    var stream = RandomStream(seed: seed, label: "quantity")
    func random() -> Int128 {
      let digits = stream.below(19)
      var n: Int128 = 0
      for _ in 0...digits { n = n * 10 + Int128(stream.below(stream.below(3) == 0 ? 1 : 10)) }
      return stream.below(4) == 0 ? -n : n
    }
    func quantity(_ nanos: Int128) throws -> Quantity { try #require(Quantity("\(nanos)n")) }
    func up(_ n: Int128, _ unit: Int128) -> Int {
      let (q, r) = n.quotientAndRemainder(dividingBy: unit)
      return Int(clamping: q + (r == 0 ? 0 : n < 0 ? -1 : 1))
    }
    for _ in 0..<500 {
      let (a, b) = (random(), random())
      let (x, y) = (try quantity(a), try quantity(b))
      #expect((x < y) == (a < b) && (x == y) == (a == b), "seed \(seed): \(a) \(b)")
      let (sum, difference) = (try quantity(a + b), try quantity(a - b))
      #expect(x + y == sum && x - y == difference, "seed \(seed): \(a) \(b)")
      #expect(x.value == up(a, 1_000_000_000) && x.milliValue == up(a, 1_000_000), "seed \(seed): \(a)")
      for format in [Quantity.Format.decimalSI, .decimalExponent, .binarySI] {
        // Of a computed amount, never the text it was read from.
        var z = x + Quantity.zero
        z.format = format
        let again = try #require(Quantity(z.canonical))
        #expect(again == z, "seed \(seed): \(a) as \(z.canonical)")
        #expect((again + Quantity.zero).canonical == z.canonical || format == .binarySI, "seed \(seed): \(a)")
      }
    }
  }

  /// Random bytes of the alphabet never trap; what is accepted prints to something equal.
  @Test(arguments: [1, 2, 3]) func anyText(seed: UInt64) throws {
    var stream = RandomStream(seed: seed, label: "quantity-text")
    let alphabet = Array("0123456789.+-eEinumkKMGTP".utf8)
    for _ in 0..<3000 {
      let length = 1 + stream.below(stream.below(10) == 0 ? 50 : 8)
      let text = String(
        decoding: (0..<length).map { _ in alphabet[Int(stream.below(UInt64(alphabet.count)))] }, as: UTF8.self
      )
      guard let read = Quantity(text) else { continue }
      let again = try #require(Quantity((read + .zero).canonical), "seed \(seed): \(text)")
      #expect(again == read, "seed \(seed): \(text)")
      _ = (read.value, read.milliValue, read - again, read * 3)
    }
  }
}
