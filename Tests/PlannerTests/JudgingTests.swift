import APIMachinery
import APIServer
import Basics
import ManifestReader
import Planner
import Store
import Testing

/// `validate` judges documents on several cores; nobody may be able to tell.
@Suite(.serialized) struct JudgingTests {
  private static let documents: [UInt8] = {
    var text = """
      apiVersion: v1
      kind: Namespace
      metadata: {name: shop}
      ---
      apiVersion: v1
      kind: ServiceAccount
      metadata: {name: default, namespace: shop}
      ---
      apiVersion: v1
      kind: ResourceQuota
      metadata: {name: few, namespace: default}
      spec: {hard: {configmaps: "2"}}
      ---
      apiVersion: apiextensions.k8s.io/v1
      kind: CustomResourceDefinition
      metadata: {name: tools.example.com}
      spec:
        group: example.com
        scope: Namespaced
        names: {kind: Tool, plural: tools}
        versions:
        - name: v1
          served: true
          storage: true
          schema: {openAPIV3Schema: {type: object, properties: {size: {type: integer, default: 3}}}}

      """
    for i in 0..<60 {
      let port = i % 7 == 0 ? "0" : "80"
      text += """
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: p\(i), namespace: shop, labels: {n\(i): "\(i)"}}
        spec:
          containers:
          - {name: c, image: "i:\(i)", ports: [{containerPort: \(port)}], env: [{name: A}, {name: A}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: s\(i), namespace: shop}
        spec: {ports: [{port: 80, nodePort: \(30000 + i % 290)}], type: NodePort}
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: m\(i % 3)}
        data: {a: "\(i)"}
        ---
        apiVersion: example.com/v1
        kind: Tool
        metadata: {name: t\(i), namespace: shop, finalizers: [mine]}

        """
    }
    return Array(text.utf8)
  }()

  private func answers(on cores: Int, alone: Bool) -> [[UInt8]] {
    Parallel.widthOverride = cores
    defer { Parallel.widthOverride = nil }
    let read = ManifestReader.read(text: Self.documents, name: "all.yaml")
    let input = PassInput(
      manifests: read.manifests, manifestsName: "", base: ObjectStore(), now: Instant(seconds: 1_700_000_000))
    return Planner.judge(input, alone: alone).map { CanonicalJSON.bytes($0.value) }
  }

  @Test(arguments: [true, false]) func isTheSameOnAnyNumberOfCores(alone: Bool) {
    let one = answers(on: 1, alone: alone)
    #expect(one.count == 244)
    #expect(answers(on: 2, alone: alone) == one)
    #expect(answers(on: 5, alone: alone) == one)
  }

  @Test func documentsSeeTheOnesTheyDependOn() {
    let texts = answers(on: 2, alone: false).map { String(decoding: $0, as: UTF8.self) }
    func count(_ words: String) -> Int { texts.count { $0.contains(words) } }
    #expect(count("must be between 1 and 65535") == 0)
    #expect(count("Required value") == 9, "pods without a port")
    #expect(count(#""size":3"#) == 60, "the definition's default")
    #expect(count("prefer a domain-qualified finalizer name") == 60)
    #expect(count("hides previous definition") == 51)
  }
}
