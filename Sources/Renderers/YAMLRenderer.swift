public import PlanReport

/// The JSON report as YAML.
public struct YAMLRenderer: PlanRenderer {
  public static let format = "yaml"
  public static let tellsDigests = true
  public init() {}

  public func render(_ report: PlanReport, _ options: RenderOptions) -> [UInt8] {
    Array(YAMLWriter.text(JSONRenderer().value(report)).utf8)
  }
}
