import API
import APIMachinery
import Basics
import ControllerRuntime

extension Scheduler: RowReader {
  public func recall(_ pods: PodLines, _ start: Instant) {
    now = max(now, start)
    var last: (pod: Value, podClass: PodClass)?
    var models: [PodInfo?] = []
    models.reserveCapacity(pods.models.count)
    for pod in pods.models {
      if PodPhase.isTerminal(pod) {
        models.append(nil)
        continue
      }
      let podClass = last.flatMap { recallClass(like: $0.podClass, $0.pod, pod) } ?? world.podClass(of: pod)
      last = (pod, podClass)
      models.append(PodInfo(pod, .init(.pod, pods.namespace, .empty), podClass))
    }
    for line in pods.lines {
      guard let model = models[line.model] else { continue }
      let key = ObjectKey(.pod, pods.namespace, line.name)
      enter(PodInfo(like: model, key, uid: line.uid), line.node)
    }
  }

  /// The class of a pod of the same namespace that differs from the one before in its labels at most, as pods of one
  /// template in several zones do.
  private func recallClass(like known: PodClass, _ before: Value, _ pod: Value) -> PodClass? {
    guard !known.volumes.contains(where: \.isEphemeral), ClassParts.differInLabelsOnly(before, pod) else {
      return nil
    }
    return world.podClass(like: known, pod)
  }
}
