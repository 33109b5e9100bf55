import PlanReport

/// Turns a report into bytes of one format. Adding a format is one file and one line in `all`.
public protocol PlanRenderer: Sendable {
  /// The word after `-o`.
  static var format: String { get }
  /// Whether the digests of a report are in it.
  static var tellsDigests: Bool { get }
  func render(_ report: PlanReport, _ options: RenderOptions) -> [UInt8]
}

extension PlanRenderer {
  public static var tellsDigests: Bool { false }
}

/// What a renderer may take into account.
public struct RenderOptions: Sendable {
  public var color: Bool
  /// How many pods a rollout names before it counts the rest.
  public var podsShown: Int
  /// Only counts, no detail.
  public var summaryOnly: Bool
  /// Secret values in plain text (never by default).
  public var showSecrets: Bool
  /// How long a comment may be (markdown).
  public var maxBytes = 65_000
  public init(color: Bool = false, podsShown: Int = 8, summaryOnly: Bool = false, showSecrets: Bool = false) {
    self.color = color
    self.podsShown = podsShown
    self.summaryOnly = summaryOnly
    self.showSecrets = showSecrets
  }
}

public enum PlanRenderers {
  /// One line per format.
  public static let all: [any PlanRenderer] = [
    TextRenderer(),
    JSONRenderer(),
    YAMLRenderer(),
    MarkdownRenderer(),
    HTMLRenderer(),
    JUnitRenderer(),
    SARIFRenderer(),
    GitHubRenderer(),
    GitLabRenderer(),
    DotRenderer(),
  ]

  public static func named(_ format: String) -> (any PlanRenderer)? {
    all.first { type(of: $0).format == format }
  }
}
