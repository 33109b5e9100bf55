import APIMachinery
import Basics
import PlanReport

/// The report for a person: what goes first, then a names-only index, the detail, the nodes, the findings, the counts.
public struct TextRenderer: PlanRenderer {
  public static let format = "text"
  public init() {}

  public func render(_ report: PlanReport, _ options: RenderOptions) -> [UInt8] {
    var page = TextPage(report: report, options: options)
    page.write()
    return Array(page.out.utf8)
  }
}

/// One text report while it is written.
struct TextPage {
  let report: PlanReport
  let options: RenderOptions
  let style: Styling
  var out = ""

  init(report: PlanReport, options: RenderOptions) {
    self.report = report
    self.options = options
    style = Styling(color: options.color)
  }

  mutating func line(_ text: String = "") {
    out += text
    out += "\n"
  }

  mutating func write() {
    if let partial = report.partial {
      line(style.paint("This is a partial plan: \(partial)", .boldYellow))
      line()
    }
    if !options.summaryOnly {
      index()
      details()
      derived()
      capacity()
      quotas()
    }
    findings()
    ending()
    totals()
  }

  // MARK: index

  func paint(_ action: Action, _ text: String) -> String {
    switch action {
    case .create: style.paint(text, .green)
    case .update: style.paint(text, .yellow)
    case .replace, .delete: style.paint(text, .red)
    case .noop: text
    }
  }

  func mark(_ action: Action) -> String { paint(action, Styling.padLeft(action.symbol, 3)) }

  /// Deletions and replacements first, then the rest by wave; each group in report order.
  var ordered: [Change] {
    func rank(_ a: Action) -> Int {
      switch a {
      case .delete: 0
      case .replace: 1
      case .update: 2
      case .create: 3
      case .noop: 4
      }
    }
    return report.changes.enumerated().sorted { a, b in
      let (x, y) = (rank(a.element.action), rank(b.element.action))
      if x != y { return x < y }
      if a.element.object != b.element.object {
        return ObjectName.inReportOrder(a.element.object, b.element.object)
      }
      return a.offset < b.offset
    }.map(\.element)
  }

  mutating func index() {
    guard !report.changes.isEmpty else { return }
    let changes = ordered
    line(style.paint("Changes", .bold))
    for action in [Action.delete, .replace, .update, .create] {
      let some = changes.filter { $0.action == action }
      guard !some.isEmpty else { continue }
      // Objects of one kind and namespace share a line.
      var groups: [(String, [String])] = []
      for change in some {
        let o = change.object
        let kind = o.group.isEmpty ? o.kind.lowercased() : "\(o.kind.lowercased()).\(o.group)"
        let title = o.namespace.isEmpty ? kind : "\(kind) (\(o.namespace))"
        if groups.last?.0 == title {
          groups[groups.count - 1].1.append(o.name)
        } else {
          groups.append((title, [o.name]))
        }
      }
      for (title, names) in groups {
        let shown = names.prefix(12).map(Styling.safe).joined(separator: ", ")
        let more = names.count > 12 ? " and \(names.count - 12) more" : ""
        line("  \(mark(action)) \(title): \(shown)\(more)")
      }
    }
    line()
  }

  // MARK: detail

  mutating func details() {
    for change in ordered where change.action != .noop { detail(change) }
    if !report.changes.isEmpty { line() }
  }

  mutating func detail(_ change: Change) {
    var head = "\(mark(change.action)) \(style.paint(Styling.safe(change.object.display), .bold))"
    if !change.summary.isEmpty { head += "  \(style.paint(Styling.safe(change.summary), .dim))" }
    let place = change.source.map { Styling.safe(Place(file: $0.file, line: $0.line).description) }
    let tail = place ?? (change.action == .delete ? change.reason.sentence : "")
    if !tail.isEmpty {
      let space = max(2, 78 - Styling.width(head) + 1)
      head += String(repeating: " ", count: space) + style.paint(tail, .dim)
    }
    line(head)
    for field in change.fields { self.field(field) }
    if !change.takesWithIt.isEmpty { takes(change.takesWithIt) }
    if let rollout = change.rollout { self.rollout(rollout) }
  }

  mutating func field(_ f: FieldDifference) {
    let path = Styling.path(f.path)
    var text: String
    switch (f.before, f.after) {
    case (nil, let after?): text = "+ \(path): \(show(after, f, "after"))"
    case (let before?, nil): text = "- \(path): \(show(before, f, "before"))"
    case (let before?, let after?):
      text = "\(path): \(show(before, f, "before")) → \(show(after, f, "after"))"
    case (nil, nil): text = path
    }
    if f.effect != .inPlace {
      let space = max(2, 72 - Styling.width(text))
      let color: Styling.Style = f.effect == .forcesReplacement ? .red : .yellow
      text += String(repeating: " ", count: space) + style.paint(f.effect.rawValue, color)
    }
    line("      " + text)
  }

