import API
import APIMachinery
import Basics
import ControllerRuntime

extension Scheduler: RowReader {
  public func recall(_ pods: PodLines, _ start: Instant) {
    now = max(now, start)
    let models = pods.models.map { pod in
      Self.isOver(pod) ? nil : PodInfo(pod, .init(.pod, pods.namespace, .empty), world.podClass(of: pod))
    }
    for line in pods.lines {
      guard let model = models[line.model] else { continue }
      let key = ObjectKey(.pod, pods.namespace, line.name)
      enter(PodInfo(like: model, key, uid: line.uid), line.node)
    }
  }
}
