import API
import APIMachinery
import Basics
import ManifestReader

/// The file of `--scheduler-config`: a KubeSchedulerConfiguration, read strictly; it is never stored.
enum SchedulerConfigurationFile {
  static let option = Option(
    "scheduler-config", value: "FILE", "a KubeSchedulerConfiguration for the scheduler of this pass")

  /// Without a file the scheduler is as it is by default.
  static func read(_ file: String?) throws -> SchedulerConfiguration {
    guard let file else { return .standard }
    let result = ManifestReader.read([file])
    if result.diagnostics.hasErrors { throw CommandFailure(.failure, result.diagnostics) }
    guard result.manifests.count == 1, let manifest = result.manifests.first else {
      throw CommandFailure(
        code: "scheduler-config", "\(file) holds \(result.manifests.count) documents, one is expected")
    }
    guard SchedulerConfiguration.isConfiguration(manifest.value) else {
      throw CommandFailure(
        code: "scheduler-config", "\(file) holds no KubeSchedulerConfiguration", at: manifest.spans.start)
    }
    let (configuration, findings) = SchedulerConfiguration.read(manifest.value)
    if !findings.isEmpty {
      throw CommandFailure(
        .failure,
        findings.map { finding in
          Diagnostic(
            .error, "scheduler-config", "\(finding.path): \(finding.message)",
            at: manifest.spans.place(path: finding.path))
        })
    }
    return configuration
  }
}
