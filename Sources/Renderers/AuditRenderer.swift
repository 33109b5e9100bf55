public import PlanReport

/// Turns an audit into bytes of one format. Adding a format is one file and one line in `all`.
public protocol AuditRenderer: Sendable {
  /// The word after `-o`.
  static var format: String { get }
  func render(_ report: AuditReport, _ options: RenderOptions) -> [UInt8]
}

public enum AuditRenderers {
  /// One line per format.
  public static let all: [any AuditRenderer] = [
    AuditTextRenderer(),
    AuditJSONRenderer(),
  ]

  public static func named(_ format: String) -> (any AuditRenderer)? {
    all.first { type(of: $0).format == format }
  }
}

extension AuditReport.Origin {
  /// A few words for a person.
  var words: String {
    switch self {
    case .manifest: "not applied yet"
    case .outside: "outside edit"
    case .controller: "controller"
    case .both: "manifest and outside edit"
    case .unknown: "origin unknown"
    }
  }
}
