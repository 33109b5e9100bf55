import API
import APIMachinery
import Basics

/// The stages of a pod's containers on its node: init containers one after the other, native sidecars in their
/// turn, then the rest; ends, restarts and the deadline (`kubelet/kuberuntime`, `kubelet/status`).
///
/// Everything is read from the pod and written back to it; nothing is remembered outside.
struct PodLifecycle {
  let pod: Value
  let assumptions: Assumptions
  let now: Instant
  let isJob: Bool
  let policy: String
  var inits: [ContainerRun]
  var mains: [ContainerRun]
  var deadlineExceeded: Bool
  /// The pod is being deleted: its containers have been stopped for good.
  var isStopped = false
  /// When something changes by itself.
  var nextDue: Instant?

  init(_ pod: Value, _ assumptions: Assumptions, now: Instant) {
    self.pod = pod
    self.assumptions = assumptions
    self.now = now
    let spec = pod.spec
    let status = pod.status
    policy = spec[.restartPolicy].string ?? "Always"
    isJob = pod.controllerReference?[.kind].string == "Job"
    inits = Self.runs(spec[.initContainers], status[.initContainerStatuses], isInit: true)
    mains = Self.runs(spec[.containers], status[.containerStatuses], isInit: false)
    deadlineExceeded = status[.reason].says("DeadlineExceeded")
  }

  private static func runs(_ specs: Value, _ statuses: Value, isInit: Bool) -> [ContainerRun] {
    specs.items.map { spec in
      let name = spec[.name]
      return ContainerRun(spec, isInit: isInit, status: statuses.items.first { $0[.name] == name })
    }
  }

  /// Brings the containers to where they are at `now`.
  mutating func advance() {
    nextDue = nil
    if checkDeadline() { return }
    let initialized = advanceInits()
    if initialized { mains = advanced(mains) }
    if isOver { stopSidecars() }
    inits = settled(inits)
    mains = settled(mains)
  }

  /// Ends all containers for good: in good order, as on the deletion of the pod, or with another exit code.
  mutating func stop(code: Int = 0) {
    isStopped = true
    for i in inits.indices where inits[i].isRunning { inits[i].end(code: code, at: now) }
    for i in mains.indices where mains[i].isRunning { mains[i].end(code: code, at: now) }
  }

  /// Whether no container runs or will run again.
  var isOver: Bool {
    if deadlineExceeded || initsFailed || isStopped { return true }
    return mains.allSatisfy { $0.hasEnded && !restarts($0) }
  }

  var initsFailed: Bool {
    inits.contains { !$0.isSidecar && $0.hasEnded && $0.exitCode != 0 && !restarts($0) }
  }

  private mutating func checkDeadline() -> Bool {
    if deadlineExceeded { return true }
    guard let seconds = pod.spec[.activeDeadlineSeconds].int else { return false }
    // A pod that starts now has no time of its start yet.
    let start = pod.status[.startTime].string.flatMap { RFC3339.parse($0) } ?? now.wholeSecond
    let end = start + .seconds(seconds)
    if end > now {
      wake(end)
      return false
    }
    deadlineExceeded = true
    for i in inits.indices where inits[i].isRunning { inits[i].end(code: 137, at: now) }
    for i in mains.indices where mains[i].isRunning { mains[i].end(code: 137, at: now) }
    return true
  }

  /// Runs init containers in order; true when the main containers may start.
  private mutating func advanceInits() -> Bool {
    if mains.contains(where: { !$0.isFresh }) {
      for i in inits.indices where inits[i].isSidecar {
        var run = inits[i]
        advance(&run)
        inits[i] = run
      }
      return true
    }
    for i in inits.indices {
      var run = inits[i]
      advance(&run)
      inits[i] = run
      if inits[i].isSidecar {
        if !inits[i].isRunning { return false }
      } else if inits[i].exitCode != 0 {
        return false
      }
    }
    return true
  }

  private mutating func advanced(_ runs: [ContainerRun]) -> [ContainerRun] {
    var runs = runs
    for i in runs.indices { advance(&runs[i]) }
    return runs
  }

  private mutating func settled(_ runs: [ContainerRun]) -> [ContainerRun] {
    var runs = runs
    for i in runs.indices { settleReadiness(&runs[i]) }
    return runs
  }

