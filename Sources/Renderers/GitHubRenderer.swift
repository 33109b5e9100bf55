import Basics
public import PlanReport

/// Findings as annotations of a GitHub workflow, the most severe first: `::error file=…,line=…::message`.
public struct GitHubRenderer: PlanRenderer {
  public static let format = "github"
  public init() {}

  public func render(_ report: PlanReport, _ options: RenderOptions) -> [UInt8] {
    var out = ""
    for finding in report.findings {
      let command: String
      switch finding.severity {
      case .error: command = "error"
      case .warning: command = "warning"
      case .note: command = "notice"
      }
      var properties: [String] = []
      if let source = finding.source {
        properties.append("file=\(property(source.file))")
        properties.append("line=\(max(1, source.line))")
        if source.column > 0 { properties.append("col=\(source.column)") }
      }
      properties.append("title=\(property("\(finding.code.rawValue) \(finding.code.title)"))")
      let message = "\(finding.object.display): \(finding.message)"
      out += "::\(command) \(properties.joined(separator: ","))::\(data(message))\n"
    }
    return Array(out.utf8)
  }

  private func data(_ text: String) -> String {
    var out = ""
    for c in Styling.safe(text).unicodeScalars {
      switch c {
      case "%": out += "%25"
      case "\r": out += "%0D"
      case "\n": out += "%0A"
      default: out.unicodeScalars.append(c)
      }
    }
    return out
  }

  private func property(_ text: String) -> String {
    var out = ""
    for c in data(text).unicodeScalars {
      switch c {
      case ":": out += "%3A"
      case ",": out += "%2C"
      default: out.unicodeScalars.append(c)
      }
    }
    return out
  }
}
