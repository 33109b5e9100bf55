import Foundation
import Testing

@testable import Commands

/// Jobs that clean up after themselves: done once, they are not run again by every later plan.
@Suite struct ExpiredJobTests {
  typealias End = EndToEndTests

  static func manifests(image: String) -> String {
    """
    apiVersion: v1
    kind: Node
    metadata: {name: n1}
    ---
    apiVersion: batch/v1
    kind: Job
    metadata: {name: migrate}
    spec:
      ttlSecondsAfterFinished: 0
      template:
        spec:
          restartPolicy: Never
          containers: [{name: c, image: "\(image)"}]

    """
  }

  @Test func anExpiredJobRunsAgainOnlyWhenItsManifestChanges() {
    let folder = End.Folder()
    let file = folder.write("job.yaml", Self.manifests(image: "migrate:1"))
    let words = ["-f", file, "--state", folder.state, "--now"]
    #expect(End.run(["apply", "--yes"] + words + ["2026-01-01T00:00:00Z"]).status == .success)
    #expect(End.run("get", "job", "migrate", "--state", folder.state).status == .failure)

    let second = End.run(["plan"] + words + ["2026-01-01T01:00:00Z"])
    #expect(second.out.contains("No changes."))
    #expect(second.out.contains("K016 already run"))

    // The memory outlives an apply that has nothing to do with the Job.
    #expect(End.run(["apply", "--yes"] + words + ["2026-01-01T02:00:00Z"]).status == .success)
    #expect(End.run(["plan"] + words + ["2026-01-01T03:00:00Z"]).out.contains("No changes."))

    _ = folder.write("job.yaml", Self.manifests(image: "migrate:2"))
    let changed = End.run(["plan"] + words + ["2026-01-01T04:00:00Z"])
    #expect(changed.out.contains("Plan: 1 to add, 0 to change, 0 to destroy."))
  }
}
