import API
public import APIMachinery
import ControllerRuntime

/// The revisions of a workload with the template of each (`kubectl/pkg/polymorphichelpers/history.go`).
public struct RolloutRevisions {
  public struct Revision {
    public var number: Int
    /// The ReplicaSet or ControllerRevision that keeps it.
    public var object: Value
    public var template: Value
  }

  public static let revisionKey: Key = "deployment.kubernetes.io/revision"
  static let changeCause: Key = "kubernetes.io/change-cause"
  static let hashLabel: Key = "pod-template-hash"

  public let owner: Value
  /// The oldest first.
  public let all: [Revision]

  /// Nil for kinds without a history.
  public init?(_ owner: Value, _ client: any ObjectReader) {
    self.owner = owner
    let selector = LabelSelector(owner.spec.get(.selector))
    let mine = { (object: Value) in
      OwnerReferences.isController(owner, of: object) && selector.matches(object)
    }
    switch ObjectKey(of: owner).kind {
    case .deployment:
      let sets = client.list(.replicaSet, namespace: owner.namespaceKey).filter(mine)
      let revisions = sets.compactMap { set -> Revision? in
        let text = set.annotation(Self.revisionKey) ?? "0"
        return Int(text).map { Revision(number: $0, object: set, template: set.spec[.template]) }
      }
      all = Self.sorted(revisions)
    case .statefulSet, .daemonSet:
      let history = client.list(.controllerRevision, namespace: owner.namespaceKey).filter(mine)
      all = Self.sorted(
        history.map { revision in
          // The whole template stands in the revision, with a directive to replace the old one.
          let template = revision[.data][.spec][.template].removing("$patch")
          return Revision(number: revision[.revision].int ?? 0, object: revision, template: template)
        })
    default: return nil
    }
  }

  private static func sorted(_ revisions: [Revision]) -> [Revision] {
    revisions.enumerated().sorted { a, b in
      a.element.number == b.element.number ? a.offset < b.offset : a.element.number < b.element.number
    }.map(\.element)
  }

  /// The text of `rollout history`; with a revision its pod template.
  public func text(revision: Int) throws(KubectlError) -> String {
    if all.isEmpty { return "No rollout history found." }
    if revision > 0 {
      guard let found = all.last(where: { $0.number == revision }) else {
        throw .client("unable to find the specified revision")
      }
      var template = found.template
      if ObjectKey(of: owner).kind == .deployment, let cause = found.object.annotation(Self.changeCause) {
        template.setAnnotation(Self.changeCause, cause)
      }
      return PodTemplateText.of(template).joined()
    }
    var seen: Set<Int> = []
    let numbers = all.map(\.number).filter { seen.insert($0).inserted }
    if ObjectKey(of: owner).kind == .statefulSet {
      return "REVISION\n" + numbers.map { "\($0)\n" }.joined()
    }
    let rows = numbers.map { number -> String in
      let cause = all.last { $0.number == number }?.object.annotation(Self.changeCause) ?? ""
      return "\(number)\t\(cause.isEmpty ? "<none>" : cause)"
    }
    return TabbedText.aligned(["REVISION\tCHANGE-CAUSE"] + rows).map { $0 + "\n" }.joined()
  }
}
