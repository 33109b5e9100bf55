import APIMachinery

/// What is still in a namespace after an attempt to delete its content
/// (`namespace/deletion/status_condition_utils.go`).
struct NamespaceContent {
  /// Numbers of objects by `plural.group`.
  var resources: [String: Int] = [:]
  var finalizers: [String: Int] = [:]
  var failures: [String] = []
  /// Seconds until it is worth looking again.
  var estimate = 0

  var isEmpty: Bool { resources.isEmpty && failures.isEmpty }

  private static func listed(_ counts: [String: Int], _ between: String) -> String {
    let lines = counts.map { "\($0.key)\(between)\($0.value) resource instances" }
    return lines.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.joined(separator: ", ")
  }

  private var states: [(type: String, status: Bool, reason: String, message: String)] {
    [
      (
        "NamespaceDeletionDiscoveryFailure", false, "ResourcesDiscovered",
        "All resources successfully discovered"
      ),
      (
        "NamespaceDeletionGroupVersionParsingFailure", false, "ParsedGroupVersions",
        "All legacy kube types successfully parsed"
      ),
      failures.isEmpty
        ? (
          "NamespaceDeletionContentFailure", false, "ContentDeleted",
          "All content successfully deleted, may be waiting on finalization"
        )
        : (
          "NamespaceDeletionContentFailure", true, "ContentDeletionFailed",
          "Failed to delete all resource types, \(failures.count) remaining: "
            + failures.joined(separator: ", ")
        ),
      resources.isEmpty
        ? ("NamespaceContentRemaining", false, "ContentRemoved", "All content successfully removed")
        : (
          "NamespaceContentRemaining", true, "SomeResourcesRemain",
          "Some resources are remaining: " + Self.listed(resources, " has ")
        ),
      finalizers.isEmpty
        ? (
          "NamespaceFinalizersRemaining", false, "ContentHasNoFinalizers",
          "All content-preserving finalizers finished"
        )
        : (
          "NamespaceFinalizersRemaining", true, "SomeFinalizersRemain",
          "Some content in the namespace has finalizers remaining: " + Self.listed(finalizers, " in ")
        ),
    ]
  }

  /// The conditions of the namespace; the time of one changes with its status, reason or message.
  func conditions(over old: Value, _ now: Value) -> Value {
    var all = Array(old.items)
    for state in states {
      let status: Value = state.status ? "True" : "False"
      let new = Value.fields(
        (.type, .string(state.type)), (.status, status), (.reason, .string(state.reason)),
        (.message, .string(state.message)), (.lastTransitionTime, now))
      if let i = all.firstIndex(where: { $0[.type].string == state.type }) {
        if all[i].setting(.lastTransitionTime, now) != new { all[i] = new }
      } else {
        all.append(new)
      }
    }
    return .array(all)
  }
}
