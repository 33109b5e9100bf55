import API
import APIMachinery
import APIServer
import Basics
import Cluster
import ManifestReader
import PlanReport
import Store

/// Compares the manifests, what was applied last and the stored objects; runs nothing and writes nothing.
public struct Auditor {
  private let input: PassInput
  private let desired: DesiredSet
  private let scheme: Scheme
  private let server: APIServer
  private let scalers: ScaleOwners
  private let expired: ExpiredJobs
  private var diagnostics: [Diagnostic]
  private var report: AuditReport

  /// The report, and the refusals of documents that the API server would not take.
  public static func audit(_ input: PassInput) -> (report: AuditReport, diagnostics: [Diagnostic]) {
    var auditor = Auditor(input)
    auditor.run()
    return (auditor.report, auditor.diagnostics)
  }

  private init(_ input: PassInput) {
    self.input = input
    desired = DesiredSet(
      input.manifests, scheme: Planner.scheme(for: input.base), namespace: input.namespace)
    scheme = Planner.scheme(for: input.base)
    server = APIServer(
      store: input.base.overlay(), scheme: scheme, clock: VirtualClock(input.now), seed: input.seed,
      resourceVersion: input.resourceVersion)
    if input.isNewState { try? Bootstrap.run(server) }
    scalers = ScaleOwners(input.base)
    expired = ExpiredJobs(memory: input.memory)
    diagnostics = desired.diagnostics
    report = AuditReport(
      manifests: input.manifestsName,
      state: .init(lineage: input.lineage, serial: input.serial, digest: input.stateDigest), time: input.now)
  }

  private mutating func run() {
    for entry in desired.entries { look(at: entry) }
    let wanted = Set(desired.entries.map(\.key))
    for key in input.inventory where !wanted.contains(key) {
      guard let actual = input.base.get(key) else { continue }
      report.entries.append(.init(ObjectName(of: actual), .extra, .manifest))
    }
    report.entries.sort { a, b in
      if a.verdict != b.verdict { return Self.rank(a.verdict) < Self.rank(b.verdict) }
      return ObjectName.inReportOrder(a.object, b.object)
    }
    report.unmanaged = UnmanagedObjects.list(
      input.base, managed: wanted.union(input.inventory), isCustom: { scheme.info($0)?.isCustom ?? false })
  }

  private static func rank(_ verdict: AuditReport.Verdict) -> Int {
    switch verdict {
    case .missing: 0
    case .extra: 1
    case .drifted: 2
    }
  }

  private mutating func look(at entry: DesiredSet.Entry) {
    let manifest = entry.manifest
    let source = Place(file: manifest.file, line: manifest.line)
    guard let actual = input.base.get(entry.key) else {
      if expired.contains(entry.key, manifest: manifest.value) {
        report.inSync += 1
        return
      }
      let origin: AuditReport.Origin = input.inventory.contains(entry.key) ? .outside : .manifest
      report.entries.append(.init(ObjectName(of: manifest.value), .missing, origin, source: source))
      return
    }
    let answer = server.judge(manifest.value)
    guard let applied = answer.object else {
      if let error = answer.error {
        diagnostics += Refusals.diagnostics(error, manifest, exists: true)
      }
      return
    }
    var found = AuditReport.Entry(ObjectName(of: actual), .drifted, .outside, source: source)
    found.differences = differences(entry, actual: actual, applied: applied)
    if found.differences.isEmpty {
      report.inSync += 1
      return
    }
    found.origin = Self.summary(found.differences)
    report.entries.append(found)
  }

  /// The origin of an object's differences taken together.
  private static func summary(_ differences: [AuditReport.Difference]) -> AuditReport.Origin {
    let all = Set(differences.map(\.origin))
    if all.count == 1, let one = all.first { return one }
    return all.contains(.manifest) || all.contains(.both) ? .both : .outside
  }

  private func differences(_ entry: DesiredSet.Entry, actual: Value, applied: Value)
    -> [AuditReport.Difference]
  {
    let facts = scheme.info(entry.key.kind)?.type
    let plainActual = FieldDifferences.comparable(actual)
    let plainApplied = FieldDifferences.comparable(applied)
    let last = LastApplied.read(actual)
    // What applying the former manifest again would give: what differs from it was edited outside.
    let before = last.flatMap { server.judge($0).object }.map(FieldDifferences.comparable) ?? plainApplied
    var out: [AuditReport.Difference] = []
    for change in ValueDiff.changes(from: plainActual, to: plainApplied, facts: facts) {
      let was = change.path.value(in: before)
      let origin: AuditReport.Origin
      if last != nil, was != change.after {
        origin = was == change.before ? .manifest : .both
      } else {
        origin = last == nil ? .unknown : .outside
      }
      var found = difference(entry, change.path, origin, isReverted: true)
      found.desired = change.after
      found.actual = change.before
      found.lastApplied = last.flatMap { change.path.value(in: $0) }
      if let name = scalers.controller(of: entry.key, path: found.path) {
        found.controller = name
        found.origin = .controller
      }
      out.append(found)
    }
    return out + additions(entry, plainActual, facts, known: out)
  }

  /// Fields that no manifest sets and that apply leaves alone, but that a newly made object would not have.
  private func additions(
    _ entry: DesiredSet.Entry, _ actual: Value, _ facts: (any MergeFacts)?,
    known: [AuditReport.Difference]
  ) -> [AuditReport.Difference] {
    guard let fresh = judgeAnew(entry) else { return [] }
    let reverted = known.map(\.path)
    var out: [AuditReport.Difference] = []
    for change in ValueDiff.changes(from: FieldDifferences.comparable(fresh), to: actual, facts: facts) {
      var found = difference(entry, change.path, .outside, isReverted: false)
      if change.isReorder || ServerFields.isKept(found.path, kind: entry.key.kind, object: actual) {
        continue
      }
      if reverted.contains(where: { found.path.hasPrefix($0) || $0.hasPrefix(found.path) }) { continue }
      found.desired = change.before
      found.actual = change.after
      if let name = scalers.controller(of: entry.key, path: found.path) {
        found.controller = name
        found.origin = .controller
      }
      // A controller's own field that the manifest leaves to it is as it should be.
      if found.origin != .controller { out.append(found) }
    }
    return out
  }

  /// The object as it would be made now if it were not there.
  private func judgeAnew(_ entry: DesiredSet.Entry) -> Value? {
    guard let stored = server.store.remove(entry.key) else { return nil }
    defer { server.store.put(entry.key, stored) }
    return server.judge(entry.manifest.value).object
  }

  private func difference(
    _ entry: DesiredSet.Entry, _ path: FieldPath, _ origin: AuditReport.Origin, isReverted: Bool
  ) -> AuditReport.Difference {
    let text = path.validation
    var found = AuditReport.Difference(
      path: text, origin: origin, isReverted: isReverted,
      isSensitive: SecretMask.isSensitive(entry.key.kind.kind, text))
    found.source =
      path.value(in: entry.manifest.value) == nil
      ? Place(file: entry.manifest.file, line: entry.manifest.line)
      : entry.manifest.spans.place(path: text)
    return found
  }
}