  func show(_ value: Value, _ field: FieldDifference, _ when: String) -> String {
    if field.sensitive && !options.showSecrets {
      return field.before != nil && field.after != nil ? "*** (\(when))" : "***"
    }
    let text: String
    switch value {
    case .string(let t): text = t.string.isEmpty ? "\"\"" : t.string
    default: text = CanonicalJSON.string(value)
    }
    let safe = Styling.safe(text)
    guard safe.count > 160 else { return safe }
    return String(safe.prefix(157)) + "..."
  }

  mutating func takes(_ names: [ObjectName]) {
    let shown = names.prefix(8).map { Styling.safe($0.short) }.joined(separator: "; ")
    let more = names.count > 8 ? "; and \(names.count - 8) more" : ""
    line("      \(style.paint("takes with it:", .red)) \(shown)\(more)")
  }

  // MARK: rollout

  static func seconds(_ s: Double) -> String {
    if s < 10 && s != s.rounded() { return "+\((s * 10).rounded() / 10)s" }
    let whole = Int(s.rounded())
    if whole < 120 { return "+\(whole)s" }
    return whole % 60 == 0 ? "+\(whole / 60)m" : "+\(whole / 60)m\(whole % 60)s"
  }

  mutating func rollout(_ r: Rollout) {
    var parts = [r.strategy, r.replicas == 1 ? "1 replica" : "\(r.replicas) replicas"].filter { !$0.isEmpty }
    if let fewest = r.fewestReady { parts.append("never below \(fewest) ready") }
    if let done = r.doneAfter {
      parts.append(style.paint(done < 1 ? "done at once" : "done at \(Self.seconds(done))", .green))
    } else if let stuck = r.stuck {
      parts.append(style.paint("not done: \(Styling.safe(stuck))", .boldRed))
    }
    line("      \(style.paint("rollout", .cyan))  \(parts.joined(separator: " · "))")
    for set in r.sets {
      let action: Action = set.before == 0 ? .create : set.after == 0 ? .update : .update
      line(
        "        \(paint(action, action.symbol)) \(Styling.safe(set.object.short))   \(set.before) → \(set.after)"
      )
    }
    for pod in r.pods { self.pod(pod) }
    if r.morePods > 0 { line("          … and \(r.morePods) more pods") }
  }

  mutating func pod(_ p: PodChange) {
    let created = p.fate == .created
    let symbol = paint(created ? .create : .delete, created ? "+" : "-")
    var text = "        \(symbol) pod \(Styling.safe(p.object.name))   "
    if let pending = p.pending {
      text += style.paint("Pending: \(Styling.safe(pending))", .boldRed)
    } else {
      text +=
        created ? "→ \(Styling.safe(p.node ?? "no node yet"))" : "from \(Styling.safe(p.node ?? "no node"))"
      if p.fate == .preempted { text += style.paint("  preempted", .red) }
      if let trouble = p.trouble { text += "  " + style.paint(Styling.safe(trouble), .yellow) }
    }
    line(text)
  }

  // MARK: what nobody asked for

  /// What controllers do beyond the changed objects, counted by kind.
  mutating func derived() {
    guard !report.derived.isEmpty else { return }
    var counts: [String: [Action: Int]] = [:]
    for d in report.derived { counts[d.object.kind, default: [:]][d.action, default: 0] += 1 }
    line(style.paint("By the controllers", .bold))
    var table = Table([], gap: 2)
    for kind in counts.keys.sorted() {
      let byAction = counts[kind]!
      let words: [String] = [(Action.create, "created"), (.update, "updated"), (.delete, "deleted")]
        .compactMap { pair in
          byAction[pair.0].map { "\($0) \(pair.1)" }
        }
      table.rows.append(["  " + kind, words.joined(separator: ", ")])
    }
    for text in table.lines() { line(text) }
    line()
  }

  // MARK: nodes

