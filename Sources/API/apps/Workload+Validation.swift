import APIMachinery

/// Validation of the kinds that make pods (`pkg/apis/apps/validation`, controllers of `core/validation`).
enum WorkloadValidation {
  static func replicaSet(_ object: Value, _ out: inout Findings) {
    counts(object[.spec], ["replicas", "minReadySeconds"], &out)
    selector(object[.spec], "ReplicaSet", "deployment", &out)
  }

  static func replicationController(_ object: Value, _ out: inout Findings) {
    let spec = object[.spec]
    let path = Path.spec
    counts(spec, ["minReadySeconds"], &out)
    if spec[.selector].isEmpty { out.required(path.child("selector")) }
    counts(spec, ["replicas"], &out)
    guard spec[.template].isObject else { return out.required(path.child("template")) }
    let labels = spec[.template][.metadata][.labels]
    if !LabelSelector(matchLabels: spec[.selector]).matches(labels: labels) || labels.isEmpty {
      if !spec[.selector].isEmpty { mismatch(labels, path, &out) }
    }
    template(spec, "ReplicationController", &out)
  }

  static func deployment(_ object: Value, _ out: inout Findings) {
    let spec = object[.spec]
    let path = Path.spec
    counts(spec, ["replicas"], &out)
    deploymentSelector(spec, &out)
    template(spec, "ReplicaSet", &out)
    strategy(spec[.strategy], path.child("strategy"), &out)
    counts(spec, ["minReadySeconds", "revisionHistoryLimit"], &out)
    if let deadline = spec.get(.progressDeadlineSeconds) {
      counts(spec, ["progressDeadlineSeconds"], &out)
      if (deadline.int ?? 0) <= (spec[.minReadySeconds].int ?? 0) {
        out.invalid(path.child("progressDeadlineSeconds"), deadline, "must be greater than minReadySeconds")
      }
    }
  }

  private static func deploymentSelector(_ spec: Value, _ out: inout Findings) {
    let at = Path.spec.child("selector")
    if !spec[.selector].isObject {
      out.required(at)
    } else {
      SelectorRule.selector(spec[.selector], at, &out)
      if LabelSelector(spec[.selector]).isEverything {
        out.invalid(at, [:], "empty selector is invalid for deployment")
      }
    }
    let labels = spec[.template][.metadata][.labels]
    let selector = LabelSelector(spec[.selector])
    if !selector.isEverything, !selector.matches(labels: labels) { mismatch(labels, .spec, &out) }
  }

  /// A selector that has to be there, to select something and to match the template.
  private static func selector(_ spec: Value, _ owner: String, _ word: String, _ out: inout Findings) {
    let at = Path.spec.child("selector")
    if !spec[.selector].isObject {
      out.required(at)
    } else {
      SelectorRule.selector(spec[.selector], at, &out)
      if LabelSelector(spec[.selector]).isEverything {
        out.invalid(at, [:], "empty selector is invalid for \(word)")
      }
    }
    let labels = spec[.template][.metadata][.labels]
    let selector = LabelSelector(spec[.selector])
    if !selector.isEverything, !selector.matches(labels: labels) { mismatch(labels, .spec, &out) }
    template(spec, owner, &out)
  }

  private static func mismatch(_ labels: Value, _ path: Path, _ out: inout Findings) {
    out.invalid(
      path.child("template").child("metadata").child("labels"), labels,
      "`selector` does not match template `labels`")
  }

  private static func template(_ spec: Value, _ owner: String, _ out: inout Findings) {
    let path = Path.spec.child("template")
    PodSpecValidation.template(spec[.template], path, &out)
    let pod = spec[.template][.spec]
    if let policy = pod[.restartPolicy].string, policy != "Always",
      ["Never", "OnFailure"].contains(policy)
    {
      out.notSupported(path.child("spec").child("restartPolicy"), .string(policy), ["Always"])
    }
    if pod.has(.activeDeadlineSeconds) {
      out.forbidden(
        path.child("spec").child("activeDeadlineSeconds"),
        "activeDeadlineSeconds in \(owner) is not Supported")
    }
  }

  /// Whether the specs differ in nothing but the size, which is then judged: the rest was when it was stored.
  static func isOnlyResized(_ new: Value, _ old: Value, _ out: inout Findings) -> Bool {
    let (spec, stored) = (new[.spec], old[.spec])
    guard spec == stored || spec.setting(.replicas, stored[.replicas]) == stored else { return false }
    counts(spec, ["replicas"], &out)
    return true
  }

  private static func counts(_ spec: Value, _ names: [String], _ out: inout Findings) {
    for name in names { out.nonNegative(Path.spec.child(name), spec[Key(name)]) }
  }

  // MARK: - Strategies

