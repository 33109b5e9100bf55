import APIMachinery

/// `pkg/apis/batch/v1/defaults.go` and `pkg/registry/batch/job/strategy.go`.
enum JobDefaults {
  static func job(_ object: inout Value) {
    var spec = object[.spec]
    guard spec.isObject else { return }
    PodDefaults.template(&spec, at: .template)
    if !spec.has(.completions), !spec.has(.parallelism) {
      spec[.completions] = 1
      spec[.parallelism] = 1
    }
    if !spec.has(.parallelism) { spec[.parallelism] = 1 }
    if !spec.has(.backoffLimit) { spec[.backoffLimit] = spec.has(.backoffLimitPerIndex) ? 2_147_483_647 : 6 }
    if !spec.has(.completionMode) { spec[.completionMode] = "NonIndexed" }
    if !spec.has(.suspend) { spec[.suspend] = false }
    if !spec.has(.manualSelector) { spec[.manualSelector] = false }
    if spec.has(.podFailurePolicy) {
      PodDefaults.map(&spec[.podFailurePolicy], .rules) { rule in
        PodDefaults.map(&rule, .onPodConditions) { condition in
          if condition[.status].string ?? "" == "" { condition[.status] = "True" }
        }
      }
    }
    if !spec.has(.podReplacementPolicy) {
      spec[.podReplacementPolicy] = spec.has(.podFailurePolicy) ? "Failed" : "TerminatingOrFailed"
    }
    if spec != object[.spec] { object[.spec] = spec }
    let labels = spec[.template][.metadata][.labels]
    if object.labels.isEmpty, !labels.isEmpty {
      object[.metadata][.labels] = labels
    } else if labels.identity != nil, labels.identity == object.labels.identity {
      // Labels that were given twice are two maps, even where reading made one of them.
      object[.metadata][.labels] = .object(Array(labels.fields))
    }
  }

  /// The defaults of a CronJob reach its job's pods, not the job itself.
  static func cronJob(_ object: inout Value) {
    guard object[.spec][.jobTemplate][.spec].isObject else { return }
    var spec = object[.spec][.jobTemplate][.spec]
    PodDefaults.template(&spec, at: .template)
    if spec != object[.spec][.jobTemplate][.spec] { object[.spec][.jobTemplate][.spec] = spec }
  }

  private static let uid = Key("batch.kubernetes.io/controller-uid")
  private static let name = Key("batch.kubernetes.io/job-name")
  private static let oldUID = Key("controller-uid")
  private static let oldName = Key("job-name")

  /// A job without a selector of its own gets one by its uid (`generateSelector`).
  static func prepare(_ object: inout Value) {
    var spec = object[.spec]
    guard spec.isObject, spec[.manualSelector].bool != true else { return }
    var labels = spec[.template][.metadata][.labels]
    // Labels that were taken over from the template stay the same as the template's.
    let follows =
      labels.isEmpty && object.labels.isEmpty
      || labels.identity != nil && object.labels.identity == labels.identity
    let id = Value.string(object.uid)
    for (key, value) in [
      (uid, id), (oldUID, id), (name, .string(object.name)), (oldName, .string(object.name)),
    ]
    where !labels.has(key) {
      labels[key] = value
    }
    spec[.template][.metadata][.labels] = labels
    if !spec[.selector][.matchLabels].has(uid) { spec[.selector][.matchLabels][uid] = id }
    object[.spec] = spec
    if follows { object[.metadata][.labels] = labels }
  }
}
