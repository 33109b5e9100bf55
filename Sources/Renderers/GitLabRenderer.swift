import APIMachinery
public import PlanReport

/// The three counts as GitLab's merge request widget reads them from a Terraform report.
public struct GitLabRenderer: PlanRenderer {
  public static let format = "gitlab"
  public init() {}

  public func render(_ report: PlanReport, _ options: RenderOptions) -> [UInt8] {
    let counts = Value.fields(
      ("create", .int(report.toAdd)), ("update", .int(report.toChange)), ("delete", .int(report.toDestroy)))
    return CanonicalJSON.bytes(counts) + [0x0A]
  }
}
