import APIMachinery
import Basics
public import PlanReport

/// The audit for a person: what is missing and what is too much first, then field by field, then the counts.
public struct AuditTextRenderer: AuditRenderer {
  public static let format = "text"
  public init() {}

  public func render(_ report: AuditReport, _ options: RenderOptions) -> [UInt8] {
    var page = AuditPage(report: report, options: options, style: Styling(color: options.color))
    page.write()
    return Array(page.out.utf8)
  }
}

private struct AuditPage {
  let report: AuditReport
  let options: RenderOptions
  let style: Styling
  var out = ""

  mutating func line(_ text: String = "") { out += text + "\n" }

  mutating func write() {
    if !options.summaryOnly {
      for entry in report.open { detail(entry) }
      if !report.open.isEmpty { line() }
      accepted()
      unmanaged()
    }
    for note in report.baselineNotes { line(style.paint("baseline: \(Styling.safe(note))", .yellow)) }
    if !report.baselineNotes.isEmpty { line() }
    totals()
  }

  private mutating func detail(_ entry: AuditReport.Entry) {
    let symbol: String
    switch entry.verdict {
    case .missing: symbol = style.paint("  +", .green)
    case .extra: symbol = style.paint("  -", .red)
    case .drifted: symbol = style.paint("  ~", .yellow)
    }
    var head = "\(symbol) \(style.paint(Styling.safe(entry.object.display), .bold))"
    if let words = words(entry) { head += "  \(words)" }
    if let source = entry.source {
      let space = max(2, 79 - Styling.width(head))
      head += String(repeating: " ", count: space) + style.paint(Styling.safe(source.description), .dim)
    }
    line(head)
    for difference in entry.differences where difference.accepted == nil { field(difference) }
  }

  private func words(_ entry: AuditReport.Entry) -> String? {
    switch (entry.verdict, entry.origin) {
    case (.missing, .outside): "missing: deleted outside"
    case (.missing, _): "missing: not applied yet"
    case (.extra, _): "extra: no longer in the manifests"
    case (.drifted, _): nil
    }
  }

  private mutating func field(_ d: AuditReport.Difference) {
    var text = "\(Styling.path(d.path)): desired \(show(d.desired, d)), actual \(show(d.actual, d))"
    if d.origin == .both, d.lastApplied != d.desired {
      text += ", last applied \(show(d.lastApplied, d))"
    }
    var note = d.controller ?? d.origin.words
    if !d.isReverted { note += ", apply leaves it" }
    let space = max(2, 72 - Styling.width(text))
    let color: Styling.Style = d.origin == .manifest || d.origin == .controller ? .cyan : .yellow
    line("      " + text + String(repeating: " ", count: space) + style.paint(note, color))
  }

  private func show(_ value: Value?, _ d: AuditReport.Difference) -> String {
    guard let value else { return "nothing" }
    if d.isSensitive && !options.showSecrets { return "***" }
    let text: String
    switch value {
    case .string(let t): text = t.string.isEmpty ? "\"\"" : t.string
    default: text = CanonicalJSON.string(value)
    }
    let safe = Styling.safe(text)
    return safe.count > 120 ? String(safe.prefix(117)) + "..." : safe
  }

  private mutating func accepted() {
    let some = report.entries.filter { $0.isAccepted || $0.differences.contains { $0.accepted != nil } }
    guard !some.isEmpty else { return }
    line(style.paint("Accepted by the baseline", .bold))
    for entry in some {
      let reasons = ([entry.accepted] + entry.differences.map(\.accepted)).compactMap { $0 }
      let reason = reasons.first { !$0.isEmpty }
      line(
        "  \(Styling.safe(entry.object.display))"
          + (reason.map { "  \(style.paint(Styling.safe($0), .dim))" } ?? ""))
    }
    line()
  }

  private mutating func unmanaged() {
    guard !report.unmanaged.isEmpty else { return }
    line(style.paint("Unmanaged", .bold) + style.paint("  stored, but in no manifest", .dim))
    for name in report.unmanaged.prefix(20) { line("  ? \(Styling.safe(name.display))") }
    if report.unmanaged.count > 20 { line("  … and \(report.unmanaged.count - 20) more") }
    line()
  }

  private mutating func totals() {
    if report.open.isEmpty {
      let objects = report.inSync == 1 ? "1 object is" : "\(report.inSync) objects are"
      let accepted = report.accepted == 0 ? "" : " \(report.accepted) accepted."
      line(style.paint("In sync. \(objects) as desired.\(accepted)", .green))
      return
    }
    line(
      "Audit: \(report.inSync) in sync, \(report.count(.drifted)) drifted, \(report.count(.missing)) missing, "
        + "\(report.count(.extra)) extra, \(report.accepted) accepted, \(report.unmanaged.count) unmanaged.")
  }
}
