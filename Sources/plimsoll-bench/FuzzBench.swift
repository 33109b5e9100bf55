import API
import APIMachinery
import Basics
import Foundation
import ManifestReader
import Planner

/// `plimsoll-bench fuzz --target yaml|json|quantity|selector|schema --inputs N --seed S`: broken inputs for the
/// readers. A crash ends the program with the number of the input; what is read must survive being written and
/// read again. Prints how many inputs were read and the slowest one.
func benchFuzz(_ arguments: [String]) {
  var target = "json"
  var inputs = 100_000
  var seed: UInt64 = 1
  var rest = arguments[...]
  while let option = rest.popFirst() {
    guard let value = rest.popFirst() else { break }
    switch option {
    case "--target": target = value
    case "--inputs": inputs = Int(value) ?? inputs
    case "--seed": seed = UInt64(value) ?? seed
    default: print("unknown option \(option)")
    }
  }
  guard let made = FuzzTarget.all.first(where: { $0.name == target }) else {
    return print("targets: \(FuzzTarget.all.map(\.name).joined(separator: ", "))")
  }
  var mutator = ByteMutator(seeds: made.seeds, words: made.words, seed: seed)
  var accepted = 0
  var slowest = Duration.zero
  var slowestInput = 0
  let clock = ContinuousClock()
  let start = clock.now
  for i in 0..<inputs {
    let bytes = mutator.next()
    let before = clock.now
    let outcome = made.run(bytes)
    let took = clock.now - before
    if took > slowest { (slowest, slowestInput) = (took, i) }
    if outcome == .broken {
      print("input \(i) of seed \(seed) does not survive: \(String(decoding: bytes, as: UTF8.self))")
      exit(1)
    }
    if outcome == .accepted { accepted += 1 }
  }
  print(
    "\(target): \(inputs) inputs, \(accepted) accepted, \(clock.now - start); slowest \(slowest) "
      + "(input \(slowestInput))")
}

private struct FuzzTarget {
  enum Outcome { case accepted, refused, broken }

  let name: String
  let seeds: [String]
  let words: [String]
  let run: (_ bytes: [UInt8]) -> Outcome

  static var all: [FuzzTarget] { [yaml(), json(), quantity(), selector(), schema()] }

  private static let pod = """
    apiVersion: v1
    kind: Pod
    metadata: {name: a, labels: {app: "b"}}
    spec:
      volumes: [{name: v, configMap: {name: c, items: [{key: k, path: p}]}}]
      containers:
      - name: c
        image: i:1
        ports: [{containerPort: 80, hostPort: 8080}]
        resources: {requests: {cpu: 100m, memory: 1Gi}}
        livenessProbe: {httpGet: {path: /, port: http}, periodSeconds: 5}
        env: [{name: A, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]
        volumeMounts: [{name: v, mountPath: /v}]

    """
  private static let yamlText = """
    # comment
    a: &x
      - "q\\u0041\\n"
      - 'it''s'
      - >-
        folded
        text
      - |2+
          kept

    ? complex
    : *x
    <<: {b: !!str 1, c: ~, d: 0x1F, e: 1.5e3, f: .inf, g: 2001-01-01}
    ---
    - [a, {b: c}]
    ...

    """

  private static func yaml() -> FuzzTarget {
    FuzzTarget(
      name: "yaml", seeds: [pod, yamlText],
      words: [
        "\n", "  ", "\t", ": ", "- ", "? ", "&a ", "*a", "!!binary ", "!<x> ", "---\n", "...\n", "|\n",
        ">-\n",
        "'", "\"", "\\", "{", "}", "[", "]", ",", "#", "%YAML 1.2\n", "\u{FEFF}", "\u{85}", "<<: ", "~", "@",
        "`",
      ]
    ) { bytes in
      let result = ManifestReader.read(text: bytes, name: "input")
      for manifest in result.manifests where !survives(manifest.value) { return .broken }
      return result.diagnostics.hasErrors ? .refused : .accepted
    }
  }

  private static func json() -> FuzzTarget {
    FuzzTarget(
      name: "json",
      seeds: [#"{"a":[1,-2.5e3,true,null,"x\u00e9\n\ud83d\ude00"],"b":{"c":{}},"d":""}"#],
      words: [
        "{", "}", "[", "]", ",", ":", "\"", "\\u", "\\ud83d", "1e", "-", "0", "null", "true", "  ", "9",
      ]
    ) { bytes in
      guard case .success(let value) = JSON.parse(bytes) else { return .refused }
      return survives(value) ? .accepted : .broken
    }
  }

  private static func quantity() -> FuzzTarget {
    FuzzTarget(
      name: "quantity", seeds: ["100m", "1Gi", "1.5", "-3e6", "0.000000001n", "12345678901234567890Ei"],
      words: ["K", "Ki", "M", "n", "u", "m", "e", "E", "-", "+", ".", "0", "9", "999999999"]
    ) { bytes in
      guard let quantity = Quantity(String(decoding: bytes, as: UTF8.self)) else { return .refused }
      guard let again = Quantity(quantity.description) else { return .broken }
      return again == quantity && again.description == quantity.description ? .accepted : .broken
    }
  }

  private static func selector() -> FuzzTarget {
    FuzzTarget(
      name: "selector", seeds: ["a=b,c!=d", "x in (y, z),!w", "a notin (b),c", "n > 5"],
      words: ["=", "==", "!=", "!", ",", "(", ")", " in ", " notin ", ">", "<", "a/b", " ", "-"]
    ) { bytes in
      guard case .success(let selector) = LabelSelector.parse(String(decoding: bytes, as: UTF8.self)) else {
        return .refused
      }
      _ = selector.matches(labels: ["a": "b", "x": "y", "n": "7"])
      return .accepted
    }
  }

  /// Documents of all kinds through the whole write path: decoding, defaults, admission, validation.
  private static func schema() -> FuzzTarget {
    let isValid = SchemaSeeds.judging()
    return FuzzTarget(
      name: "schema", seeds: SchemaSeeds.documents,
      words: [
        #""spec":"#, #""metadata":"#, "{", "}", "[", "]", ",", "null", "true", "-1", "99999999999", #""""#,
        #""x""#, #""1Gi""#, #""Never""#, #""10.0.0.1""#, #""50%""#, #""name":"#, ":", "\"",
      ]
    ) { bytes in
      guard case .success(let value) = JSON.parse(bytes), value.isObject else { return .refused }
      return isValid(value) ? .accepted : .refused
    }
  }

  /// Whether a value stays the same when it is written and read again.
  private static func survives(_ value: Value) -> Bool {
    let bytes = CanonicalJSON.bytes(value)
    guard case .success(let again) = JSON.parse(bytes) else { return false }
    return CanonicalJSON.bytes(again) == bytes
  }
}
