import API
import APIMachinery
import Basics
import Cluster
import ManifestReader
import PlanReport
import Store

import struct ControllerRuntime.PodLines

/// Makes the report of a pass from what was written, what changed and how it went.
struct ReportBuilder {
  let input: PassInput
  let scheme: Scheme
  let store: ObjectStore
  let changes: [ObjectChange]
  let written: [Written]
  let deleted: [(key: ObjectKey, before: Value)]
  /// Jobs of the manifests that ran to their end in an earlier pass and expired.
  let alreadyRun: [DesiredSet.Entry]
  let recorder: PassRecorder
  let ending: Convergence
  let end: Instant
  let warnings: [String]
  /// Pods that the scheduler has found no node for, in order of their keys.
  let unscheduled: [Value]
  /// The stored pods by their lines, if the pass has read them.
  let podLines: [PodLines]?

  /// Of the stored pods only those are looked at in whose files something is False.
  static func unscheduled(_ base: ObjectStore, _ changes: [ObjectChange]) -> [Value] {
    func isUnscheduled(_ pod: Value) -> Bool {
      pod.condition("PodScheduled")?[.status].says("False") ?? false
    }
    var found: [ObjectKey: Value] = [:]
    for pod in base.list(.pod, near: "False") where isUnscheduled(pod) { found[ObjectKey(of: pod)] = pod }
    for change in changes where change.key.kind == .pod {
      found[change.key] = change.new.flatMap { isUnscheduled($0) ? $0 : nil }
    }
    return found.keys.sorted().compactMap { found[$0] }
  }

  /// In two rounds of parts that several cores make side by side. In each only one part looks into the store, which
  /// makes its lists when they are asked for; the others are made of values alone.
  func build() -> PlanReport {
    var report = PlanReport(
      inputs: .init(manifests: "", documents: 0, digest: ""),
      state: .init(lineage: input.lineage, serial: input.serial, digest: input.stateDigest),
      begin: input.now, end: end, ending: reportEnding())
    report.warnings = warnings
    let requested = CapacityBuilder.requested(input.base, podLines)
    let finder = FindingBuilder(self, report.ending)
    nonisolated(unsafe) let builder = self
    nonisolated(unsafe) let findings = finder
    Self.make(&report) {
      [
        {
          let nodes = CapacityBuilder.nodes(requested, after: builder.store, changes: builder.changes)
          let found = findings.build()
          return {
            $0.nodes = nodes
            $0.findings = found
          }
        },
        {
          let digest = builder.input.wantsDigests ? builder.digest() : ""
          return { $0.digest = digest }
        },
        {
          let pods = builder.podChanges()
          let consequences = builder.consequences(pods)
          return {
            $0.pods = pods
            $0.consequences = consequences
          }
        },
        {
          let inputs = builder.inputs()
          return { $0.inputs = inputs }
        },
      ]
    }
    let pods = report.pods
    Self.make(&report) {
      [
        {
          let changes = builder.ownChanges(pods)
          return { $0.changes = changes }
        },
        {
          let (derived, quotas) = (builder.derivedChanges(), CapacityBuilder.quotas(builder.changes))
          return {
            $0.derived = derived
            $0.quotas = quotas
          }
        },
      ]
    }
    report.findings = finder.sorted(report.findings, with: report.changes)
    return report
  }

  /// A part of the report: made on any core, entered on one.
  private typealias Part = @Sendable () -> @Sendable (inout PlanReport) -> Void

  private static func make(_ report: inout PlanReport, _ parts: () -> [Part]) {
    for enter in Parallel.map(parts(), { $0() }) { enter(&report) }
  }

  private func inputs() -> PlanReport.Inputs {
    .init(
      manifests: input.manifestsName, documents: input.manifests.count,
      digest: input.wantsDigests ? inputsDigest() : "")
  }

  private func inputsDigest() -> String {
    var hash = SHA256()
    for entry in written {
      hash.add(CanonicalJSON.bytes(entry.manifest.value))
      hash.add([10])
    }
    return "sha256:\(hash.hex())"
  }