  private static func strategy(_ strategy: Value, _ path: Path, _ out: inout Findings) {
    let rolling = strategy[.rollingUpdate]
    switch strategy[.type].string {
    case "Recreate":
      if rolling.isObject {
        out.forbidden(path.child("rollingUpdate"), "may not be specified when strategy `type` is 'Recreate'")
      }
    case "RollingUpdate":
      guard rolling.isObject else {
        return out.required(path.child("rollingUpdate"), "this should be defaulted and never be nil")
      }
      let at = path.child("rollingUpdate")
      IntOrPercentRule.positive(rolling[.maxUnavailable], at.child("maxUnavailable"), &out)
      IntOrPercentRule.positive(rolling[.maxSurge], at.child("maxSurge"), &out)
      if IntOrPercentRule.isZero(rolling[.maxUnavailable]), IntOrPercentRule.isZero(rolling[.maxSurge]) {
        out.invalid(
          at.child("maxUnavailable"), rolling[.maxUnavailable], "may not be 0 when `maxSurge` is 0")
      }
      IntOrPercentRule.atMost100(rolling[.maxUnavailable], at.child("maxUnavailable"), &out)
    default:
      let type = strategy[.type].isNull ? "" : strategy[.type]
      let shown = "{\"Type\":\(CanonicalJSON.string(type)),\"RollingUpdate\":null}"
      out.notSupported(path, shown: shown, ["Recreate", "RollingUpdate"])
    }
  }

  static func daemonSet(_ object: Value, _ out: inout Findings) {
    let spec = object[.spec]
    let path = Path.spec
    let at = path.child("selector")
    SelectorRule.selector(spec[.selector], at, &out)
    let selector = LabelSelector(spec[.selector])
    let labels = spec[.template][.metadata][.labels]
    if spec[.selector].isObject || !spec[.template].isNull, !selector.isEverything,
      !selector.matches(labels: labels)
    {
      mismatch(labels, path, &out)
    }
    if spec[.selector].isObject, selector.isEverything {
      out.invalid(at, [:], "empty selector is invalid for daemonset")
    }
    template(spec, "DaemonSet", &out)
    counts(spec, ["minReadySeconds"], &out)
    daemonStrategy(spec[.updateStrategy], path.child("updateStrategy"), &out)
    counts(spec, ["revisionHistoryLimit"], &out)
  }

  private static func daemonStrategy(_ strategy: Value, _ path: Path, _ out: inout Findings) {
    switch strategy[.type].string {
    case "OnDelete": break
    case "RollingUpdate":
      let rolling = strategy[.rollingUpdate]
      let at = path.child("rollingUpdate")
      guard rolling.isObject else { return out.required(at) }
      IntOrPercentRule.positive(rolling[.maxUnavailable], at.child("maxUnavailable"), &out)
      IntOrPercentRule.positive(rolling[.maxSurge], at.child("maxSurge"), &out)
      IntOrPercentRule.atMost100(rolling[.maxUnavailable], at.child("maxUnavailable"), &out)
      IntOrPercentRule.atMost100(rolling[.maxSurge], at.child("maxSurge"), &out)
      let noUnavailable = IntOrPercentRule.isZero(rolling[.maxUnavailable])
      let noSurge = IntOrPercentRule.isZero(rolling[.maxSurge])
      if !noUnavailable, !noSurge {
        out.invalid(
          at.child("maxSurge"), rolling[.maxSurge], "may not be set when maxUnavailable is non-zero")
      } else if noUnavailable, noSurge {
        out.required(at.child("maxUnavailable"), "cannot be 0 when maxSurge is 0")
      }
    default:
      let type = strategy[.type].isNull ? "" : strategy[.type]
      let shown = "{\"Type\":\(CanonicalJSON.string(type)),\"RollingUpdate\":null}"
      out.notSupported(path, shown: shown, ["RollingUpdate", "OnDelete"])
    }
  }

  static func statefulSet(_ object: Value, _ out: inout Findings) {
    let spec = object[.spec]
    let path = Path.spec
    switch spec[.podManagementPolicy].string ?? "" {
    case "": out.required(path.child("podManagementPolicy"))
    case "OrderedReady", "Parallel": break
    default:
      out.invalid(
        path.child("podManagementPolicy"), spec[.podManagementPolicy],
        "must be 'OrderedReady' or 'Parallel'")
    }
    statefulStrategy(spec[.updateStrategy], path.child("updateStrategy"), &out)
    for name in ["whenDeleted", "whenScaled"] {
      if let policy = spec[.persistentVolumeClaimRetentionPolicy].get(Key(name)),
        policy != "Retain", policy != "Delete"
      {
        let at = path.child("persistentVolumeClaimRetentionPolicy").child(name)
        out.notSupported(at, policy, ["Retain", "Delete"])
      }
    }
    claims(spec, &out)
    counts(spec, ["replicas", "minReadySeconds"], &out)
    if let start = spec[.ordinals].get(.start) {
      out.nonNegative(path.child("ordinals.start"), start)
    }
    if let name = spec[.serviceName].string, !name.isEmpty {
      out.invalid(path.child("serviceName"), name, all: Names.isDNS1123Label(name))
    }
    let at = path.child("selector")
    if spec[.selector].isObject {
      SelectorRule.selector(spec[.selector], at, &out)
      if LabelSelector(spec[.selector]).isEverything {
        out.invalid(at, [:], "empty selector is invalid for statefulset")
      }
    } else {
      out.required(at)
    }
    let labels = spec[.template][.metadata][.labels]
    let selector = LabelSelector(spec[.selector])
    if !selector.isEverything, !selector.matches(labels: labels) { mismatch(labels, path, &out) }
    template(asInPods(spec), "StatefulSet", &out)
  }

