import APIMachinery
import Basics
import Testing

/// A short, seeded run of what `plimsoll-bench fuzz` does at length.
@Suite struct MutationTests {
  @Test func textSurvives() {
    var inputs = ByteMutator(
      seeds: [#"{"a":[1,-2.5e3,true,null,"x\u00e9\n\ud83d\ude00"],"b":{"c":{}}}"#],
      words: ["{", "}", "[", "]", ",", ":", "\"", "\\u", "1e", "-", "null"], seed: 3)
    for _ in 0..<3000 {
      guard case .success(let value) = JSON.parse(inputs.next()) else { continue }
      let bytes = CanonicalJSON.bytes(value)
      guard case .success(let again) = JSON.parse(bytes) else {
        Issue.record("not read again: \(String(decoding: bytes, as: UTF8.self))")
        return
      }
      #expect(CanonicalJSON.bytes(again) == bytes)
    }
  }

  @Test func quantitiesSurvive() {
    var inputs = ByteMutator(
      seeds: ["100m", "1Gi", "1.5", "-3e6", "0.000000001n", "12345678901234567890Ei"],
      words: ["K", "Ki", "M", "n", "u", "m", "e", "E", "-", "+", ".", "0", "9"], seed: 3)
    for _ in 0..<3000 {
      let text = String(decoding: inputs.next(), as: UTF8.self)
      guard let quantity = Quantity(text) else { continue }
      #expect(Quantity(quantity.description)?.description == quantity.description, "\(text)")
    }
  }

  @Test func selectorsAreReadOrRefused() {
    var inputs = ByteMutator(
      seeds: ["a=b,c!=d", "x in (y, z),!w", "a notin (b),c", "n > 5"],
      words: ["=", "==", "!", ",", "(", ")", " in ", " notin ", ">", "a/b"], seed: 3)
    for _ in 0..<3000 {
      if case .success(let selector) = LabelSelector.parse(String(decoding: inputs.next(), as: UTF8.self)) {
        _ = selector.matches(labels: ["a": "b", "n": "7"])
      }
    }
  }
}
