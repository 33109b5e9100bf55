import API
public import APIMachinery
public import Basics
import ControllerRuntime

/// Which pods of a node `drain` takes away, and what it says of the others (`kubectl/pkg/drain/filters.go`).
public struct DrainFilter: Sendable {
  public var force = false
  public var ignoresDaemonSets = false
  public var deletesEmptyDirs = false
  /// Pods that have been asked to go longer ago than this are left out; 0 for none.
  public var skipDeletedAfter = 0
  public var selector = LabelSelector.everything

  public init() {}

  /// What the filters came to for one pod.
  enum Verdict {
    case take
    case takeWithWarning(String)
    case leave
    case leaveWithWarning(String)
    case refuse(String)
  }

  /// The pods of a node, sorted out.
  public struct List {
    public var pods: [Value] = []
    /// One line, or empty.
    public var warning = ""
    public var errors: [KubectlError] = []
  }

  private static let mirror: Key = "kubernetes.io/config.mirror"

  public func list(node: String, _ client: any ObjectReader, now: Instant) -> List {
    var list = List()
    var warnings = Notes()
    var refusals = Notes()
    for pod in client.pods(onNode: Key(node)) where selector.matches(pod) {
      let name = "\(pod.namespace)/\(pod.name)"
      switch verdict(pod, client, now: now) {
      case .take: list.pods.append(pod)
      case .takeWithWarning(let text):
        list.pods.append(pod)
        warnings.add(text, name)
      case .leave: break
      case .leaveWithWarning(let text): warnings.add(text, name)
      case .refuse(let text): refusals.add(text, name)
      }
    }
    list.warning = warnings.lines.joined(separator: "; ")
    list.errors = refusals.lines.map { line in
      .client(line.lowercased().hasPrefix("cannot delete") ? line : "cannot delete " + line)
    }
    return list
  }

  /// Texts with the pods that they are about, in the order in which they came.
  private struct Notes {
    private var entries: [(text: String, pods: [String])] = []
    mutating func add(_ text: String, _ pod: String) {
      if let i = entries.firstIndex(where: { $0.text == text }) {
        entries[i].pods.append(pod)
      } else {
        entries.append((text, [pod]))
      }
    }
    var lines: [String] { entries.map { "\($0.text): \($0.pods.joined(separator: ", "))" } }
  }

  /// The filters in their order; the first that leaves a pod ends it, and of those that take it only the last
  /// has its warning told.
  func verdict(_ pod: Value, _ client: any ObjectReader, now: Instant) -> Verdict {
    if isSkipped(pod, now: now) { return .leave }
    let isOver = PodPhase.isTerminal(pod)
    let owner = pod.controllerReference
    if owner?[.kind].string == "DaemonSet", !isOver {
      let name = owner?[.name].string ?? ""
      if client.get(ObjectKey(.daemonSet, pod.namespaceKey, Key(name))) != nil {
        return ignoresDaemonSets
          ? .leaveWithWarning("ignoring DaemonSet-managed Pods")
          : .refuse("DaemonSet-managed Pods (use --ignore-daemonsets to ignore)")
      }
      let missing = APIError.notFound("daemonsets.apps", name).message
      if !force { return .refuse(missing) }
    }
    if pod.annotation(Self.mirror) != nil { return .leave }
    let isLocal = pod.spec[.volumes].items.contains { $0.has(.emptyDir) }
    if isLocal, !isOver, !deletesEmptyDirs {
      return .refuse("Pods with local storage (use --delete-emptydir-data to override)")
    }
    if !isOver, owner == nil {
      return force
        ? .takeWithWarning("deleting Pods that declare no controller")
        : .refuse("cannot delete Pods that declare no controller (use --force to override)")
    }
    return .take
  }

  private func isSkipped(_ pod: Value, now: Instant) -> Bool {
    guard skipDeletedAfter > 0, let asked = PodState.time(pod.metadata[.deletionTimestamp]) else {
      return false
    }
    return (now - asked).count / 1_000_000_000 > Int64(skipDeletedAfter)
  }
}
