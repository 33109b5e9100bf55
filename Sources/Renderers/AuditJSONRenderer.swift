import APIMachinery
import Basics
public import PlanReport

/// The audit as JSON, keys sorted. `format_version` 1.x: a minor step adds, a major one breaks.
public struct AuditJSONRenderer: AuditRenderer {
  public static let format = "json"
  public init() {}

  public func render(_ report: AuditReport, _ options: RenderOptions) -> [UInt8] {
    var bytes = CanonicalJSON.bytes(value(report, options))
    bytes.append(0x0A)
    return bytes
  }

  private func value(_ r: AuditReport, _ options: RenderOptions) -> Value {
    .fields(
      ("format_version", "1.0"),
      ("timestamp", .string(RFC3339.string(r.time))),
      ("manifests", .string(r.manifests)),
      (
        "state",
        .fields(
          ("digest", .string(r.state.digest)), ("lineage", .string(r.state.lineage)),
          ("serial", .int(r.state.serial)))
      ),
      ("objects", .array(r.entries.map { object($0, options) })),
      ("unmanaged", .array(r.unmanaged.map { .string($0.address) })),
      ("baseline", .array(r.baselineNotes.map { .string($0) })),
      (
        "summary",
        .fields(
          ("in_sync", .int(r.inSync)), ("drifted", .int(r.count(.drifted))),
          ("missing", .int(r.count(.missing))), ("extra", .int(r.count(.extra))),
          ("accepted", .int(r.accepted)), ("unmanaged", .int(r.unmanaged.count)))
      ))
  }

  private func object(_ e: AuditReport.Entry, _ options: RenderOptions) -> Value {
    .fields(
      ("address", .string(e.object.address)), ("kind", .string(e.object.kind)),
      ("namespace", .string(e.object.namespace)), ("name", .string(e.object.name)),
      ("verdict", .string(e.verdict.rawValue)), ("origin", .string(e.origin.rawValue)),
      ("accepted", e.isAccepted ? .bool(true) : nil), ("source", e.source.map(place)),
      ("differences", .array(e.differences.map { difference($0, options) })))
  }

  private func difference(_ d: AuditReport.Difference, _ options: RenderOptions) -> Value {
    let hidden = d.isSensitive && !options.showSecrets
    func shown(_ value: Value?) -> Value? { hidden && value != nil ? "***" : value }
    return .fields(
      ("path", .string(d.path)), ("desired", shown(d.desired)), ("actual", shown(d.actual)),
      ("last_applied", shown(d.lastApplied)), ("origin", .string(d.origin.rawValue)),
      ("controller", d.controller.map { .string($0) }), ("reverted_by_apply", .bool(d.isReverted)),
      ("sensitive", .bool(d.isSensitive)), ("accepted", d.accepted.map { .string($0) }),
      ("source", d.source.map(place)))
  }

  private func place(_ p: Place) -> Value {
    .fields(
      ("file", .string(p.file)), ("line", .int(p.line)), ("column", p.column == 0 ? nil : .int(p.column)))
  }
}
