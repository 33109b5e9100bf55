import APIMachinery

/// `pkg/apis/batch/validation/validation.go`.
enum JobValidation {
  static func job(_ object: Value, _ out: inout Findings) {
    generatedSelector(object, &out)
    let spec = object[.spec]
    selected(spec, &out)
    if spec[.completionMode].says("Indexed"), let count = spec[.completions].int, count > 0 {
      let pod = "\(object.name)-\(count - 1)"
      if !Names.isDNS1123Label(pod).isEmpty {
        let why = "will not able to create pod with invalid DNS label: \(pod)"
        out.invalid(Path.metadata.child("name"), object.name, why)
      }
    }
  }

  /// `ValidateGeneratedSelector`.
  private static func generatedSelector(_ object: Value, _ out: inout Findings) {
    let spec = object[.spec]
    guard spec[.manualSelector].bool != true, spec[.selector].isObject else { return }
    let labels = spec[.template][.metadata][.labels]
    let at = Path.spec.child("template").child("metadata").child("labels")
    let expected: Value = [
      "controller-uid": .string(object.uid), "job-name": .string(object.name),
      "batch.kubernetes.io/controller-uid": .string(object.uid),
      "batch.kubernetes.io/job-name": .string(object.name),
    ]
    for field in expected.fields where labels[field.key] != field.value {
      let why = "must be '\(field.value.string ?? "")'"
      if labels.has(field.key) {
        out.invalid(at.key(field.key.string), labels, why)
      } else {
        out.required(at.key(field.key.string), why)
      }
    }
    if !LabelSelector(spec[.selector]).matches(labels: expected) {
      out.invalid(Path.spec.child("selector"), spec[.selector], "`selector` not auto-generated")
    }
  }

  /// `ValidateJobSpec`.
  private static func selected(_ spec: Value, _ out: inout Findings) {
    jobSpec(spec, .spec, &out)
    let at = Path.spec.child("selector")
    guard spec[.selector].isObject else { return out.required(at) }
    SelectorRule.selector(spec[.selector], at, &out)
    let labels = spec[.template][.metadata][.labels]
    if !LabelSelector(spec[.selector]).matches(labels: labels) {
      out.invalid(
        Path.spec.child("template").child("metadata").child("labels"), labels,
        "`selector` does not match template `labels`")
    }
  }

