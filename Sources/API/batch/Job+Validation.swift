import APIMachinery

/// `pkg/apis/batch/validation/validation.go`.
enum JobValidation {
  static func job(_ object: Value, _ out: inout Findings) {
    generatedSelector(object, &out)
    let spec = object[.spec]
    jobSpec(spec, .spec, &out)
    let labels = spec[.template][.metadata][.labels]
    let selector = LabelSelector(spec[.selector])
    if spec[.selector].isObject, !selector.matches(labels: labels) {
      out.invalid(
        Path.spec.child("template").child("metadata").child("labels"), labels,
        "`selector` does not match template `labels`")
    }
    if spec[.completionMode].string == "Indexed", let count = spec[.completions].int, count > 0 {
      let pod = "\(object.name)-\(count - 1)"
      let problems = Names.isDNS1123Label(pod)
      if !problems.isEmpty {
        let why = "will not able to create pod with invalid DNS1123 label \(pod): \(problems)"
        out.invalid(Path.metadata.child("name"), object.name, why)
      }
    }
  }

  /// `ValidateGeneratedSelector`.
  private static func generatedSelector(_ object: Value, _ out: inout Findings) {
    let spec = object[.spec]
    guard spec[.manualSelector].bool != true, spec[.selector].isObject else { return }
    let uid = object.uid
    let labels = spec[.template][.metadata][.labels]
    let at = Path.spec.child("template").child("metadata").child("labels")
    for key in ["batch.kubernetes.io/controller-uid", "controller-uid"]
    where labels[Key(key)].string != uid {
      out.invalid(at.key(key), labels, "must be '\(uid)'")
    }
    for key in ["batch.kubernetes.io/job-name", "job-name"] where labels[Key(key)].string != object.name {
      out.invalid(at.key(key), labels, "must be '\(object.name)'")
    }
    let wanted: Value = ["matchLabels": ["batch.kubernetes.io/controller-uid": .string(uid)]]
    if spec[.selector] != wanted {
      out.invalid(Path.spec.child("selector"), spec[.selector], "`selector` not auto-generated")
    }
  }

  static func jobSpec(_ spec: Value, _ path: Path, _ out: inout Findings) {
    for name in [
      "parallelism", "completions", "activeDeadlineSeconds", "backoffLimit", "ttlSecondsAfterFinished",
      "maxFailedIndexes",
    ] {
      out.nonNegative(path.child(name), spec[Key(name)])
    }
    if let mode = spec.get(.completionMode) {
      if mode != "NonIndexed", mode != "Indexed" {
        out.notSupported(path.child("completionMode"), mode, ["NonIndexed", "Indexed"])
      }
      if mode == "Indexed" { indexed(spec, path, &out) }
    }
    let isIndexed = spec[.completionMode].string == "Indexed"
    if let limit = spec.get(.backoffLimitPerIndex) {
      out.nonNegative(path.child("backoffLimitPerIndex"), limit)
      if !isIndexed {
        out.invalid(path.child("backoffLimitPerIndex"), limit, "requires indexed completion mode")
      }
    }
    if let most = spec[.maxFailedIndexes].int {
      if let count = spec[.completions].int, most > count {
        out.invalid(path.child("maxFailedIndexes"), .int(most), "must be less than or equal to completions")
      }
      if !spec.has(.backoffLimitPerIndex) {
        out.required(path.child("backoffLimitPerIndex"), "when maxFailedIndexes is specified")
      }
    }
    if let policy = spec.get(.podFailurePolicy) {
      failurePolicy(policy, spec, path.child("podFailurePolicy"), &out)
    }
    if let policy = spec.get("successPolicy") {
      successPolicy(policy, spec, isIndexed, path.child("successPolicy"), &out)
    }
    if let policy = spec[.podReplacementPolicy].string {
      let at = path.child("podReplacementPolicy")
      if spec.has(.podFailurePolicy) {
        if policy != "Failed" { out.notSupported(at, .string(policy), ["Failed"]) }
      } else if policy != "Failed", policy != "TerminatingOrFailed" {
        out.notSupported(at, .string(policy), ["Failed", "TerminatingOrFailed"])
      }
    }
    let template = path.child("template")
    PodSpecValidation.template(spec[.template], template, &out)
    restart(spec, template.child("spec").child("restartPolicy"), &out)
  }

