import APIMachinery
import Basics
public import PlanReport

/// The report as one page that needs nothing else: counts, findings, nodes with their pods, timelines of rollouts,
/// and all changes with a field to search them. It loads nothing from anywhere.
public struct HTMLRenderer: PlanRenderer {
  public static let format = "html"
  public init() {}

  public func render(_ report: PlanReport, _ options: RenderOptions) -> [UInt8] {
    var page = HTMLPage(report: report, options: options)
    page.write()
    return Array(page.out.utf8)
  }
}

private struct HTMLPage {
  let report: PlanReport
  let options: RenderOptions
  var out = ""

  private func safe(_ text: String) -> String { Markup.escaped(Styling.safe(text)) }

  mutating func write() {
    out += "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
    out += "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
    out += "style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n"
    out += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    out += "<title>\(safe(title))</title>\n<style>\(HTMLStyle.css)</style></head><body>\n"
    header()
    findings()
    nodes()
    quotas()
    changes()
    derived()
    out += "<script>\(HTMLStyle.script)</script></body></html>\n"
  }

  private var title: String {
    report.isEmpty
      ? "Plan: no changes"
      : "Plan: \(report.toAdd) to add, \(report.toChange) to change, \(report.toDestroy) to destroy"
  }

  private mutating func header() {
    let c = report.consequences
    out += "<header><h1>\(safe(title))</h1>\n<p class=\"dim\">\(safe(report.inputs.manifests)) against state "
    out +=
      "serial \(report.state.serial) · \(RFC3339.string(report.begin)) to \(RFC3339.string(report.end))</p>\n"
    if let partial = report.partial { out += "<p class=\"warning\">Partial plan: \(safe(partial))</p>\n" }
    if report.isEmpty {
      out += "<p>No changes. Your infrastructure matches the configuration.</p></header>\n"
      return
    }
    let tiles: [(String, Int, String)] = [
      ("to add", report.toAdd, "create"), ("to change", report.toChange, "update"),
      ("to destroy", report.toDestroy, "delete"), ("pods created", c.podsCreated, ""),
      ("pods terminated", c.podsTerminated, ""),
      ("preempted", c.podsPreempted, c.podsPreempted > 0 ? "delete" : ""),
      ("unschedulable", c.podsUnschedulable, c.podsUnschedulable > 0 ? "delete" : ""),
    ]
    out += "<div class=\"tiles\">"
    for (label, n, style) in tiles { out += "<div class=\"tile \(style)\"><b>\(n)</b>\(label)</div>" }
    out += "</div></header>\n"
  }

  private mutating func findings() {
    guard !report.findings.isEmpty else { return }
    out += "<section><h2>Findings</h2><table>\n"
    for f in report.findings {
      let word: String
      switch f.severity {
      case .error: word = "error"
      case .warning: word = "warning"
      case .note: word = "note"
      }
      let place = f.source.map { $0.description } ?? ""
      out += "<tr><td class=\"\(word)\">\(word)</td><td>\(f.code.rawValue) \(safe(f.code.title))</td>"
      out += "<td><b>\(safe(f.object.display))</b><br>\(safe(f.message))</td>"
      out += "<td class=\"dim\">\(safe(place))</td></tr>\n"
    }
    out += "</table></section>\n"
  }

  // MARK: nodes

  private mutating func nodes() {
    let shown = report.nodes.filter { node in
      node.pods.before != node.pods.after || node.cpu.before != node.cpu.after || report.nodes.count <= 24
    }
    guard !shown.isEmpty else { return }
    let byNode = Dictionary(grouping: report.pods.filter { $0.node != nil }, by: { $0.node ?? "" })
    out += "<section><h2>Nodes</h2><div class=\"nodes\">\n"
    for node in shown.prefix(200) {
      out += "<div class=\"node\"><b>\(safe(node.name))</b>"
      if node.status != "Ready" { out += " <span class=\"warning\">\(safe(node.status))</span>" }
      out += bar("cpu", node.cpu) + bar("memory", node.memory)
      out +=
        "<div class=\"dim\">\(node.pods.after) of \(node.pods.allocatable) pods</div><div class=\"pods\">"
      for pod in (byNode[node.name] ?? []).prefix(60) {
        let kind = pod.fate == .created ? "create" : "delete"
        out += "<i class=\"\(kind)\" title=\"\(safe(pod.object.display))\"></i>"
      }
      out += "</div></div>\n"
    }
    let pending = report.pods.filter { $0.pending != nil }
    if !pending.isEmpty {
      out += "<div class=\"node pending\"><b>Pending</b><div class=\"pods\">"
      for pod in pending.prefix(60) {
        out += "<i class=\"delete\" title=\"\(safe("\(pod.object.display): \(pod.pending ?? "")"))\"></i>"
      }
      out += "</div></div>\n"
    }
    out += "</div></section>\n"
  }