  static func jobSpec(_ spec: Value, _ path: Path, _ out: inout Findings) {
    for name in [
      "parallelism", "completions", "activeDeadlineSeconds", "backoffLimit", "ttlSecondsAfterFinished",
      "backoffLimitPerIndex", "maxFailedIndexes",
    ] {
      out.nonNegative(path.child(name), spec[Key(name)])
    }
    if spec.has(.maxFailedIndexes), !spec.has(.backoffLimitPerIndex) {
      out.required(path.child("backoffLimitPerIndex"), "when maxFailedIndexes is specified")
    }
    if let manager = spec[.managedBy].string {
      let at = path.child("managedBy")
      DomainPathRule.check(manager, at, &out)
      if manager.utf8.count > 63 { out.tooLong(at, most: 63) }
    }
    if let mode = spec.get(.completionMode), mode != "NonIndexed", mode != "Indexed" {
      out.notSupported(path.child("completionMode"), mode, ["NonIndexed", "Indexed"])
    }
    let isIndexed = spec[.completionMode].says("Indexed")
    if isIndexed { indexed(spec, path, &out) }
    if !spec.has(.completionMode) || spec[.completionMode] == "NonIndexed" {
      for name in ["backoffLimitPerIndex", "maxFailedIndexes"] {
        guard let limit = spec.get(Key(name)) else { continue }
        out.invalid(path.child(name), limit, "requires indexed completion mode")
      }
    }
    if spec.has(.podFailurePolicy) {
      JobPolicyValidation.failure(spec, path.child("podFailurePolicy"), &out)
    }
    if spec.has(.successPolicy) {
      JobPolicyValidation.success(spec, isIndexed, path.child("successPolicy"), &out)
    }
    if let policy = spec[.podReplacementPolicy].string {
      let allowed = spec.has(.podFailurePolicy) ? ["Failed"] : ["Failed", "TerminatingOrFailed"]
      if !allowed.contains(policy) {
        out.notSupported(path.child("podReplacementPolicy"), .string(policy), allowed)
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
    let count = spec[.completions].int
    let width = spec[.parallelism].int
    let failed = spec[.maxFailedIndexes].int
    if count == nil { out.required(path.child("completions"), "when completion mode is Indexed") }
    if let width, width > 100_000 {
      out.invalid(
        path.child("parallelism"), .int(width),
        "must be less than or equal to 100000 when completion mode is Indexed")
    }
    let at = path.child("maxFailedIndexes")
    if let count, let failed, failed > count {
      out.invalid(at, .int(failed), "must be less than or equal to completions")
    }
    if let failed, failed > 100_000 {
      out.invalid(at, .int(failed), "must be less than or equal to 100000")
    }
    guard let count, count > 100_000, spec.has(.backoffLimitPerIndex) else { return }
    if failed == nil { out.required(at, "must be specified when completions is above 100000") }
    let why =
      "must be less than or equal to 10000 when completions are above 100000 and used with backoff limit per "
      + "index"
    if let width, width > 10_000 { out.invalid(path.child("parallelism"), .int(width), why) }
    if let failed, failed > 10_000 { out.invalid(at, .int(failed), why) }
  }

  // MARK: - Updates

  /// `ValidateJobSpecUpdate`.
  static func jobUpdate(_ new: Value, _ old: Value, _ out: inout Findings) {
    let path = Path.spec
    let a = new[.spec]
    let b = old[.spec]
    selected(a, &out)
    let isElastic =
      a[.completionMode].says("Indexed") && a.has(.completions) && a[.completions] == a[.parallelism]
    if !isElastic { out.immutable(path.child("completions"), a[.completions], b[.completions]) }
    out.immutable(path.child("selector"), a[.selector], b[.selector])
    template(a, b, old, &out)
    out.immutable(path.child("completionMode"), a[.completionMode], b[.completionMode])
    policy(a, b, "podFailurePolicy", "FailurePolicy", &out)
    out.immutable(path.child("backoffLimitPerIndex"), a[.backoffLimitPerIndex], b[.backoffLimitPerIndex])
    out.immutable(path.child("managedBy"), a[.managedBy], b[.managedBy])
    policy(a, b, "successPolicy", "SuccessPolicy", &out)
  }

  private static func policy(
    _ a: Value, _ b: Value, _ name: String, _ type: String, _ out: inout Findings
  ) {
    let new = a[Key(name)]
    if new == b[Key(name)] { return }
    out.invalid(
      Path.spec.child(name), shown: new.isNull ? "null" : GoForm.text(new, type), "field is immutable")
  }

  /// A suspended job may change what its containers ask for and, if it never started, where its pods go.
  private static func template(_ a: Value, _ b: Value, _ old: Value, _ out: inout Findings) {
    let new = a[.template]
    var before = b[.template]
    let isSuspended = b[.suspend].bool == true
    if isSuspended, !old[.status].has(.startTime) {
      for key in [Key.annotations, .labels] { copy(key, new[.metadata], &before[.metadata]) }
      for key in [Key.nodeSelector, .tolerations, .schedulingGates] {
        copy(key, new[.spec], &before[.spec])
      }
      if new[.spec][.affinity].has(.nodeAffinity) || before[.spec][.affinity].has(.nodeAffinity) {
        copy(.nodeAffinity, new[.spec][.affinity], &before[.spec][.affinity])
        if before[.spec][.affinity].isEmpty, !new[.spec].has(.affinity) { before[.spec].remove(.affinity) }
      }
    }
    if !isSuspended {
      if new != before {
        out.invalid(Path.spec.child("template"), shown: GoForm.podTemplate(new), "field is immutable")
      }
      return
    }
    var spec = before[.spec]
    for list in [Key.containers, .initContainers] where new[.spec][list].count == spec[list].count {
      guard !spec[list].isEmpty else { continue }
      let resized = zip(spec[list].items, new[.spec][list].items).map { was, now -> Value in
        guard was[.name] == now[.name] else { return was }
        var was = was
        copy(.resources, now, &was)
        return was
      }
      spec[list] = .array(resized)
    }
    if new[.spec] != spec {
      out.invalid(
        Path.spec.child("template.spec"), shown: GoForm.text(new[.spec], "PodSpec"), "field is immutable")
    }
  }

  private static func copy(_ key: Key, _ from: Value, _ to: inout Value) {
    if let value = from.get(key) { to[key] = value } else { to.remove(key) }
  }
}
