public import APIMachinery
public import Basics

/// Keeps the pod index of a pass in step with the store. It must be told of a change before the controllers that
/// share the index, so it stands before them; it has no work of its own.
public final class PodInformer: Component {
  public let name = "pod-informer"
  public let watches: Set<GroupKind>? = [.pod, .service, .podDisruptionBudget]
  public let reach = Reach.namespace
  public let pods: PodIndex

  public init(_ pods: PodIndex) { self.pods = pods }

  public func observe(_ event: WatchEvent, now: Instant) {
    switch event.key.kind {
    case .pod: pods.observe(event)
    case .service:
      let source = event.object.spec[.selector]
      let selector = event.type == .deleted || source.isEmpty ? nil : LabelSelector(matchLabels: source)
      pods.services.set(event.key, source, selector)
    case .podDisruptionBudget:
      let source = event.object.spec[.selector]
      pods.budgets.set(event.key, source, event.type == .deleted ? nil : LabelSelector(source))
    default: break
    }
  }

  public var nextDue: Instant? { nil }
  public func step(_ context: Context) {}
}