  mutating func capacity() {
    let touched = report.nodes.filter {
      $0.cpu.before != $0.cpu.after || $0.memory.before != $0.memory.after || $0.pods.before != $0.pods.after
    }
    guard !touched.isEmpty else { return }
    let shown = touched.prefix(12)
    let name = shown.map { Styling.width($0.name) }.max() ?? 4
    let column = 28
    line(
      style.paint(
        Styling.pad("Nodes", name + 4) + Styling.pad("cpu requested", column)
          + Styling.pad("memory requested", column) + "pods", .bold))
    for node in shown {
      line(
        "  " + Styling.pad(Styling.safe(node.name), name + 2) + Styling.pad(bar(node.cpu), column)
          + Styling.pad(bar(node.memory), column)
          + "\(node.pods.after)/\(node.pods.allocatable)" + (node.status == "Ready" ? "" : "  \(node.status)")
      )
    }
    if touched.count > shown.count { line("  … and \(touched.count - shown.count) more nodes") }
    line()
  }

  mutating func quotas() {
    guard !report.quotas.isEmpty else { return }
    line(style.paint("Quotas", .bold))
    var table = Table([], gap: 2)
    for quota in report.quotas.prefix(12) {
      table.rows.append([
        "  " + Styling.safe("\(quota.namespace)/\(quota.name)"), Styling.safe(quota.resource),
        "\(quota.before) → \(quota.after) of \(quota.hard)",
      ])
    }
    for text in table.lines() { line(text) }
    if report.quotas.count > 12 { line("  … and \(report.quotas.count - 12) more") }
    line()
  }

  func bar(_ share: NodeCapacity.Share) -> String {
    let percent = share.percent(share.after)
    let filled = min(12, max(0, Int((Double(percent) * 12 / 100).rounded())))
    let difference = percent - share.percent(share.before)
    let body = String(repeating: "█", count: filled) + String(repeating: "░", count: 12 - filled)
    let color: Styling.Style = percent >= 95 ? .red : percent >= 80 ? .yellow : .green
    let change = difference == 0 ? "" : difference > 0 ? " (+\(difference))" : " (\(difference))"
    return style.paint(body, color) + Styling.padLeft("\(percent)%", 5) + change
  }

  // MARK: findings and the end

  mutating func findings() {
    guard !report.findings.isEmpty else { return }
    line(style.paint("Findings", .bold))
    var table = Table([], gap: 2)
    for f in report.findings.prefix(40) {
      let word: String
      switch f.severity {
      case .error: word = style.paint("error", .boldRed)
      case .warning: word = style.paint("warning", .boldYellow)
      case .note: word = style.paint("note", .cyan)
      }
      let name = f.object.namespace.isEmpty ? f.object.short : "\(f.object.namespace)/\(f.object.name)"
      let place = f.source.map { Place(file: $0.file, line: $0.line).description } ?? ""
      table.rows.append([
        "  " + word, "\(f.code.rawValue) \(f.code.title)", Styling.safe(name), Styling.safe(place),
      ])
      table.rows.append(["", "", "  " + style.paint(Styling.safe(f.message), .dim)])
    }
    for text in FindingLines.layOut(table.rows) { line(text) }
    if report.findings.count > 40 { line("  … and \(report.findings.count - 40) more findings") }
    line()
  }

  mutating func ending() {
    switch report.ending {
    case .settled: break
    case .horizon(let pending):
      guard !pending.isEmpty else { break }
      line(style.paint("Due after the horizon", .bold))
      for text in pending.prefix(8) { line("  " + Styling.safe(text)) }
      if pending.count > 8 { line("  … and \(pending.count - 8) more") }
      line()
    case .oscillating(let who):
      line(style.paint("The pass did not settle: \(Styling.safe(who))", .boldRed))
      line()
    }
  }

  mutating func totals() {
    if report.isEmpty {
      line(style.paint("No changes. Your infrastructure matches the configuration.", .green))
      return
    }
    line("Plan: \(report.toAdd) to add, \(report.toChange) to change, \(report.toDestroy) to destroy.")
    let c = report.consequences
    line(
      "Consequences: \(c.podsCreated) pods created, \(c.podsTerminated) terminated, \(c.podsPreempted) preempted, "
        + "\(c.podsUnschedulable) unschedulable.")
  }
}

/// Lays out findings: a row of columns, and under it the message, which takes no part in the columns' width.
enum FindingLines {
  static func layOut(_ rows: [[String]]) -> [String] {
    var widths = [0, 0, 0]
    for row in rows where row.count == 4 {
      for i in 0..<3 { widths[i] = max(widths[i], Styling.width(row[i])) }
    }
    return rows.map { row in
      if row.count == 3 { return String(repeating: " ", count: widths[0] + 2) + row[2] }
      var line = ""
      for i in 0..<3 { line += Styling.pad(row[i], widths[i]) + "  " }
      line += row[3]
      while line.last == " " { line.removeLast() }
      return line
    }
  }
}