  /// The template as the pods will have it: with a volume for every claim template, named by the controller.
  private static func asInPods(_ given: Value) -> Value {
    var spec = given
    for key in [Key.subdomain, .hostname] where spec[.template][.spec].has(key) {
      spec[.template][.spec].remove(key)
    }
    let claims = spec[.volumeClaimTemplates]
    if claims.isEmpty { return spec }
    let names = claims.items.map { $0[.metadata][.name] }
    let made = names.map { name -> Value in
      ["name": name, "persistentVolumeClaim": ["claimName": name]]
    }
    let own = spec[.template][.spec][.volumes].items.filter { !names.contains($0[.name]) }
    spec[.template][.spec][.volumes] = .array(made + own)
    return spec
  }

  private static func claims(_ spec: Value, _ out: inout Findings) {
    for (i, claim) in spec[.volumeClaimTemplates].items.enumerated() {
      let path = Path.spec.child("volumeClaimTemplates").index(i).child("spec")
      PersistentVolumeClaimValidation.spec(claim[.spec], path, &out)
    }
  }

  private static func statefulStrategy(_ strategy: Value, _ path: Path, _ out: inout Findings) {
    let rolling = strategy[.rollingUpdate]
    func shown(_ value: Value) -> String { CanonicalJSON.string(value) }
    switch strategy[.type].string ?? "" {
    case "": out.required(path)
    case "OnDelete":
      if rolling.isObject {
        let text =
          "{\"Partition\":\(shown(rolling[.partition])),"
          + "\"MaxUnavailable\":\(shown(rolling[.maxUnavailable]))}"
        out.invalid(
          path.child("rollingUpdate"), shown: text, "only allowed for updateStrategy 'RollingUpdate'")
      }
    case "RollingUpdate":
      guard rolling.isObject else { return }
      out.nonNegative(path.child("rollingUpdate").child("partition"), rolling[.partition])
      if let most = rolling.get(.maxUnavailable) {
        let at = path.child("rollingUpdate").child("maxUnavailable")
        IntOrPercentRule.positive(most, at, &out)
        if IntOrPercentRule.isZero(most) { out.invalid(at, most, "cannot be 0") }
        IntOrPercentRule.atMost100(most, at, &out)
      }
    default:
      let text = "{\"Type\":\(shown(strategy[.type])),\"RollingUpdate\":null}"
      out.invalid(path, shown: text, "must be 'RollingUpdate' or 'OnDelete'")
    }
  }

  // MARK: - Updates

  static func selectorStays(_ new: Value, _ old: Value, _ out: inout Findings) {
    out.immutable(Path.spec.child("selector"), new[.spec][.selector], old[.spec][.selector])
  }

  private static let changeable = [
    "replicas", "ordinals", "template", "updateStrategy", "revisionHistoryLimit",
    "persistentVolumeClaimRetentionPolicy", "minReadySeconds",
  ]

  static func statefulSetUpdate(_ new: Value, _ old: Value, _ out: inout Findings) {
    func rest(_ spec: Value) -> Value {
      .object(spec.fields.filter { !changeable.contains($0.key.string) })
    }
    if rest(new[.spec]) != rest(old[.spec]) {
      out.forbidden(
        .spec,
        "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', "
          + "'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and "
          + "'minReadySeconds' are forbidden")
    }
  }
}

/// Counts and percentages (`ValidatePositiveIntOrPercent`, `IsNotMoreThan100Percent`).
enum IntOrPercentRule {
  static func positive(_ value: Value, _ path: Path, _ out: inout Findings) {
    if let text = value.string {
      out.invalid(path, value, all: Names.isPercent(text))
    } else {
      out.nonNegative(path, value)
    }
  }

  static func isZero(_ value: Value) -> Bool {
    guard let text = value.string else { return (value.int ?? 0) == 0 }
    return (Int(text.hasSuffix("%") ? String(text.dropLast()) : text) ?? 0) == 0
  }

  static func atMost100(_ value: Value, _ path: Path, _ out: inout Findings) {
    guard let text = value.string, text.hasSuffix("%"), let n = Int(text.dropLast()), n > 100 else { return }
    out.invalid(path, value, "must not be greater than 100%")
  }
}
