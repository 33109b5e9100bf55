import APIMachinery
import APIServer
import Testing

/// Jobs by the rules of `pkg/controller/job`.
struct JobTests {
  private func job(_ spec: String, restart: String = "Never") -> String {
    """
    apiVersion: batch/v1
    kind: Job
    metadata: {name: j}
    spec:
    \(spec.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n"))
      template:
        metadata: {labels: {app: j}}
        spec:
          restartPolicy: \(restart)
          containers: [{name: c, image: busybox}]
    """
  }

  private func tracked(_ pod: Value) -> Bool {
    pod.metadata[.finalizers].items.contains { $0.string == "batch.kubernetes.io/job-tracking" }
  }

  @Test func aSmallerIndexedJobLosesItsLastIndexes() throws {
    let w = try Scenario()
    try w.assume("pods: [{selector: {app: j}, runSeconds: 100000}]")
    try w.apply(job("completionMode: Indexed\nparallelism: 4\ncompletions: 4"))
    try w.edit(.job, "j") {
      $0[.spec][.parallelism] = 2
      $0[.spec][.completions] = 2
    }
    let left = w.pods("j").map { $0.annotation("batch.kubernetes.io/job-completion-index") ?? "" }
    #expect(left.sorted() == ["0", "1"])
    w.finish()
  }

  /// The failed pod of an index keeps its finalizer and is not counted until there is the next one, which carries
  /// on the number of failures.
  @Test func aFailureIsCountedWithItsReplacement() throws {
    let w = try Scenario()
    try w.assume(
      "pods: [{selector: {app: j, batch.kubernetes.io/job-completion-index: '1'}, exitCode: 1}]")
    try w.apply(
      job("completionMode: Indexed\nparallelism: 2\ncompletions: 2\nbackoffLimitPerIndex: 2"), seconds: 5)
    let first = try #require(w.pods("j").first { $0.status[.phase] == "Failed" })
    #expect(tracked(first))
    #expect(try w.get(.job, "j").status[.failed].int == nil)
    w.run(9)
    let second = try #require(
      w.pods("j").first { $0.annotation("batch.kubernetes.io/job-index-failure-count") == "1" })
    let released = try w.get(.pod, first.name)
    #expect(!tracked(released))
    #expect(tracked(second))
    #expect(try w.get(.job, "j").status[.failed].int == 1)
    w.run(60)
    let over = try w.get(.job, "j")
    #expect(over.status["failedIndexes"] == "1")
    #expect(over.status[.failed].int == 3)
    #expect(over.condition("Failed")?[.reason] == "FailedIndexes")
    w.finish()
  }

  @Test func anIgnoredFailureIsCountedApart() throws {
    let w = try Scenario()
    try w.assume("pods: [{selector: {app: j}, exitCode: 42}]")
    try w.apply(
      job(
        """
        completionMode: Indexed
        completions: 1
        backoffLimitPerIndex: 0
        podFailurePolicy:
          rules: [{action: Ignore, onExitCodes: {operator: In, values: [42]}}]
        """), seconds: 15)
    let counts = w.pods("j").map {
      [
        $0.annotation("batch.kubernetes.io/job-index-failure-count"),
        $0.annotation("batch.kubernetes.io/job-index-ignored-failure-count"),
      ]
    }
    #expect(counts.contains(["0", nil]))
    #expect(counts.contains(["0", "1"]))
    #expect(try w.get(.job, "j").status["failedIndexes"] == "")
  }

  @Test func tooManyFailedIndexesEndTheJob() throws {
    let w = try Scenario()
    try w.assume("pods: [{selector: {app: j}, exitCode: 1}]")
    try w.apply(
      job(
        "completionMode: Indexed\nparallelism: 3\ncompletions: 5\nbackoffLimitPerIndex: 0\nmaxFailedIndexes: 1"
      ))
    let over = try w.get(.job, "j")
    #expect(over.condition("Failed")?[.reason] == "MaxFailedIndexesExceeded")
    #expect(
      over.condition("FailureTarget")?[.message]
        == "Job has exceeded the specified maximal number of failed indexes")
    #expect(over.status["failedIndexes"] == "0-2")
    w.finish()
  }

  /// A success takes the pause after failures away.
  @Test func thePauseCountsFailuresSinceTheLastSuccess() throws {
    let w = try Scenario()
    try w.assume(
      """
      pods:
      - {selector: {app: j}, runSeconds: 3}
      - {selector: {app: j, batch.kubernetes.io/job-completion-index: '0'}, exitCode: 1, runSeconds: 1}
      """)
    try w.apply(job("completionMode: Indexed\nparallelism: 2\ncompletions: 3\nbackoffLimit: 5"), seconds: 4)
    // Index 1 has ended well after index 0 failed: both places are filled at once.
    #expect(w.pods("j").count == 4)
  }

  @Test func aJobThatIsBeingDeletedMakesNoPods() throws {
    let w = try Scenario()
    try w.assume("pods: [{selector: {app: j}, runSeconds: 100000}]")
    try w.apply(job("parallelism: 2\ncompletions: 2"))
    try w.edit(.job, "j") { $0[.metadata][.finalizers] = ["example.org/hold"] }
    try w.server.delete(ObjectKey(.job, namespace: "default", name: "j"))
    w.run(5)
    for pod in w.pods("j") { try w.server.delete(ObjectKey(of: pod)) }
    w.run(5)
    #expect(w.pods("j").isEmpty)
  }

  /// A pod that is deleted has failed when its containers have ended; only then there is another one.
  @Test func onlyFailedPodsAreReplaced() throws {
    let w = try Scenario()
    try w.assume("pods: [{selector: {app: j}, runSeconds: 100000}]")
    try w.apply(job("parallelism: 2\ncompletions: 2\npodReplacementPolicy: Failed"))
    let first = w.pods("j").map(\.name)
    try w.server.delete(ObjectKey(.pod, namespace: "default", name: first[0]))
    w.run(20)
    let job = try w.get(.job, "j")
    #expect(job.status[.failed].int == 1)
    #expect(job.status[.active].int == 2)
    #expect(!w.pods("j").map(\.name).contains(first[0]))
    w.finish()
  }

  /// Where only failed pods are replaced, those that the end of the Job takes away count as failed all the same.
  @Test func podsOfAFailedJobCount() throws {
    let w = try Scenario()
    try w.assume("pods: [{selector: {app: j}, runSeconds: 100000}]")
    try w.apply(
      job("parallelism: 2\ncompletions: 2\nactiveDeadlineSeconds: 5\npodReplacementPolicy: Failed"),
      seconds: 20)
    let over = try w.get(.job, "j")
    #expect(over.condition("Failed")?[.reason] == "DeadlineExceeded")
    #expect(over.status[.failed].int == 2)
    #expect(w.pods("j").isEmpty)
    w.finish()
  }
}
