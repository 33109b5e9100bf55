import API
import APIMachinery
import APIServer
import Basics
import Cluster
import ManifestReader
import Store

extension Planner {
  /// The API server's answer to each document: alone against the stored objects, or after the ones before it.
  ///
  /// Most documents say nothing about each other and are judged on all cores; who sees whom follows from the
  /// documents alone, so the answers are the same on any number of cores.
  public static func judge(_ input: PassInput, alone: Bool) -> [Judgement] {
    let server = Bench(input).server
    if input.isNewState { try? Bootstrap.run(server) }
    let all = input.manifests.map(\.value)
    if alone { return Bench.judge(all, input, over: server, alone: true) }
    var answers = [Judgement?](repeating: nil, count: all.count)
    let mixing = JudgingOrder(all, stored: server.store)
    for wave in mixing.waves {
      for i in wave.inTurn {
        let answer = server.judge(all[i])
        answers[i] = answer
        if answer.error == nil { _ = try? server.apply(manifest: all[i]) }
        _ = server.drainWarnings()
      }
      let together = Bench.judge(wave.together.map { all[$0] }, input, over: server, alone: false)
      for (i, answer) in zip(wave.together, together) {
        answers[i] = answer
        server.adopt(answer)
      }
    }
    return answers.compactMap { $0 }
  }
}

/// Judges of documents that do not see each other: each has a server of its own over the same stored objects.
private struct Bench {
  let server: APIServer

  init(_ input: PassInput) {
    server = Self.server(input, input.base.overlay(), Planner.scheme(for: input.base))
  }

  private static func server(_ input: PassInput, _ store: ObjectStore, _ scheme: Scheme) -> APIServer {
    APIServer(
      store: store, scheme: scheme, clock: VirtualClock(input.now), seed: input.seed,
      resourceVersion: input.resourceVersion)
  }

  /// What the threads read and nobody writes meanwhile.
  private struct Shared: @unchecked Sendable {
    let input: PassInput
    let store: ObjectStore
    let scheme: Scheme
  }

  private static let chunk = 32

  static func judge(_ documents: [Value], _ input: PassInput, over server: APIServer, alone: Bool)
    -> [Judgement]
  {
    if documents.isEmpty { return [] }
    server.store.settle()
    let chunks = stride(from: 0, to: documents.count, by: chunk).map {
      Array(documents[$0..<min($0 + chunk, documents.count)])
    }
    // Overlays are counted in the store below them, so they are made and dropped by one thread.
    let shared = chunks.map { _ in Shared(input: input, store: server.store.overlay(), scheme: server.scheme)
    }
    return Parallel.map(Array(zip(chunks, shared))) { chunk, shared in
      let judge = Self.server(shared.input, shared.store, shared.scheme)
      return chunk.map { judge.judge($0, alone: alone) }
    }.flatMap { $0 }
  }
}

/// In which order documents are judged: by waves, and in a wave first those that others may depend on.
struct JudgingOrder {
  struct Wave {
    /// Judged and stored one after the other.
    var inTurn: [Int] = []
    /// Judged side by side, stored afterwards.
    var together: [Int] = []
  }
  private(set) var waves = [Wave](repeating: Wave(), count: Waves.count)

  /// Kinds whose objects bear on other documents of their own wave, or are more than their own object.
  private static let inTurn: Set<String> = [
    "Namespace", "CustomResourceDefinition.apiextensions.k8s.io", "PriorityClass.scheduling.k8s.io",
    "ResourceQuota", "LimitRange", "IPAddress.networking.k8s.io", "ServiceCIDR.networking.k8s.io",
    "ValidatingAdmissionPolicy.admissionregistration.k8s.io",
    "ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io",
    "MutatingAdmissionPolicy.admissionregistration.k8s.io",
    "MutatingAdmissionPolicyBinding.admissionregistration.k8s.io",
  ]

  init(_ documents: [Value], stored: ObjectStore) {
    let kinds = documents.map { $0.groupVersionKind.groupKind }
    let keys = zip(kinds, documents).map { kind, document in
      ObjectKey(kind, document.namespace.isEmpty ? "default" : document.namespaceKey, document.nameKey)
    }
    var times: [ObjectKey: Int] = [:]
    for key in keys { times[key, default: 0] += 1 }
    var metered = Set(stored.keys(.resourceQuota).map(\.namespace))
    for key in keys where key.kind == .resourceQuota { metered.insert(key.namespace) }
    let parameters = Self.parameterKinds(documents, stored)
    for (i, key) in keys.enumerated() {
      let isTied =
        Self.inTurn.contains(key.kind.id.string) || times[key, default: 0] > 1 && !key.name.isEmpty
        || metered.contains(key.namespace) || parameters.contains(key.kind)
        || key.kind == .service && Self.takesGiven(documents[i][.spec])
      let wave = Waves.wave(of: key.kind)
      if isTied { waves[wave].inTurn.append(i) } else { waves[wave].together.append(i) }
    }
  }

  /// Kinds that policies take their parameters from.
  private static func parameterKinds(_ documents: [Value], _ stored: ObjectStore) -> Set<GroupKind> {
    let kind = GroupKind(group: "admissionregistration.k8s.io", kind: "ValidatingAdmissionPolicy")
    let other = GroupKind(group: kind.group, kind: "MutatingAdmissionPolicy")
    let policies =
      documents.filter { [kind, other].contains($0.groupVersionKind.groupKind) }
      + stored.list(kind, namespace: nil) + stored.list(other, namespace: nil)
    return Set(
      policies.map { $0[.spec][.paramKind] }.filter(\.isObject).map {
        GroupKind(apiVersion: $0[.apiVersion].string ?? "", kind: $0[.kind].string ?? "")
      })
  }

  /// A service that asks for addresses or ports by itself may find them taken.
  private static func takesGiven(_ spec: Value) -> Bool {
    let addresses = [spec[.clusterIP]] + Array(spec[.clusterIPs].items)
    return addresses.contains { !($0.string ?? "").isEmpty && $0.string != "None" }
      || spec[.ports].items.contains { $0.has(.nodePort) } || spec.has(.healthCheckNodePort)
  }
}