  /// A digest of every object that the pass changed: of its key and of the hash of its tree, which is equal on
  /// every machine. It tells whether two passes came to the same end.
  private func digest() -> String {
    var hash = SHA256()
    var bytes: [UInt8] = []
    for change in changes {
      bytes.removeAll(keepingCapacity: true)
      for part in [change.key.kind.id, change.key.namespace, change.key.name] {
        bytes.append(contentsOf: part.utf8)
        bytes.append(10)
      }
      let tree = change.new?.hash ?? 0
      for shift: UInt64 in stride(from: 0, to: 64, by: 8) {
        bytes.append(UInt8(truncatingIfNeeded: tree >> shift))
      }
      hash.add(bytes)
    }
    return "sha256:\(hash.hex())"
  }

  private func reportEnding() -> PlanReport.Ending {
    switch ending {
    case .quiescent: return .settled
    case .horizon(let pending):
      return .horizon(
        pending: pending.map { work in
          let what = work.key.map { " \($0)" } ?? ""
          return "\(RFC3339.string(work.due))  \(work.component)\(what)"
        })
    case .oscillating(let a, let b):
      return .oscillating(
        b.map { "\(a) and \($0) change each other without end" } ?? "\(a) changes without end")
    case .spinning(let component, let key):
      let what = key.map { " at \($0)" } ?? ""
      return .oscillating("\(component) looks\(what) without end and changes nothing")
    }
  }

  // MARK: changes of the manifests

  private func ownChanges(_ pods: [PodChange]) -> [Change] {
    var byOwner: [ObjectName: [Int]] = [:]
    for (i, pod) in pods.enumerated() {
      if let owner = pod.owner { byOwner[owner, default: []].append(i) }
    }
    var out: [Change] = []
    for entry in written where entry.replaced || entry.before != entry.after {
      let after = store.get(entry.key) ?? entry.after
      let name = ObjectName(of: entry.after)
      let source = Place(file: entry.manifest.file, line: entry.manifest.line)
      var change: Change
      if entry.replaced {
        change = Change(
          object: name, action: .replace, reason: .replaceBecauseImmutable, source: source, wave: entry.wave)
      } else if entry.before == nil {
        change = Change(object: name, action: .create, reason: .notInState, source: source, wave: entry.wave)
        change.summary = Summaries.of(entry.after)
      } else {
        change = Change(
          object: name, action: .update, reason: .fieldsChanged, source: source, wave: entry.wave)
      }
      if let before = entry.before {
        change.fields = FieldDifferences.between(
          before, entry.after, scheme.info(entry.key.kind), replaced: entry.replaced)
        if change.fields.isEmpty && !entry.replaced { continue }
        change.before = SecretMask.masked(before)
      }
      change.after = SecretMask.masked(entry.after)
      change.rollout = RolloutBuilder(self).rollout(
        entry.key, before: entry.before, after: after, fields: change.fields, pods: pods, byOwner: byOwner)
      out.append(change)
    }
    let cascades = Cascades(changes: changes, deleted: Set(deleted.map(\.key)))
    for (key, before) in deleted {
      var change = Change(
        object: ObjectName(of: before), action: .delete, reason: .notInManifests, source: nil,
        wave: Waves.wave(of: key.kind))
      change.before = SecretMask.masked(before)
      change.takesWithIt = cascades.of(before)
      out.append(change)
    }
    return out
  }

  private func derivedChanges() -> [DerivedChange] {
    let own = Set(written.map(\.key)).union(deleted.map(\.key))
    return changes.compactMap { change in
      if own.contains(change.key) || change.key.kind == .event || change.key.kind == .lease { return nil }
      let action: Action = change.old == nil ? .create : change.new == nil ? .delete : .update
      guard let object = change.new ?? change.old else { return nil }
      return DerivedChange(object: ObjectName(of: object), action: action)
    }
  }

  // MARK: pods

