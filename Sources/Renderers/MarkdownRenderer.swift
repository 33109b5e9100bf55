import Basics
public import PlanReport

/// The report as one comment of a pull request: counts in the title, deletions open, long changes folded, `diff`
/// fences, cut between objects where it would grow longer than a comment may be.
public struct MarkdownRenderer: PlanRenderer {
  public static let format = "markdown"
  /// Tells the comment from others, so that a pipeline edits it instead of adding one more.
  public static let marker = "<!-- plimsoll:plan -->"
  /// Changes of more lines are folded.
  private static let openLines = 12

  public init() {}

  public func render(_ report: PlanReport, _ options: RenderOptions) -> [UInt8] {
    var plain = options
    plain.color = false
    let page = TextPage(report: report, options: plain)
    var out = head(report)
    out += findings(report)
    if !options.summaryOnly {
      let limit = options.maxBytes - 200
      let changes = page.ordered.filter { $0.action != .noop }
      for (i, change) in changes.enumerated() {
        let block = self.block(change, page)
        if out.utf8.count + block.utf8.count > limit {
          out += "\n_… and \(changes.count - i) more objects: the comment would be too long._\n"
          break
        }
        out += block
      }
    }
    return Array(out.utf8)
  }

  private func head(_ report: PlanReport) -> String {
    var out = Self.marker + "\n"
    if report.isEmpty {
      return out + "### Plan: no changes\n\nNo changes. Your infrastructure matches the configuration.\n"
    }
    out +=
      "### Plan: \(report.toAdd) to add, \(report.toChange) to change, \(report.toDestroy) to destroy\n\n"
    let c = report.consequences
    let pending = "\(c.podsUnschedulable) unschedulable"
    out += "\(c.podsCreated) pods created, \(c.podsTerminated) terminated, \(c.podsPreempted) preempted, "
    out += (c.podsUnschedulable > 0 ? "**\(pending)**" : pending) + ".\n"
    if let partial = report.partial { out += "\n> This is a partial plan: \(escaped(partial))\n" }
    return out
  }

  private func findings(_ report: PlanReport) -> String {
    guard !report.findings.isEmpty else { return "" }
    var out = "\n| | finding | object | |\n|---|---|---|---|\n"
    for finding in report.findings.prefix(20) {
      let mark: String
      switch finding.severity {
      case .error: mark = "🛑"
      case .warning: mark = "⚠️"
      case .note: mark = "ℹ️"
      }
      let name =
        finding.object.namespace.isEmpty
        ? finding.object.short : "\(finding.object.namespace)/\(finding.object.name)"
      out += "| \(mark) | \(finding.code.rawValue) \(finding.code.title) | `\(cell(name))` | "
      out += "\(escaped(finding.message)) |\n"
    }
    if report.findings.count > 20 { out += "\n… and \(report.findings.count - 20) more findings\n" }
    return out
  }

  private func block(_ change: Change, _ page: TextPage) -> String {
    var copy = page
    copy.out = ""
    copy.detail(change)
    let lines = copy.out.split(separator: "\n").map { fenced(String($0)) }
    let body = lines.joined(separator: "\n")
    // A fence longer than any run of backticks within, so that no value can end it.
    let fence = String(repeating: "`", count: max(3, longestRun(of: "`", in: body) + 1))
    let code = "\(fence)diff\n\(body)\n\(fence)\n"
    let isOpen = change.action == .delete || lines.count <= Self.openLines
    if isOpen { return "\n" + code }
    let title = "\(change.action.symbol) \(escaped(change.object.display))"
    return "\n<details><summary>\(title)</summary>\n\n\(code)\n</details>\n"
  }

  /// A line of the text report with its mark in front, in the marks of `diff`.
  private func fenced(_ line: String) -> String {
    let inner = line.drop { $0 == " " }
    for (mark, sign) in [("-/+ ", "!"), ("~ ", "!"), ("+ ", "+"), ("- ", "-")] where inner.hasPrefix(mark) {
      return sign + " " + line.dropFirst(2)
    }
    let isField = line.hasPrefix("      ") && inner.contains(" → ")
    return (isField ? "! " : "  ") + line.dropFirst(2)
  }

  private func longestRun(of character: Character, in text: String) -> Int {
    var longest = 0
    var run = 0
    for c in text {
      run = c == character ? run + 1 : 0
      longest = max(longest, run)
    }
    return longest
  }

  private func cell(_ text: String) -> String {
    Styling.safe(text).split(separator: "`", omittingEmptySubsequences: false).joined(separator: "'")
  }

  /// Text that no markup can come out of.
  private func escaped(_ text: String) -> String {
    var out = ""
    for c in Styling.safe(text) {
      switch c {
      case "<": out += "&lt;"
      case ">": out += "&gt;"
      case "&": out += "&amp;"
      case "|", "\\", "`", "*", "_", "[", "]", "#", "@": out += "\\" + String(c)
      default: out.append(c)
      }
    }
    return out
  }
}
