import API
import APIMachinery
import APIServer
import Basics
import Testing

@Suite struct DeletionTests {
  let server = makeServer()
  let key = ObjectKey(.pod, namespace: "default", name: "p")

  private func makePod(bound: Bool) throws {
    try server.create(
      json(
        #"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p","labels":{"a":"b"}},"spec":{"terminationGracePeriodSeconds":30,"containers":[{"name":"c","image":"x"}]}}"#
      ))
    if bound { try server.bind(key, toNode: "n1") }
  }

  @Test func unboundPodsGoAtOnce() throws {
    try makePod(bound: false)
    try server.delete(key)
    #expect(server.get(key) == nil)
  }

  @Test func boundPodsWaitForTheirNode() throws {
    try makePod(bound: true)
    let before = try #require(server.get(key))
    try server.delete(key)
    let marked = try #require(server.get(key))
    #expect(marked[.metadata][.deletionTimestamp].string == "2026-11-23T07:34:48Z")
    #expect(marked[.metadata][.deletionGracePeriodSeconds].int == 30)
    #expect(marked.generation == before.generation + 1)
    // Asking again changes nothing; the kubelet's request with grace 0 ends it.
    try server.delete(key)
    #expect(server.get(key) == marked)
    try server.delete(key, DeleteOptions(gracePeriodSeconds: 0))
    #expect(server.get(key) == nil)
  }

  @Test func preconditionsHold() throws {
    try makePod(bound: false)
    let error = refusal { () throws(APIError) in try server.delete(key, DeleteOptions(uid: "other")) }
    #expect(error?.reason == .conflict)
    #expect(server.get(key) != nil)
  }

  @Test(arguments: [
    (DeleteOptions.Propagation.foreground, "foregroundDeletion"), (.orphan, "orphan"),
  ])
  func propagationLeavesAFinalizer(_ propagation: DeleteOptions.Propagation, _ finalizer: String) throws {
    try server.create(json(#"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"m"}}"#))
    let map = ObjectKey(.configMap, namespace: "default", name: "m")
    try server.delete(map, DeleteOptions(propagation: propagation))
    let marked = try #require(server.get(map))
    #expect(marked[.metadata][.finalizers] == [.string(finalizer)])
    #expect(marked.isTerminating)
    try server.delete(map, DeleteOptions(propagation: .background))
    #expect(server.get(map) == nil)
  }

  @Test func namespacesEndWithTheirFinalizer() throws {
    addNamespace(server, "team")
    let team = ObjectKey(.namespace, name: "team")
    try server.delete(team)
    var marked = try #require(server.get(team))
    #expect(marked[.status][.phase].string == "Terminating")
    marked[.spec].remove(.finalizers)
    #expect(try server.update(marked)[.spec][.finalizers] == ["kubernetes"])
    try server.finalizeNamespace(marked)
    #expect(server.get(team) == nil)
  }

  @Test func evictionsAskTheBudget() throws {
    try makePod(bound: true)
    var pod = try #require(server.get(key))
    pod[.status][.phase] = "Running"
    pod[.status][.conditions].append(["type": "Ready", "status": "True"])
    try server.updateStatus(pod)
    var budget = try server.create(
      json(
        #"{"apiVersion":"policy/v1","kind":"PodDisruptionBudget","metadata":{"name":"b"},"spec":{"minAvailable":1,"selector":{"matchLabels":{"a":"b"}}}}"#
      ))
    let refused = refusal { () throws(APIError) in try server.evict(key, DeleteOptions()) }
    #expect(refused?.message == "Cannot evict pod as it would violate the pod's disruption budget.")
    #expect(refused?.code == 429)
    #expect(
      refused?.causes.first?.message == "The disruption budget b is still being processed by the server.")
    budget[.status] = [
      "observedGeneration": 1, "disruptionsAllowed": 0, "currentHealthy": 1, "desiredHealthy": 1,
      "expectedPods": 1,
    ]
    budget = try server.updateStatus(budget)
    #expect(
      refusal { () throws(APIError) in try server.evict(key, DeleteOptions()) }?.causes.first?.message
        == "The disruption budget b needs 1 healthy pods and has 1 currently")
    budget[.status][.disruptionsAllowed] = 1
    try server.updateStatus(budget)
    try server.evict(key, DeleteOptions())
    let gone = try #require(server.get(key))
    #expect(gone.isTerminating)
    #expect(gone.condition("DisruptionTarget")?[.reason].string == "EvictionByEvictionAPI")
    let charged = server.get(ObjectKey(.podDisruptionBudget, namespace: "default", name: "b"))
    #expect(charged?[.status][.disruptionsAllowed].int == 0)
    #expect(charged?[.status][.disruptedPods].has("p") == true)
  }
}

@Suite struct DefinitionDeletionTests {
  private let tool = ObjectKey(GroupKind(group: "ex.io", kind: "Tool"), namespace: "default", name: "held")

  @Test func definitionsGoAfterTheirObjects() throws {
    let server = makeServer()
    try server.create(
      json(
        #"{"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"tools.ex.io"},"spec":{"group":"ex.io","scope":"Namespaced","names":{"kind":"Tool","plural":"tools"},"versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object"}}}]}}"#
      ))
    let free = #"{"apiVersion":"ex.io/v1","kind":"Tool","metadata":{"name":"free","namespace":"default"}}"#
    try server.create(json(free))
    try server.create(
      json(
        #"{"apiVersion":"ex.io/v1","kind":"Tool","metadata":{"name":"held","namespace":"default","finalizers":["a.b/c"]}}"#
      ))
    let key = ObjectKey(.customResourceDefinition, name: "tools.ex.io")
    try server.delete(key, DeleteOptions())
    let going = try #require(server.get(key))
    #expect(going.isTerminating)
    #expect(going.condition("Terminating")?[.reason].string == "InstanceDeletionInProgress")
    #expect(server.list(tool.kind, namespace: nil).map(\.name) == ["held"])
    #expect(
      refusal { () throws(APIError) in try server.create(json(free)) }?.message
        == "create not allowed while custom resource definition is terminating")
    var held = try #require(server.get(tool))
    held[.metadata].remove(.finalizers)
    try server.update(held)
    #expect(server.get(tool) == nil)
    #expect(server.get(key) == nil)
  }
}
