import API
public import APIMachinery
import ControllerRuntime

/// What `rollout undo` sends (`kubectl/pkg/polymorphichelpers/rollback.go`).
public enum RolloutUndo {
  public enum Outcome {
    /// Why nothing has to be done.
    case skipped(String)
    /// A JSON patch.
    case patch(Value)
    /// A strategic merge patch.
    case revision(Value)
  }

  /// Annotations that stay the Deployment's own.
  private static let kept: Set<Key> = [
    "kubectl.kubernetes.io/last-applied-configuration", "deployment.kubernetes.io/revision",
    "deployment.kubernetes.io/revision-history", "deployment.kubernetes.io/desired-replicas",
    "deployment.kubernetes.io/max-replicas", "deprecated.deployment.rollback.to",
  ]

  /// `revision` 0 is the one before the last.
  public static func plan(_ owner: Value, to revision: Int, _ client: any ObjectReader) throws(KubectlError)
    -> Outcome
  {
    let kind = ObjectKey(of: owner).kind
    guard let revisions = RolloutRevisions(owner, client) else {
      throw .client("no rollbacker has been implemented for \"\(kind.description)\"")
    }
    if revision < 0 { throw notFound(revision) }
    return kind == .deployment
      ? try deployment(owner, revision, revisions.all) : try history(owner, revision, revisions.all)
  }

  private static func notFound(_ revision: Int) -> KubectlError {
    .client("unable to find specified revision \(revision) in history")
  }

  private static func skipped(_ revision: Int) -> Outcome {
    .skipped("skipped rollback (current template already matches revision \(revision))")
  }

  private static func deployment(
    _ deployment: Value, _ revision: Int, _ all: [RolloutRevisions.Revision]
  ) throws(KubectlError) -> Outcome {
    let target: RolloutRevisions.Revision
    if revision > 0 {
      guard let found = all.first(where: { $0.number == revision }) else { throw notFound(revision) }
      target = found
    } else {
      guard all.count > 1 else {
        throw .client("no rollout history found for deployment \"\(deployment.name)\"")
      }
      target = all[all.count - 2]
    }
    if deployment.spec[.paused].bool == true {
      throw .client(
        "you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume "
          + "deployment/\(deployment.name)' and try again")
    }
    var template = target.template
    template.setLabel(RolloutRevisions.hashLabel, nil)
    var current = deployment.spec[.template]
    current.setLabel(RolloutRevisions.hashLabel, nil)
    if template == current { return skipped(revision) }
    var annotations = Value.object(deployment.annotations.fields.filter { kept.contains($0.key) })
    for field in target.object.annotations.fields where !kept.contains(field.key) {
      annotations[field.key] = field.value
    }
    return .patch([
      ["op": "replace", "path": "/spec/template", "value": template],
      ["op": "replace", "path": "/metadata/annotations", "value": annotations],
    ])
  }

  private static func history(
    _ owner: Value, _ revision: Int, _ all: [RolloutRevisions.Revision]
  ) throws(KubectlError) -> Outcome {
    let target: RolloutRevisions.Revision
    if revision == 0 {
      guard all.count > 1 else { throw .client("no last revision to roll back to") }
      target = all[all.count - 2]
    } else {
      guard let found = all.first(where: { $0.number == revision }) else { throw notFound(revision) }
      target = found
    }
    if RevisionHistory.data(owner.spec[.template]) == target.object[.data] { return skipped(revision) }
    return .revision(target.object[.data])
  }
}
