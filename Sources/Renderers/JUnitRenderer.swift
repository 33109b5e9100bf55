import Basics
public import PlanReport

/// The report as test results: a suite for each file of the manifests, a case for each object, failed where a
/// finding of severity error is about it.
public struct JUnitRenderer: PlanRenderer {
  public static let format = "junit"
  public init() {}

  private struct Case {
    var object: ObjectName
    var findings: [Finding] = []
  }

  public func render(_ report: PlanReport, _ options: RenderOptions) -> [UInt8] {
    let suites = self.suites(report)
    var out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    let all = suites.flatMap(\.cases)
    out += "<testsuites name=\"plimsoll\" tests=\"\(all.count)\" failures=\"\(failures(all))\">\n"
    for suite in suites {
      out += "  <testsuite name=\"\(escaped(suite.file))\" tests=\"\(suite.cases.count)\" "
      out += "failures=\"\(failures(suite.cases))\">\n"
      for one in suite.cases { out += text(one) }
      out += "  </testsuite>\n"
    }
    out += "</testsuites>\n"
    return Array(out.utf8)
  }

  private func suites(_ report: PlanReport) -> [(file: String, cases: [Case])] {
    var files: [String] = []
    var cases: [String: [Case]] = [:]
    func add(_ file: String, _ object: ObjectName, _ finding: Finding?) {
      if cases[file] == nil { files.append(file) }
      var list = cases[file, default: []]
      let at = list.firstIndex { $0.object == object } ?? list.count
      if at == list.count { list.append(Case(object: object)) }
      if let finding { list[at].findings.append(finding) }
      cases[file] = list
    }
    for change in report.changes { add(change.source?.file ?? "state", change.object, nil) }
    for finding in report.findings { add(finding.source?.file ?? "state", finding.object, finding) }
    return files.sorted().map { ($0, cases[$0] ?? []) }
  }

  private func failures(_ cases: [Case]) -> Int {
    cases.count { $0.findings.contains { $0.severity == .error } }
  }

  private func text(_ one: Case) -> String {
    let o = one.object
    let name = o.namespace.isEmpty ? o.name : "\(o.namespace)/\(o.name)"
    let start =
      "    <testcase classname=\"\(escaped("\(o.kind)@\(o.apiVersion)"))\" name=\"\(escaped(name))\""
    if one.findings.isEmpty { return start + "/>\n" }
    var out = start + ">\n"
    for finding in one.findings {
      let title = "\(finding.code.rawValue) \(finding.code.title)"
      let place = finding.source.map { " (\($0.description))" } ?? ""
      if finding.severity == .error {
        out += "      <failure type=\"\(finding.code.rawValue)\" message=\"\(escaped(title))\">"
        out += "\(escaped(finding.message + place))</failure>\n"
      } else {
        out += "      <system-out>\(escaped("\(title): \(finding.message)\(place)"))</system-out>\n"
      }
    }
    return out + "    </testcase>\n"
  }

  private func escaped(_ text: String) -> String { Markup.escaped(Styling.safe(text)) }
}

/// Text within XML and HTML.
enum Markup {
  static func escaped(_ text: String) -> String {
    var out = ""
    for c in text.unicodeScalars {
      switch c {
      case "<": out += "&lt;"
      case ">": out += "&gt;"
      case "&": out += "&amp;"
      case "\"": out += "&quot;"
      case "'": out += "&#39;"
      default: out.unicodeScalars.append(c)
      }
    }
    return out
  }
}