  private static func restart(_ spec: Value, _ at: Path, _ out: inout Findings) {
    let policy = spec[.template][.spec][.restartPolicy].string ?? ""
    if policy.isEmpty || policy == "Always" {
      out.required(at, "valid values: \"OnFailure\", \"Never\"")
    } else if policy != "OnFailure", policy != "Never" {
      out.notSupported(at, .string(policy), ["OnFailure", "Never"])
    } else if spec.has(.podFailurePolicy), policy != "Never" {
      out.invalid(at, policy, "only \"Never\" is supported when podFailurePolicy is specified")
    }
  }

  private static func indexed(_ spec: Value, _ path: Path, _ out: inout Findings) {
    guard let count = spec[.completions].int else {
      return out.required(path.child("completions"), "when completion mode is Indexed")
    }
    if let width = spec[.parallelism].int, width > 100_000 {
      out.invalid(
        path.child("parallelism"), .int(width),
        "must be less than or equal to 100000 when completion mode is Indexed")
    }
    if count > 2_147_483_647 {
      out.invalid(path.child("completions"), .int(count), "must be less than or equal to 2147483647")
    }
  }

  private static let actions = ["Count", "FailIndex", "FailJob", "Ignore"]

  private static func failurePolicy(_ policy: Value, _ spec: Value, _ path: Path, _ out: inout Findings) {
    let names =
      (Array(spec[.template][.spec][.containers].items)
      + Array(spec[.template][.spec][.initContainers].items)).compactMap { $0[.name].string }
    if policy[.rules].count > 20 { out.tooMany(path.child("rules"), policy[.rules].count, most: 20) }
    for (i, rule) in policy[.rules].items.enumerated() {
      let at = path.child("rules").index(i)
      let action = rule["action"].string ?? ""
      if action.isEmpty {
        out.required(at.child("action"), "valid values: \"Count\", \"FailIndex\", \"FailJob\", \"Ignore\"")
      } else if action == "FailIndex" {
        if !spec.has(.backoffLimitPerIndex) {
          out.invalid(at.child("action"), action, "requires the backoffLimitPerIndex to be set")
        }
      } else {
        out.oneOf(at.child("action"), rule["action"], actions)
      }
      if let codes = rule.get("onExitCodes") { exitCodes(codes, names, at.child("onExitCodes"), &out) }
      for (j, condition) in rule["onPodConditions"].items.enumerated() {
        let place = at.child("onPodConditions").index(j)
        let type = condition[.type].string ?? ""
        out.invalid(place.child("type"), type, all: Names.isQualifiedName(type))
        out.oneOf(place.child("status"), condition[.status], ["False", "True", "Unknown"])
      }
      if rule.has("onExitCodes"), !rule["onPodConditions"].isEmpty {
        out.invalid(at, rule, "specifying one of OnExitCodes and OnPodConditions is not supported")
      }
      if !rule.has("onExitCodes"), rule["onPodConditions"].isEmpty {
        out.invalid(at, rule, "specifying one of OnExitCodes and OnPodConditions is required")
      }
    }
  }

  private static func exitCodes(_ codes: Value, _ names: [String], _ at: Path, _ out: inout Findings) {
    let op = codes[.operator].string ?? ""
    if op.isEmpty {
      out.required(at.child("operator"), "valid values: \"In\", \"NotIn\"")
    } else {
      out.oneOf(at.child("operator"), codes[.operator], ["In", "NotIn"])
    }
    if let name = codes["containerName"].string, !names.contains(name) {
      out.invalid(
        at.child("containerName"), name,
        "must be one of the container or initContainer names in the pod template")
    }
    let place = at.child("values")
    let values = codes[.values].items.compactMap(\.int)
    if values.isEmpty {
      out.invalid(place, codes[.values], "at least one value is required")
    } else if values.count > 255 {
      out.tooMany(place, values.count, most: 255)
    }
    var seen: Set<Int> = []
    for (i, value) in values.enumerated() {
      if op == "In", value == 0 { out.invalid(place.index(i), 0, "must not be 0 for the In operator") }
      if !seen.insert(value).inserted { out.duplicate(place.index(i), .int(value)) }
    }
    if values != values.sorted() { out.invalid(place, codes[.values], "must be ordered") }
  }

