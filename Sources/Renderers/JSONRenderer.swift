import APIMachinery
import Basics
import PlanReport

/// The report as JSON: Terraform's plan format with our additions, keys sorted. `format_version` 1.x: a minor
/// step adds, a major one breaks.
public struct JSONRenderer: PlanRenderer {
  public static let format = "json"
  public static let tellsDigests = true
  public static let formatVersion = "1.0"
  public init() {}

  public func render(_ report: PlanReport, _ options: RenderOptions) -> [UInt8] {
    var bytes = CanonicalJSON.bytes(value(report))
    bytes.append(0x0A)
    return bytes
  }

  /// The report as a tree.
  public func value(_ r: PlanReport) -> Value {
    let errored: Bool
    if case .oscillating = r.ending { errored = true } else { errored = false }
    return .fields(
      ("format_version", .string(Self.formatVersion)),
      ("applyable", .bool(!r.changes.isEmpty || !r.derived.isEmpty)),
      ("complete", .bool(r.partial == nil)),
      ("errored", .bool(errored)),
      ("timestamp", .string(RFC3339.string(r.begin))),
      ("inputs", inputs(r)),
      ("state", state(r)),
      ("plan_digest", .string(r.digest)),
      ("resource_changes", .array(r.changes.map(change))),
      ("consequences", consequences(r)),
      ("findings", .array(r.findings.map(finding))),
      ("checks", .array(r.findings.map(check))),
      ("resource_drift", .emptyArray),
      ("warnings", .array(r.warnings.map { .string($0) })),
      ("summary", summary(r)))
  }

  private func inputs(_ r: PlanReport) -> Value {
    .fields(
      ("digest", .string(r.inputs.digest)), ("documents", .int(r.inputs.documents)),
      ("manifests", .string(r.inputs.manifests)))
  }

  private func state(_ r: PlanReport) -> Value {
    .fields(
      ("digest", .string(r.state.digest)), ("lineage", .string(r.state.lineage)),
      ("serial", .int(r.state.serial)))
  }

  private func summary(_ r: PlanReport) -> Value {
    .fields(
      ("add", .int(r.toAdd)), ("change", .int(r.toChange)), ("destroy", .int(r.toDestroy)),
      ("pods_created", .int(r.consequences.podsCreated)),
      ("pods_terminated", .int(r.consequences.podsTerminated)),
      ("pods_preempted", .int(r.consequences.podsPreempted)),
      ("pods_unschedulable", .int(r.consequences.podsUnschedulable)))
  }

  private func name(_ o: ObjectName) -> [(Key, Value?)] {
    [
      ("address", .string(o.address)), ("type", .string(o.group.isEmpty ? o.kind : "\(o.kind).\(o.group)")),
      ("api_version", .string(o.apiVersion)), ("name", .string(o.name)),
      ("namespace", o.namespace.isEmpty ? nil : .string(o.namespace)),
    ]
  }

  private func object(_ pairs: [(Key, Value?)]) -> Value {
    .object(pairs.compactMap { pair in pair.1.map { Field(pair.0, $0) } })
  }

  private func source(_ place: Place?) -> Value? {
    place.map { .fields(("file", .string($0.file)), ("line", .int($0.line))) }
  }

  private func change(_ c: Change) -> Value {
    var sensitive: [Value] = []
    var replace: [Value] = []
    for field in c.fields {
      if field.sensitive { sensitive.append(.string(field.path)) }
      if field.effect == .forcesReplacement { replace.append(.string(field.path)) }
    }
    let inner = Value.fields(
      ("actions", .array(c.action.jsonActions.map { .string($0) })),
      ("before", c.before ?? .null), ("after", c.after ?? .null),
      ("after_unknown", .bool(false)),
      ("before_sensitive", .array(sensitive)), ("after_sensitive", .array(sensitive)),
      ("replace_paths", replace.isEmpty ? nil : .array(replace)))
    return object(
      name(c.object) + [
        ("mode", "managed"), ("change", inner), ("action_reason", .string(c.reason.rawValue)),
        ("source", source(c.source)), ("wave", .int(c.wave)),
        ("fields", c.fields.isEmpty ? nil : .array(c.fields.map(field))),
        ("rollout", c.rollout.map(rollout)),
        (
          "takes_with_it",
          c.takesWithIt.isEmpty ? nil : .array(c.takesWithIt.map { .string($0.address) })
        ),
      ])
  }

