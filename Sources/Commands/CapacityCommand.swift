import API
import APIMachinery
import APIServer
import Basics
import Renderers
import Scheduler

/// `capacity [KIND/NAME]`: how many more replicas fit and what runs out first; `--drain`: what draining each node
/// would do.
struct CapacityCommand: Command {
  static let name = "capacity"
  static let summary = "How many more replicas fit, what runs out first, what draining a node does"
  static let usage = "[KIND/NAME]"
  static let discussion =
    "Asks the scheduler over the stored cluster; nothing is preempted and nothing is written."
  static let options =
    SchedulerView.options + [
      Option("drain", "drain each node as a what-if: pods that move, stay pending, or a budget holds"),
      Option("limit", value: "N", "stop counting here (default 10000)"),
    ]

  func run(_ arguments: Arguments, _ console: Console) throws -> ExitStatus {
    let limit = Int(arguments.string("limit") ?? "10000") ?? -1
    if limit < 1 { throw Arguments.UsageError(message: "--limit must be a positive number") }
    if arguments.positional.count > 1 {
      throw Arguments.UsageError(message: "name one workload, for example deployment/web")
    }
    let view = try SchedulerView(arguments)
    let asJSON = arguments.string("output") == "json"
    if arguments.flag("drain") {
      if !arguments.positional.isEmpty { throw Arguments.UsageError(message: "--drain takes no workload") }
      DrainReport(view.scheduler).write(asJSON, console)
      return .success
    }
    var workloads: [WorkloadTemplate] = []
    if let word = arguments.positional.first {
      workloads = [try WorkloadTemplate.named(word, arguments.string("namespace") ?? "default", view)]
    } else {
      workloads = WorkloadTemplate.all(view, namespace: arguments.string("namespace"))
    }
    let answers = workloads.map { ($0, view.scheduler.capacity(of: $0.pod, limit: limit)) }
    if asJSON {
      console.write(JSONPretty.bytes(.array(answers.map(json)), indent: 2) + [0x0A])
    } else if arguments.positional.isEmpty {
      table(answers, console)
    } else {
      for (workload, answer) in answers { detail(workload, answer, console) }
    }
    return .success
  }

  private func count(_ answer: CapacityAnswer) -> String {
    answer.isCapped ? "\(answer.count) or more" : "\(answer.count)"
  }

  private func first(_ answer: CapacityAnswer) -> String {
    answer.runsOut.first.map { "\($0.reason) (\($0.nodes) \($0.nodes == 1 ? "node" : "nodes"))" } ?? ""
  }

  private func table(_ answers: [(WorkloadTemplate, CapacityAnswer)], _ console: Console) {
    if answers.isEmpty { console.warn("No workloads found") }
    if answers.isEmpty { return }
    var table = Table(
      ["NAMESPACE", "WORKLOAD", "REPLICAS", "MORE", "RUNS OUT FIRST"],
      alignment: [.left, .left, .right, .right, .left])
    for (workload, answer) in answers {
      table.rows.append(
        [workload.namespace, workload.title, "\(workload.replicas)", count(answer), first(answer)])
    }
    for line in table.lines() { console.print(line) }
  }

  private func detail(_ workload: WorkloadTemplate, _ answer: CapacityAnswer, _ console: Console) {
    let noun = answer.count == 1 ? "replica fits" : "replicas fit"
    console.print("\(workload.title) (\(workload.namespace)): \(count(answer)) more \(noun)")
    if !answer.isCapped {
      console.print("runs out first: \(first(answer))")
      console.print("the next one: \(answer.message)")
    }
    if answer.nodes.isEmpty { return }
    var table = Table(["NODE", "MORE"], alignment: [.left, .right])
    for node in answer.nodes { table.rows.append([node.name, "\(node.count)"]) }
    for line in table.lines() { console.print("  " + line) }
  }

