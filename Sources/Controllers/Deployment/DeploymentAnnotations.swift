import APIMachinery

/// The annotations by which a Deployment keeps its history on its ReplicaSets.
enum DeploymentAnnotations {
  static let revision: Key = "deployment.kubernetes.io/revision"
  static let history: Key = "deployment.kubernetes.io/revision-history"
  static let desired: Key = "deployment.kubernetes.io/desired-replicas"
  static let most: Key = "deployment.kubernetes.io/max-replicas"
  /// Annotations of a Deployment that its ReplicaSets do not get.
  private static let own: Set<Key> = [
    "kubectl.kubernetes.io/last-applied-configuration", revision, history, desired, most,
    "deprecated.deployment.rollback.to",
  ]
  private static let longestHistory = 2000

  static func revision(of object: Value) -> Int { object.annotation(revision).flatMap { Int($0) } ?? 0 }

  static func number(_ object: Value, _ key: Key) -> Int? { object.annotation(key).flatMap { Int($0) } }

  /// Sets the sizes.
  static func setSizes(_ set: inout Value, desired: Int, most: Int) {
    let (wanted, limit) = (String(desired), String(most))
    let present = set.annotations
    func says(_ key: Key, _ text: String) -> Bool { present[key].text?.equals(text) ?? false }
    if says(Self.desired, wanted) && says(Self.most, limit) { return }
    set.setAnnotation(Self.desired, wanted)
    set.setAnnotation(Self.most, limit)
  }

  /// Copies the Deployment's annotations to its new ReplicaSet and gives it the revision; an older revision
  /// goes to the history.
  static func inherit(_ set: inout Value, from deployment: Value, revision new: Int, exists: Bool) {
    let present = set.annotations
    for field in deployment.annotations.fields
    where !own.contains(field.key) && present.get(field.key) != field.value {
      set.setAnnotation(field.key, field.value.string)
    }
    let oldText = set.annotation(revision) ?? ""
    let old = Int(oldText)
    if !oldText.isEmpty && old == nil { return }
    guard (old ?? 0) < new else { return }
    set.setAnnotation(revision, String(new))
    guard exists, !oldText.isEmpty else { return }
    var past = (set.annotation(history) ?? "").split(separator: ",").map(String.init)
    var length = past.joined(separator: ",").utf8.count + oldText.utf8.count + 1
    while length > longestHistory, let first = past.first {
      length -= first.utf8.count + 1
      past.removeFirst()
    }
    past.append(oldText)
    set.setAnnotation(history, past.joined(separator: ","))
  }
}
