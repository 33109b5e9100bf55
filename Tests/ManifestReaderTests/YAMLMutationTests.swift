import APIMachinery
import Basics
import ManifestReader
import Testing

/// A short, seeded run of `plimsoll-bench fuzz --target yaml`.
@Suite struct YAMLMutationTests {
  @Test func textIsReadOrRefused() {
    var inputs = ByteMutator(
      seeds: [
        "a: &x\n  - \"q\\n\"\n  - >-\n    b\n    c\n? d\n: *x\n<<: {b: !!str 1, c: ~}\n---\n- [a, {b: c}]\n"
      ],
      words: [
        "\n", "  ", ": ", "- ", "? ", "&a ", "*a", "---\n", "|\n", "'", "\"", "{", "}", "[", "]", "<<: ",
      ],
      seed: 3)
    for _ in 0..<2000 {
      for manifest in ManifestReader.read(text: inputs.next(), name: "input").manifests {
        let bytes = CanonicalJSON.bytes(manifest.value)
        guard case .success(let again) = JSON.parse(bytes) else {
          Issue.record("not read again: \(String(decoding: bytes, as: UTF8.self))")
          return
        }
        #expect(CanonicalJSON.bytes(again) == bytes)
      }
    }
  }
}