  private func field(_ f: FieldDifference) -> Value {
    .fields(
      ("path", .string(f.path)), ("effect", .string(f.effect.rawValue)),
      ("before", f.before.map { f.sensitive ? "***" : $0 }),
      ("after", f.after.map { f.sensitive ? "***" : $0 }),
      ("sensitive", f.sensitive ? true : nil))
  }

  private func rollout(_ r: Rollout) -> Value {
    .fields(
      ("strategy", .string(r.strategy)), ("replicas", .int(r.replicas)),
      ("fewest_ready", r.fewestReady.map { .int($0) }),
      ("done_after_seconds", r.doneAfter.map(number)), ("stuck", r.stuck.map { .string($0) }),
      (
        "sets",
        .array(
          r.sets.map {
            .fields(
              ("address", .string($0.object.address)), ("before", .int($0.before)), ("after", .int($0.after)))
          })
      ),
      ("pods", .int(r.pods.count + r.morePods)))
  }

  /// Seconds with at most three decimals.
  private func number(_ seconds: Double) -> Value {
    let millis = Int((seconds * 1000).rounded())
    if millis % 1000 == 0 { return .int(millis / 1000) }
    var fraction = String(millis % 1000)
    while fraction.count < 3 { fraction = "0" + fraction }
    while fraction.last == "0" { fraction.removeLast() }
    return .number(Text.make("\(millis / 1000).\(fraction)"))
  }

  private func consequences(_ r: PlanReport) -> Value {
    .fields(
      ("pods", .array(r.pods.map(pod))),
      (
        "derived",
        .array(
          r.derived.map {
            object(name($0.object) + [("actions", .array($0.action.jsonActions.map { .string($0) }))])
          })
      ),
      ("nodes", .array(r.nodes.map(node))),
      (
        "quota",
        .array(
          r.quotas.map {
            .fields(
              ("namespace", .string($0.namespace)), ("name", .string($0.name)),
              ("resource", .string($0.resource)), ("hard", .string($0.hard)), ("before", .string($0.before)),
              ("after", .string($0.after)))
          })
      ),
      ("ending", ending(r)))
  }

  private func ending(_ r: PlanReport) -> Value {
    switch r.ending {
    case .settled: .fields(("state", "settled"), ("at", .string(RFC3339.string(r.end))))
    case .horizon(let pending):
      .fields(
        ("state", "horizon"), ("at", .string(RFC3339.string(r.end))),
        ("pending", .array(pending.map { .string($0) })))
    case .oscillating(let who): .fields(("state", "oscillating"), ("who", .string(who)))
    }
  }

  private func pod(_ p: PodChange) -> Value {
    object(
      name(p.object) + [
        ("fate", .string(p.fate.rawValue)), ("node", p.node.map { .string($0) }),
        ("pending", p.pending.map { .string($0) }), ("trouble", p.trouble.map { .string($0) }),
        ("owner", p.owner.map { .string($0.address) }), ("ready_after_seconds", p.readyAfter.map(number)),
      ])
  }

  private func node(_ n: NodeCapacity) -> Value {
    func share(_ s: NodeCapacity.Share) -> Value {
      .fields(("allocatable", .int(s.allocatable)), ("before", .int(s.before)), ("after", .int(s.after)))
    }
    return .fields(
      ("name", .string(n.name)), ("status", .string(n.status)), ("cpu_milli", share(n.cpu)),
      ("memory_bytes", share(n.memory)), ("pods", share(n.pods)))
  }

  private func finding(_ f: Finding) -> Value {
    .fields(
      ("code", .string(f.code.rawValue)), ("title", .string(f.code.title)),
      ("severity", .string(word(f.severity))),
      ("address", .string(f.object.address)), ("message", .string(f.message)), ("source", source(f.source)))
  }

  private func check(_ f: Finding) -> Value {
    .fields(
      ("address", .fields(("to_display", .string(f.object.address)), ("kind", "resource"))),
      ("status", f.severity == .error ? "fail" : "unknown"),
      ("instances", .array([.fields(("problems", .array([.fields(("message", .string(f.message)))])))])))
  }

  private func word(_ severity: Diagnostic.Severity) -> String {
    switch severity {
    case .error: "error"
    case .warning: "warning"
    case .note: "note"
    }
  }
}
