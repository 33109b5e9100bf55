import APIMachinery
import APIServer
import Testing

/// A manifest that was prepared is answered as one that was not.
@Suite struct PreparationTests {
  private static let template =
    #"{"metadata":{"labels":{"app":"a"}},"spec":{"containers":[{"name":"c","image":"x"}]}}"#

  static let manifests: [String] = [
    #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"plain"},"data":{"a":"b"}}"#,
    #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"here"},"data":{"a":"c"}}"#,
    #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"odd"},"dat":{}}"#,
    #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"generateName":"made-"}}"#,
    #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"numbered","resourceVersion":"7"}}"#,
    #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"elsewhere","namespace":"missing"}}"#,
    #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"Wrong_Name"}}"#,
    #"{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"new","namespace":"default"}}"#,
    #"{"apiVersion":"v1","kind":"Endpoints","metadata":{"name":"old-kind"}}"#,
    #"{"apiVersion":"autoscaling/v1","kind":"HorizontalPodAutoscaler","metadata":{"name":"h"},"spec":{"maxReplicas":3,"scaleTargetRef":{"kind":"Deployment","name":"d"}}}"#,
    #"{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"d"},"spec":{"selector":{"matchLabels":{"app":"a"}},"template":\#(template)}}"#,
    #"{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"e"},"spec":{"selector":{"matchLabels":{"app":"b"}},"template":\#(template)}}"#,
    #"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"x"}]}}"#,
    #"{"apiVersion":"example.com/v1","kind":"Unknown","metadata":{"name":"u"}}"#,
  ]

  private func answer(_ number: Int, isPrepared: Bool) -> (String, warnings: [String]) {
    let server = makeServer()
    do {
      try server.create(json(#"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"here"}}"#))
    } catch {
      Issue.record("\(error.message)")
    }
    let manifest = json(Self.manifests[number])
    let space: Key = manifest.namespace.isEmpty ? "default" : manifest.namespaceKey
    let key = ObjectKey(manifest.groupVersionKind.groupKind, space, manifest.nameKey)
    let prepared = isPrepared ? server.prepare([(key, manifest)])[0] : nil
    do {
      let result = try server.apply(manifest: manifest, prepared: prepared)
      return ("\(result.action) \(CanonicalJSON.string(result.after))", result.warnings)
    } catch {
      return ("\(error.reason) \(error.message) \(error.causes)", server.drainWarnings())
    }
  }

  @Test(arguments: manifests.indices)
  func sameAnswer(_ number: Int) {
    let (one, other) = (answer(number, isPrepared: true), answer(number, isPrepared: false))
    #expect(one.0 == other.0)
    #expect(one.warnings == other.warnings)
  }

  @Test("Where there is an object already nothing is prepared")
  func present() throws {
    let server = makeServer()
    let manifest = json(Self.manifests[0])
    let key = ObjectKey(.configMap, "default", "plain")
    #expect(server.prepare([(key, manifest)])[0] != nil)
    // One that comes after the preparation is met by it.
    let prepared = server.prepare([(key, manifest)])[0]
    try server.create(json(#"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"plain"}}"#))
    #expect(server.prepare([(key, manifest)])[0] == nil)
    #expect(try server.apply(manifest: manifest, prepared: prepared).action == .configured)
  }
}
