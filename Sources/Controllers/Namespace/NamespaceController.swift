import API
public import APIMachinery
public import Basics
public import ControllerRuntime

/// Empties namespaces that are being deleted and then lets them go (`pkg/controller/namespace`).
public final class NamespaceController: Controller {
  public let name = "namespace-controller"
  /// How long after a change the work begins (`namespaceDeletionGracePeriod`).
  private static let grace = Nanoseconds.seconds(5)
  /// How long content with finalizers is taken to need (`finalizerEstimateSeconds`).
  private static let finalizerEstimate = 15

  /// How many objects of which kind there are in which namespace.
  private var content: [Key: [GroupKind: Int]] = [:]
  /// The resource names of custom kinds.
  private var plurals: [GroupKind: String] = [:]

  public init() {}

  public func observe(_ event: WatchEvent, _ queue: WorkQueue, now: Instant) {
    let kind = event.key.kind
    if kind == .namespace {
      if event.type != .deleted && event.object.isTerminating { queue.add(event.key, at: now + Self.grace) }
      return
    }
    if kind == .customResourceDefinition {
      let names = event.object.spec[.names]
      let custom = GroupKind(group: event.object.spec[.group].string ?? "", kind: names[.kind].string ?? "")
      plurals[custom] = names[.plural].string
    }
    if event.key.namespace.isEmpty || event.type == .modified { return }
    content[event.key.namespace, default: [:]][kind, default: 0] += event.type == .added ? 1 : -1
  }

  public func reconcile(_ key: ObjectKey, _ context: Context, _ queue: WorkQueue) throws(APIError) {
    guard let namespace = context.client.get(key), namespace.isTerminating else { return }
    if namespace.spec[.finalizers].isEmpty {
      try context.client.delete(key)
      return
    }
    let left = deleteContent(of: key.name, context)
    var next = namespace
    next.status[.conditions] = left.conditions(over: namespace.status[.conditions], context.timestamp)
    if next != namespace { next = try context.client.updateStatus(next) }
    if left.isEmpty {
      let rest = next.spec[.finalizers].items.filter { $0.string != "kubernetes" }
      next.spec[.finalizers] = .array(rest)
      try context.client.finalizeNamespace(next)
    } else if left.estimate > 0 {
      queue.add(key, at: context.now + .seconds(left.estimate / 2 + 1))
    } else {
      queue.addRateLimited(key, now: context.now)
    }
  }

  /// Deletes the pods and, when there are none left, everything else (KEP-5080, ordered namespace deletion).
  private func deleteContent(of namespace: Key, _ context: Context) -> NamespaceContent {
    var left = NamespaceContent()
    let kinds = (content[namespace] ?? [:]).filter { $0.value > 0 }.map(\.key).sorted()
    if kinds.contains(.pod) { delete(.pod, namespace, context, &left) }
    if left.isEmpty {
      for kind in kinds where kind != .pod { delete(kind, namespace, context, &left) }
    }
    return left
  }

  private func delete(
    _ kind: GroupKind, _ namespace: Key, _ context: Context, _ left: inout NamespaceContent
  ) {
    let options = DeleteOptions(propagation: .background)
    for object in context.client.list(kind, namespace: namespace) {
      do {
        try context.client.delete(ObjectKey(kind, namespace, object.nameKey), options)
      } catch {
        if error.reason != .notFound { left.failures.append(error.message) }
      }
    }
    let rest = context.client.list(kind, namespace: namespace)
    if rest.isEmpty { return }
    let plural = plurals[kind] ?? Scheme.builtin.info(kind)?.plural ?? kind.kind
    left.resources["\(plural).\(kind.group)", default: 0] += rest.count
    for object in rest {
      for finalizer in object.metadata[.finalizers].items {
        left.finalizers[finalizer.string ?? "", default: 0] += 1
        left.estimate = max(left.estimate, Self.finalizerEstimate)
      }
      if kind == .pod {
        left.estimate = max(left.estimate, object.metadata[.deletionGracePeriodSeconds].int ?? 0)
      }
    }
  }
}
