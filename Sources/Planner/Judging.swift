import API
import APIMachinery
import APIServer
import Basics
import Cluster
import ManifestReader
import Store

extension Planner {
  /// The API server's answer to each document: alone against the stored objects, or after the ones before it.
  public static func judge(_ input: PassInput, alone: Bool) -> [Judgement] {
    let store = input.base.overlay()
    let scheme = scheme(for: input.base)
    let server = APIServer(
      store: store, scheme: scheme, clock: VirtualClock(input.now), seed: input.seed,
      resourceVersion: input.resourceVersion)
    if input.isNewState { try? Bootstrap.run(server) }
    if alone { return input.manifests.map { server.judge($0.value, alone: true) } }
    var answers = [Judgement?](repeating: nil, count: input.manifests.count)
    let order = input.manifests.indices.sorted { a, b in
      let x = Waves.wave(of: input.manifests[a].value.groupVersionKind.groupKind)
      let y = Waves.wave(of: input.manifests[b].value.groupVersionKind.groupKind)
      return x == y ? a < b : x < y
    }
    for i in order {
      let value = input.manifests[i].value
      let answer = server.judge(value)
      answers[i] = answer
      if answer.error == nil { _ = try? server.apply(manifest: value) }
    }
    return answers.compactMap { $0 }
  }
}
