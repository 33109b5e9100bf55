import APIMachinery
import Basics
public import PlanReport

/// Findings as SARIF 2.1.0, for code scanning: stable rules, places relative to the working directory.
public struct SARIFRenderer: PlanRenderer {
  public static let format = "sarif"
  private static let schema = "https://json.schemastore.org/sarif-2.1.0.json"
  public init() {}

  public func render(_ report: PlanReport, _ options: RenderOptions) -> [UInt8] {
    let rules = FindingCode.allCases.map { code in
      Value.fields(
        ("id", .string(code.rawValue)), ("name", .string(code.title)),
        ("shortDescription", ["text": .string(code.title)]))
    }
    let run = Value.fields(
      ("tool", ["driver": .fields(("name", "plimsoll"), ("rules", .array(rules)))]),
      ("columnKind", "unicodeCodePoints"), ("results", .array(report.findings.map(result))))
    let log = Value.fields(
      ("$schema", .string(Self.schema)), ("version", "2.1.0"), ("runs", .array([run])))
    return CanonicalJSON.bytes(log) + [0x0A]
  }

  private func result(_ finding: Finding) -> Value {
    .fields(
      ("ruleId", .string(finding.code.rawValue)),
      ("ruleIndex", .int(FindingCode.allCases.firstIndex(of: finding.code) ?? 0)),
      ("level", .string(level(finding.severity))),
      ("message", ["text": .string("\(finding.object.display): \(finding.message)")]),
      ("partialFingerprints", ["object": .string("\(finding.code.rawValue)/\(finding.object.address)")]),
      ("locations", finding.source.map { .array([location($0)]) }))
  }

  private func location(_ place: Place) -> Value {
    let region = Value.fields(
      ("startLine", .int(max(1, place.line))), ("startColumn", place.column > 0 ? .int(place.column) : nil))
    return [
      "physicalLocation": .fields(
        ("artifactLocation", ["uri": .string(uri(place.file))]), ("region", region))
    ]
  }

  /// The path as a relative URI reference.
  private func uri(_ path: String) -> String {
    var out = ""
    for byte in path.utf8 {
      let isPlain =
        (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x5A) || (byte >= 0x61 && byte <= 0x7A)
        || [0x2D, 0x2E, 0x2F, 0x5F, 0x7E].contains(byte)
      if isPlain {
        out.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        let hex = String(byte, radix: 16, uppercase: true)
        out += "%" + (hex.utf8.count == 1 ? "0" : "") + hex
      }
    }
    return out
  }

  private func level(_ severity: Diagnostic.Severity) -> String {
    switch severity {
    case .error: "error"
    case .warning: "warning"
    case .note: "note"
    }
  }
}