  private static func successPolicy(
    _ policy: Value, _ spec: Value, _ isIndexed: Bool, _ path: Path, _ out: inout Findings
  ) {
    guard isIndexed else {
      let rules = policy[.rules].items.map { rule in
        "{\"SucceededIndexes\":\(CanonicalJSON.string(rule["succeededIndexes"])),"
          + "\"SucceededCount\":\(CanonicalJSON.string(rule["succeededCount"]))}"
      }
      return out.invalid(
        path, shown: "{\"Rules\":[\(rules.joined(separator: ","))]}", "requires indexed completion mode")
    }
    if policy[.rules].isEmpty {
      out.required(
        path.child("rules"), "at least one rules must be specified when the successPolicy is specified")
    }
    if policy[.rules].count > 20 { out.tooMany(path.child("rules"), policy[.rules].count, most: 20) }
    let completions = spec[.completions].int ?? 0
    for (i, rule) in policy[.rules].items.enumerated() {
      let at = path.child("rules").index(i)
      if !rule.has("succeededCount"), !rule.has("succeededIndexes") {
        out.required(at, "at least one of succeededCount or succeededIndexes must be specified")
      }
      var total = 0
      if let text = rule["succeededIndexes"].string {
        switch indexes(text, below: completions) {
        case .success(let n): total = n
        case .failure(let problem):
          out.invalid(at.child("succeededIndexes"), text, "error parsing succeededIndexes: \(problem.text)")
        }
      }
      guard let count = rule["succeededCount"].int else { continue }
      out.nonNegative(at.child("succeededCount"), rule["succeededCount"])
      if count > completions {
        out.invalid(
          at.child("succeededCount"), .int(count),
          "must be less than or equal to \(completions) (the number of specified completions)")
      }
      if rule.has("succeededIndexes"), count > total {
        out.invalid(
          at.child("succeededCount"), .int(count),
          "must be less than or equal to \(total) (the number of indexes in the specified "
            + "succeededIndexes field)"
        )
      }
    }
  }

  private struct IndexProblem: Error { let text: String }

  /// `validateIndexesFormat`: how many indexes the text names.
  private static func indexes(_ text: String, below limit: Int) -> Result<Int, IndexProblem> {
    if text.isEmpty { return .success(0) }
    var total = 0
    var last: Int?
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false)
      if ends.count > 2 {
        return .failure(
          IndexProblem(
            text:
              "the fragment \"\(part)\" violates the requirement that an index interval can have at "
              + "most two parts separated by '-'"
          ))
      }
      var numbers: [Int] = []
      for end in ends {
        guard let n = Int(end) else {
          return .failure(IndexProblem(text: "cannot convert string to integer for index: \"\(end)\""))
        }
        if n >= limit { return .failure(IndexProblem(text: "too large index: \"\(end)\"")) }
        numbers.append(n)
      }
      if let last, let first = numbers.first, last >= first {
        return .failure(IndexProblem(text: "non-increasing order, previous: \(last), current: \(first)"))
      }
      if numbers.count == 2, numbers[0] >= numbers[1] {
        return .failure(
          IndexProblem(text: "non-increasing order, previous: \(numbers[0]), current: \(numbers[1])"))
      }
      total += numbers.count == 2 ? numbers[1] - numbers[0] + 1 : 1
      last = numbers.last
    }
    return .success(total)
  }

  // MARK: - Updates

  /// `ValidateJobSpecUpdate`.
  static func jobUpdate(_ new: Value, _ old: Value, _ out: inout Findings) {
    let path = Path.spec
    jobSpec(new[.spec], path, &out)
    let a = new[.spec]
    let b = old[.spec]
    let isElastic =
      a[.completionMode].string == "Indexed" && a.has(.completions) && a[.completions] == a[.parallelism]
    if !isElastic { out.immutable(path.child("completions"), a[.completions], b[.completions]) }
    out.immutable(path.child("selector"), a[.selector], b[.selector])
    template(a, b, old, &out)
    out.immutable(path.child("completionMode"), a[.completionMode], b[.completionMode])
    out.immutable(path.child("podFailurePolicy"), a[.podFailurePolicy], b[.podFailurePolicy])
    out.immutable(path.child("backoffLimitPerIndex"), a[.backoffLimitPerIndex], b[.backoffLimitPerIndex])
    out.immutable(path.child("managedBy"), a["managedBy"], b["managedBy"])
    out.immutable(path.child("successPolicy"), a["successPolicy"], b["successPolicy"])
  }

  /// A suspended job that never started may change where its pods go.
  private static func template(_ a: Value, _ b: Value, _ old: Value, _ out: inout Findings) {
    var new = a[.template]
    var before = b[.template]
    if b[.suspend].bool == true, !old[.status].has(.startTime) {
      for key in [Key.annotations, .labels] {
        new[.metadata].remove(key)
        before[.metadata].remove(key)
      }
      for key in [Key.nodeSelector, .tolerations, .schedulingGates, .affinity] {
        new[.spec].remove(key)
        before[.spec].remove(key)
      }
    }
    if new != before { out.immutable(Path.spec.child("template"), a[.template], b[.template]) }
  }
}