  private func podChanges() -> [PodChange] {
    var out: [PodChange] = []
    var owners: [Key: ObjectName] = [:]
    out.reserveCapacity(recorder.pods.count)
    for (number, stored) in recorder.pods {
      let course = recorder.course(number)
      let last = stored.new ?? course.last
      let existed = stored.old != nil
      if course.created == nil && course.gone == nil { continue }
      // What came and went within the pass leaves no trace for the reader.
      if course.gone != nil && !existed { continue }
      var change = PodChange(object: ObjectName(of: last), fate: course.gone == nil ? .created : .terminated)
      if course.preempted && course.gone != nil { change.fate = .preempted }
      change.node = last.spec[.nodeName].string
      change.owner = last.controllerReference.map { owner in
        // Pods of one owner share the name.
        let uid = owner[.uid].key
        if !uid.isEmpty, let known = owners[uid], known.namespace == last.namespace { return known }
        let made = ObjectName(
          apiVersion: owner[.apiVersion].string ?? "", kind: owner[.kind].string ?? "",
          namespace: last.namespace, name: owner[.name].string ?? "")
        owners[uid] = made
        return made
      }
      if course.gone == nil {
        if let scheduled = last.condition("PodScheduled"), scheduled[.status].says("False") {
          change.pending = scheduled[.message].string ?? "not scheduled"
        } else {
          change.trouble = PodTrouble.of(last)
        }
      }
      if let ready = course.ready, let created = course.created {
        change.readyAfter = (max(ready, created) - input.now).inSeconds
      }
      out.append(change)
    }
    return out
  }

  private func consequences(_ pods: [PodChange]) -> PlanReport.Consequences {
    var counts = PlanReport.Consequences()
    for pod in pods {
      switch pod.fate {
      case .created: counts.podsCreated += 1
      case .terminated: counts.podsTerminated += 1
      case .preempted:
        counts.podsTerminated += 1
        counts.podsPreempted += 1
      }
    }
    counts.podsUnschedulable = unscheduled.count
    return counts
  }
}

/// Why a pod that has a node is not ready.
enum PodTrouble {
  static func of(_ pod: Value) -> String? {
    let phase = pod[.status, .phase]
    if phase.says("Succeeded") { return nil }
    if phase.says("Failed") {
      let reason = pod.status[.reason].string ?? "Failed"
      return pod.status[.message].string.map { "\(reason): \($0)" } ?? reason
    }
    if pod.condition("Ready")?[.status].says("True") ?? false { return nil }
    for list in [Key.initContainerStatuses, .containerStatuses] {
      for container in pod.status[list].items {
        if let reason = container[.state][.waiting][.reason].string, reason != "PodInitializing",
          reason != "ContainerCreating"
        {
          return "\(container[.name].string ?? ""): \(reason)"
        }
      }
    }
    return pod.condition("Ready") == nil ? nil : "not ready"
  }
}

/// A few words on a new object.
enum Summaries {
  /// An image for reading: without its digest where it has a tag, else with the digest's beginning.
  static func image(_ name: String) -> String {
    guard let at = name.firstIndex(of: "@") else { return name }
    let plain = name[..<at]
    let last = plain.split(separator: "/").last ?? plain
    return last.contains(":") ? String(plain) : String(name.prefix(plain.utf8.count + 20))
  }

  static func of(_ object: Value) -> String {
    var parts: [String] = []
    let spec = object.spec
    if let n = spec[.replicas].int, object.kindName != "HorizontalPodAutoscaler" {
      parts.append(n == 1 ? "1 replica" : "\(n) replicas")
    }
    let template = object.kindName == "CronJob" ? spec[.jobTemplate][.spec][.template] : spec[.template]
    let containers = object.kindName == "Pod" ? spec[.containers] : template[.spec][.containers]
    parts += containers.items.prefix(3).compactMap { $0[.image].string.map(image) }
    switch object.kindName {
    case "Service":
      parts.append(spec[.type].string ?? "ClusterIP")
      parts += spec[.ports].items.prefix(3).compactMap { $0[.port].int.map { "\($0)" } }
    case "CronJob": parts.append(spec[.schedule].string ?? "")
    case "PersistentVolumeClaim": parts.append(spec[.resources][.requests][.storage].string ?? "")
    case "HorizontalPodAutoscaler":
      parts.append("\(spec[.minReplicas].int ?? 1)–\(spec[.maxReplicas].int ?? 0) replicas")
    case "ConfigMap", "Secret":
      let n = object[.data].count
      parts.append(n == 1 ? "1 key" : "\(n) keys")
    default: break
    }
    return parts.filter { !$0.isEmpty }.joined(separator: " · ")
  }
}
