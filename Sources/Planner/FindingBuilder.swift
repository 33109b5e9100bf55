import APIMachinery
import Basics
import ManifestReader
import PlanReport
import Store

/// What a reviewer should know about the outcome, most severe first.
struct FindingBuilder {
  let builder: ReportBuilder
  let ending: PlanReport.Ending
  private let sources: [ObjectKey: Int]

  init(_ builder: ReportBuilder, _ ending: PlanReport.Ending) {
    self.builder = builder
    self.ending = ending
    var sources: [ObjectKey: Int] = [:]
    sources.reserveCapacity(builder.written.count)
    for (i, entry) in builder.written.enumerated() { sources[entry.key] = i }
    self.sources = sources
  }

  /// What is found without knowing the changes of the manifests.
  func build() -> [Finding] {
    pods() + workloads() + services() + claims() + oscillation() + alreadyRun() + nodes()
      + DanglingReferences(builder: builder).findings()
      + ResourceClaimFindings(builder: builder, source: source).findings()
      + WebhookFindings(builder: builder, source: source).findings()
  }

  /// All findings, with what follows from deletions; those of one code in the order in which they were found.
  func sorted(_ found: [Finding], with changes: [Change]) -> [Finding] {
    (found + deletions(changes)).enumerated().sorted { a, b in
      if a.element.severity != b.element.severity { return a.element.severity < b.element.severity }
      if a.element.code != b.element.code { return a.element.code.rawValue < b.element.code.rawValue }
      return a.offset < b.offset
    }.map(\.element)
  }

  /// The manifest of the object or of the topmost owner that has one.
  private func source(_ object: Value) -> Place? {
    var current = object
    for _ in 0..<8 {
      if let i = sources[ObjectKey(of: current)] {
        return Place(file: builder.written[i].manifest.file, line: builder.written[i].manifest.line)
      }
      guard let owner = current.controllerReference else { return nil }
      let key = ObjectKey(
        GroupKind(apiVersion: owner[.apiVersion].string ?? "", kind: owner[.kind].string ?? ""),
        current.namespaceKey, owner[.name].key)
      guard let next = builder.store.get(key) else { return nil }
      current = next
    }
    return nil
  }

  /// Pods without a node, and those that this pass made or changed and that are in trouble.
  private func pods() -> [Finding] {
    var found: [(key: ObjectKey, finding: Finding)] = builder.unscheduled.map { pod in
      let message = pod.condition("PodScheduled")?[.message].string ?? "not scheduled"
      return (
        ObjectKey(of: pod),
        Finding(.error, .unschedulable, ObjectName(of: pod), message, source: source(pod))
      )
    }
    let known = Set(found.map(\.key))
    for (_, change) in builder.recorder.pods {
      guard let pod = change.new, !known.contains(change.key), let trouble = PodTrouble.of(pod) else {
        continue
      }
      found.append(
        (change.key, Finding(.warning, .notReady, ObjectName(of: pod), trouble, source: source(pod))))
    }
    return found.sorted { $0.key < $1.key }.map(\.finding)
  }

  private func workloads() -> [Finding] {
    var out: [Finding] = []
    for entry in builder.written {
      guard let now = builder.store.get(entry.key), let trouble = WorkloadProgress.trouble(now) else {
        continue
      }
      out.append(Finding(.warning, .notReady, ObjectName(of: now), trouble, source: source(now)))
      if let failure = now.condition("ReplicaFailure"), failure[.status].says("True") {
        out.append(
          Finding(
            .error, .createRefused, ObjectName(of: now), failure[.message].string ?? "pods are refused",
            source: source(now)))
      }
    }
    return out
  }

  private func services() -> [Finding] {
    builder.changes.compactMap { change in
      guard change.key.kind == .service, let service = change.new, !service.spec[.selector].isEmpty,
        !service.spec[.type].says("ExternalName")
      else { return nil }
      let key = ObjectKey(.endpoints, change.key.namespace, change.key.name)
      let subsets = builder.store.get(key)?[.subsets] ?? .null
      if subsets.items.contains(where: { !$0[.addresses].isEmpty }) { return nil }
      return Finding(
        .warning, .noReadyBackend, ObjectName(of: service),
        "no ready pod matches the selector of the service",
        source: source(service))
    }
  }

  private func deletions(_ changes: [Change]) -> [Finding] {
    changes.filter { $0.action == .delete }.compactMap { change in
      if change.object.kind == "PersistentVolumeClaim" || change.object.kind == "PersistentVolume" {
        return Finding(.warning, .dataLost, change.object, "the volume and what is on it may go with it")
      }
      guard !change.takesWithIt.isEmpty else { return nil }
      return Finding(
        .warning, .cascade, change.object, "takes \(change.takesWithIt.count) more objects with it")
    }
  }

  private func claims() -> [Finding] {
    builder.changes.compactMap { change in
      guard change.key.kind == .persistentVolumeClaim, let claim = change.new,
        claim.status[.phase].says("Pending")
      else { return nil }
      return Finding(
        .warning, .claimPending, ObjectName(of: claim), "the claim has no volume", source: source(claim))
    }
  }

  private func alreadyRun() -> [Finding] {
    builder.alreadyRun.map { entry in
      Finding(
        .note, .alreadyRun, ObjectName(of: entry.manifest.value),
        "finished, expired by ttlSecondsAfterFinished; not run again while its manifest stays as it is",
        source: Place(file: entry.manifest.file, line: entry.manifest.line))
    }
  }

  /// Nodes that stop being ready in this pass.
  private func nodes() -> [Finding] {
    func readiness(_ node: Value?) -> String? { node?.condition("Ready")?[.status].string }
    return builder.changes.compactMap { change in
      guard change.key.kind == .node, let node = change.new, readiness(change.old) == "True",
        let now = readiness(node), now != "True"
      else { return nil }
      let why = node.condition("Ready")?[.message].string ?? ""
      return Finding(
        .warning, .nodeNotReady, ObjectName(of: node), "Ready is \(now): \(why)", source: source(node))
    }
  }

  private func oscillation() -> [Finding] {
    guard case .oscillating(let who) = ending else { return [] }
    return [
      Finding(
        .error, .oscillating, ObjectName(apiVersion: "", kind: "Pass", namespace: "", name: "pass"), who)
    ]
  }
}
