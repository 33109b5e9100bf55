import APIMachinery
import Basics
import Testing

@testable import API

@Suite struct OrdinaryAddressTests {
  /// The quick look at addresses says yes only where the rules find nothing.
  @Test func quickLookAgreesWithTheRules() {
    var stream = RandomStream(seed: 11, label: "addresses")
    var ordinary = 0
    let parts = ["0", "1", "01", "10", "127", "169", "224", "254", "255", "256", "", "-1", "a", "1000"]
    for _ in 0..<20_000 {
      let count = stream.below(8) == 0 ? 3 + Int(stream.below(3)) : 4
      let text = (0..<count).map { _ in parts[Int(stream.below(UInt64(parts.count)))] }.joined(separator: ".")
      var findings = Findings()
      AddressRule.check(.string(text), Path("ip"), &findings)
      AddressRule.endpoint(.string(text), Path("ip"), &findings)
      if AddressRule.isOrdinary(.string(text)) {
        ordinary += 1
        #expect(findings.isEmpty, "seed 11: \(text)")
      }
    }
    #expect(ordinary > 100)
    #expect(AddressRule.isOrdinary("10.244.0.17"))
    #expect(!AddressRule.isOrdinary("::1"))
  }
}