  private mutating func advance(_ run: inout ContainerRun) {
    // Each turn either changes the container or ends the loop; runs and waits of no length are bounded.
    for _ in 0..<4 {
      switch run.state {
      case .running(let since):
        guard let (end, code) = plannedEnd(run, since) else { return }
        if end > now {
          wake(end)
          return
        }
        run.end(code: code, at: end)
      case .ended(let end):
        guard restarts(run) else { return }
        let wait = RestartBackoff.seconds(restarts: run.restarts, isJob: isJob)
        if end.finished + .seconds(wait) > now {
          run.waitForRestart(wait, pod: pod)
        } else {
          run.start(now, id: containerID(run))
        }
      case .waiting:
        if let last = run.last {
          let wait = RestartBackoff.seconds(restarts: run.restarts, isJob: isJob)
          let due = last.finished + .seconds(wait)
          if due > now {
            wake(due)
            return
          }
        }
        run.start(now, id: containerID(run))
      }
    }
  }

  /// When and how a running container ends; nil if it runs for ever.
  private func plannedEnd(_ run: ContainerRun, _ since: Instant) -> (Instant, Int)? {
    let assumed = assumptions.container(run.name, isInit: run.isInit, of: pod)
    if let seconds = assumed.runSeconds { return (since + .seconds(seconds), assumed.exitCode ?? 0) }
    if run.isInit && !run.isSidecar { return (since, assumed.exitCode ?? 0) }
    if let code = assumed.exitCode { return (since + .seconds(1), code) }
    if isJob && !run.isSidecar { return (since + .seconds(1), 0) }
    return nil
  }

  /// Whether the container starts again once it has ended (`ShouldContainerBeRestarted`).
  func restarts(_ run: ContainerRun) -> Bool {
    if deadlineExceeded || isStopped { return false }
    if run.isSidecar { return true }
    let code = run.lastEnd?.code ?? 0
    if run.spec["restartPolicyRules"].items.contains(where: { Self.asksForRestart($0, code) }) { return true }
    if run.isInit {
      return code != 0 && (run.spec[.restartPolicy].string ?? policy) != "Never"
    }
    switch run.spec[.restartPolicy].string ?? policy {
    case "Never": return false
    case "OnFailure": return code != 0
    default: return true
    }
  }

  /// Whether a rule of a container holds for an exit code (KEP-5307).
  private static func asksForRestart(_ rule: Value, _ code: Int) -> Bool {
    let values = rule["exitCodes"][.values].items.compactMap(\.int)
    guard rule[.action].says("Restart") else { return false }
    switch rule["exitCodes"][.operator].string {
    case "In": return values.contains(code)
    case "NotIn": return !values.contains(code)
    default: return false
    }
  }

  private mutating func stopSidecars() {
    let at = mains.compactMap { $0.lastEnd?.finished }.max() ?? now
    for i in inits.indices where inits[i].isRunning { inits[i].end(code: 0, at: at) }
    nextDue = nil
  }

  private mutating func settleReadiness(_ run: inout ContainerRun) {
    switch run.state {
    case .running(let since):
      if run.isInit && !run.isSidecar {
        run.ready = false
        run.started = false
        return
      }
      run.started = passed(run.spec[.startupProbe], since)
      let assumed = assumptions.container(run.name, isInit: run.isInit, of: pod).ready ?? true
      run.ready = assumed && run.started && passed(run.spec[.readinessProbe], since)
    case .ended(let end):
      run.started = false
      run.ready = run.isInit && !run.isSidecar && end.code == 0
    case .waiting:
      run.ready = false
      run.started = false
    }
  }

  /// Probes succeed from the end of their initial delay on, and count when they have done so often enough.
  private mutating func passed(_ probe: Value, _ since: Instant) -> Bool {
    let successes = max(1, probe[.successThreshold].int ?? 1)
    let delay =
      max(0, probe[.initialDelaySeconds].int ?? 0) + (successes - 1) * max(1, probe[.periodSeconds].int ?? 10)
    if delay == 0 { return true }
    let end = since + .seconds(delay)
    if end <= now { return true }
    wake(end)
    return false
  }

  private mutating func wake(_ instant: Instant) { nextDue = min(nextDue ?? instant, instant) }

  private func containerID(_ run: ContainerRun) -> String {
    ContainerRun.id(pod.uid, run.name, run.lastEnd == nil ? 0 : run.restarts + 1)
  }
}
