import APIMachinery
import Basics
import PlanReport
import Store

/// Pods that ask for devices through ResourceClaims: dynamic resource allocation is not simulated, they are placed as
/// if they had none.
struct ResourceClaimFindings {
  let builder: ReportBuilder
  let source: (Value) -> Place?

  func findings() -> [Finding] {
    let pods = builder.store.list(.pod, near: "resourceClaims")
    var found: [Finding] = []
    var prefetch = TreePrefetch()
    for (i, pod) in pods.enumerated() {
      prefetch.fetch(at: i, of: pods.count, levels: 2) { pods[$0] }
      guard !pod.spec[.resourceClaims].isEmpty else { continue }
      let names = pod.spec[.resourceClaims].items.compactMap { $0[.name].string }.joined(separator: ", ")
      found.append(
        Finding(
          .warning, .notEvaluated, ObjectName(of: pod),
          "resource claims (\(names)) are not evaluated: the pod is placed as if it had none",
          source: source(pod)))
    }
    return found
  }
}