  private func json(_ entry: (WorkloadTemplate, CapacityAnswer)) -> Value {
    let (workload, answer) = entry
    return [
      "workload": .string(workload.title), "namespace": .string(workload.namespace),
      "replicas": .int(workload.replicas), "more": .int(answer.count), "capped": .bool(answer.isCapped),
      "message": .string(answer.message),
      "nodes": .array(answer.nodes.map { ["node": .string($0.name), "more": .int($0.count)] }),
      "runsOut": .array(answer.runsOut.map { ["reason": .string($0.reason), "nodes": .int($0.nodes)] }),
    ]
  }
}

/// A workload and the pod that one more replica would be.
struct WorkloadTemplate {
  var title: String
  var namespace: String
  var replicas: Int
  var pod: Value

  private static let kinds: [GroupKind] = [.deployment, .statefulSet, .replicaSet, .replicationController]

  static func named(_ word: String, _ namespace: String, _ view: SchedulerView) throws -> WorkloadTemplate {
    let parts = word.split(separator: "/", maxSplits: 1).map(String.init)
    guard parts.count == 2, let info = view.server.scheme.info(named: parts[0]),
      kinds.contains(info.groupKind)
    else {
      throw Arguments.UsageError(
        message: "\(word): name a deployment, statefulset, replicaset or replicationcontroller, as KIND/NAME")
    }
    guard let object = view.server.get(ObjectKey(info.groupKind, namespace: namespace, name: parts[1])) else {
      throw CommandFailure(code: "not-found", APIError.notFound(info.resourceName, parts[1]).message)
    }
    return of(object, info.singular, view.server)
  }

  /// All workloads that no other one owns.
  static func all(_ view: SchedulerView, namespace: String?) -> [WorkloadTemplate] {
    kinds.flatMap { kind -> [WorkloadTemplate] in
      let singular = view.server.scheme.info(kind)?.singular ?? ""
      return view.server.list(kind, namespace: namespace.map { Key($0) })
        .filter { $0.controllerReference == nil }.map { of($0, singular, view.server) }
    }
  }

  private static func of(_ object: Value, _ singular: String, _ server: APIServer) -> WorkloadTemplate {
    WorkloadTemplate(
      title: "\(singular)/\(object.name)", namespace: object.namespace,
      replicas: object.spec[.replicas].int ?? 1,
      pod: sample(object, server) ?? template(object))
  }

  /// A pod that is there already, without its place; the newest set of a Deployment first.
  private static func sample(_ object: Value, _ server: APIServer) -> Value? {
    var owners = [object]
    if object.kindName == "Deployment" {
      owners = server.owned(by: object.uidKey).compactMap { server.get($0) }
        .filter {
          $0.kindName == "ReplicaSet" && $0.spec[.template][.spec][.containers] == containers(object)
        }
    }
    for owner in owners {
      for key in server.owned(by: owner.uidKey) where key.kind == .pod {
        guard var pod = server.get(key) else { continue }
        pod[.spec].remove(.nodeName)
        pod[.status] = .emptyObject
        pod[.metadata].remove(.deletionTimestamp)
        return withoutClaims(pod, object)
      }
    }
    return nil
  }

  private static func containers(_ object: Value) -> Value { object.spec[.template][.spec][.containers] }

  /// The pod that the template describes.
  private static func template(_ object: Value) -> Value {
    let template = object.spec[.template]
    let owner: Value = [
      "apiVersion": object[.apiVersion], "kind": object[.kind], "name": object[.metadata][.name],
      "uid": object[.metadata][.uid], "controller": true,
    ]
    return [
      "apiVersion": "v1", "kind": "Pod",
      "metadata": [
        "name": .string(object.name + "-more"), "namespace": object[.metadata][.namespace],
        "labels": template.labels, "ownerReferences": [owner],
      ],
      "spec": template.spec, "status": .emptyObject,
    ]
  }

  /// Each replica of a StatefulSet gets claims of its own, which are not there yet.
  private static func withoutClaims(_ pod: Value, _ set: Value) -> Value {
    let own = Set(set.spec[.volumeClaimTemplates].items.map(\.nameKey))
    if own.isEmpty { return pod }
    var pod = pod
    pod[.spec][.volumes] = .array(pod.spec[.volumes].items.filter { !own.contains($0[.name].key) })
    return pod
  }
}
