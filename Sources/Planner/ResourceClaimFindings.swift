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
    builder.store.list(.pod, near: "resourceClaims").compactMap { pod in
      guard !pod.spec[.resourceClaims].isEmpty else { return nil }
      let names = pod.spec[.resourceClaims].items.compactMap { $0[.name].string }.joined(separator: ", ")
      return Finding(
        .warning, .notEvaluated, ObjectName(of: pod),
        "resource claims (\(names)) are not evaluated: the pod is placed as if it had none",
        source: source(pod))
    }
  }
}