  private func bar(_ label: String, _ share: NodeCapacity.Share) -> String {
    let percent = share.percent(share.after)
    let before = min(100, share.percent(share.before))
    let style = percent >= 95 ? "full" : percent >= 80 ? "high" : ""
    let difference = percent - share.percent(share.before)
    let change = difference == 0 ? "" : difference > 0 ? " (+\(difference))" : " (\(difference))"
    return "<div class=\"bar\"><span>\(label)</span><div class=\"track\">"
      + "<div class=\"fill \(style)\" style=\"width:\(min(100, percent))%\"></div>"
      + "<div class=\"mark\" style=\"left:\(before)%\"></div></div><span>\(percent)%\(change)</span></div>"
  }

  private mutating func quotas() {
    guard !report.quotas.isEmpty else { return }
    out += "<section><h2>Quotas</h2><table>\n"
    for q in report.quotas {
      out += "<tr><td>\(safe("\(q.namespace)/\(q.name)"))</td><td>\(safe(q.resource))</td>"
      out += "<td>\(safe(q.before)) → \(safe(q.after)) of \(safe(q.hard))</td></tr>\n"
    }
    out += "</table></section>\n"
  }

  // MARK: changes

  private mutating func changes() {
    let page = TextPage(report: report, options: RenderOptions())
    let all = page.ordered.filter { $0.action != .noop }
    guard !all.isEmpty else { return }
    out +=
      "<section><h2>Changes</h2><input id=\"search\" type=\"search\" placeholder=\"Search the changes\">\n"
    for change in all { self.change(change, page) }
    out += "</section>\n"
  }

  private mutating func change(_ change: Change, _ page: TextPage) {
    let kind = change.action == .replace ? "delete" : change.action.rawValue
    let open = change.action == .create ? "" : " open"
    out +=
      "<details class=\"change\"\(open)><summary><span class=\"sign \(kind)\">\(change.action.symbol)</span>"
    out += "<b>\(safe(change.object.display))</b> <span class=\"dim\">\(safe(change.summary))</span>"
    if let source = change.source {
      out += "<span class=\"place\">\(safe(Place(file: source.file, line: source.line).description))</span>"
    }
    out += "</summary>\n"
    if !change.fields.isEmpty {
      out += "<table class=\"fields\">"
      for field in change.fields {
        out += "<tr><td>\(safe(Styling.path(field.path)))</td>"
        out += "<td><del>\(field.before.map { safe(page.show($0, field, "before")) } ?? "")</del></td>"
        out += "<td><ins>\(field.after.map { safe(page.show($0, field, "after")) } ?? "")</ins></td>"
        out += "<td>\(field.effect == .inPlace ? "" : field.effect.rawValue)</td></tr>\n"
      }
      out += "</table>\n"
    }
    if !change.takesWithIt.isEmpty {
      let names = change.takesWithIt.prefix(50).map { safe($0.short) }.joined(separator: "; ")
      out += "<p class=\"warning\">takes with it: \(names)</p>\n"
    }
    if let rollout = change.rollout { self.rollout(rollout) }
    out += "</details>\n"
  }

  private mutating func rollout(_ r: Rollout) {
    var parts = [r.strategy, r.replicas == 1 ? "1 replica" : "\(r.replicas) replicas"].filter { !$0.isEmpty }
    if let fewest = r.fewestReady { parts.append("never below \(fewest) ready") }
    if let done = r.doneAfter {
      parts.append(done < 1 ? "done at once" : "done at \(TextPage.seconds(done))")
    }
    out += "<p>rollout: \(safe(parts.joined(separator: " · ")))"
    if let stuck = r.stuck { out += " <span class=\"error\">not done: \(safe(stuck))</span>" }
    out += "</p>\n"
    let longest = max(1, r.pods.compactMap(\.readyAfter).max() ?? 1)
    out += "<table class=\"timeline\">"
    for pod in r.pods {
      let created = pod.fate == .created
      out += "<tr><td>\(created ? "+" : "-") \(safe(pod.object.name))</td>"
      if let pending = pod.pending {
        out += "<td colspan=\"2\" class=\"error\">Pending: \(safe(pending))</td></tr>\n"
        continue
      }
      out += "<td>\(safe(pod.node ?? "no node"))</td><td class=\"line\">"
      if created, let ready = pod.readyAfter {
        let width = Int((ready / longest * 100).rounded())
        out += "<div class=\"track\"><div class=\"fill\" style=\"width:\(width)%\"></div></div>"
        out += "<span class=\"dim\">ready \(TextPage.seconds(ready))</span>"
      } else {
        out += "<span class=\"dim\">\(created ? safe(pod.trouble ?? "") : pod.fate.rawValue)</span>"
      }
      out += "</td></tr>\n"
    }
    out += "</table>\n"
    if r.morePods > 0 { out += "<p class=\"dim\">… and \(r.morePods) more pods</p>\n" }
  }

  private mutating func derived() {
    guard !report.derived.isEmpty else { return }
    out += "<section><details><summary><b>By the controllers</b> "
    out += "<span class=\"dim\">\(report.derived.count) objects</span></summary><table>\n"
    for d in report.derived.prefix(2000) {
      out += "<tr><td>\(d.action.symbol)</td><td>\(safe(d.object.display))</td></tr>\n"
    }
    out += "</table></details></section>\n"
  }
}
