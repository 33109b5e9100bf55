import APIMachinery
import APIServer
import Basics
import Renderers
import Scheduler

/// `explain pod NS/NAME`: every node's verdict and scores, and what would make a pending pod fit.
struct ExplainPod {
  static let options =
    SchedulerView.options + [Option("all", "every node, however many there are")]
  private static let rows = 30

  /// Whether the words ask about a pod and not about a kind's fields.
  static func isMeant(_ words: [String]) -> Bool {
    words.count == 2 && ["pod", "pods", "po"].contains(words[0])
  }

  static func run(_ name: String, _ arguments: Arguments, _ console: Console) throws -> ExitStatus {
    let view = try SchedulerView(arguments)
    let parts = name.split(separator: "/", maxSplits: 1).map(String.init)
    let namespace = parts.count == 2 ? parts[0] : arguments.string("namespace") ?? "default"
    let key = ObjectKey(.pod, namespace: namespace, name: parts.last ?? "")
    guard let explanation = view.scheduler.explain(key) else {
      let phase = view.server.get(key)?.status[.phase].string
      let text =
        phase.map { "pod \(namespace)/\(key.name) has ended (\($0)): the scheduler does not know it" }
        ?? APIError.notFound("pods", key.name.string).message
      throw CommandFailure(code: "no-pod", text)
    }
    if arguments.string("output") == "json" {
      console.write(JSONPretty.bytes(json(explanation), indent: 2) + [0x0A])
    } else {
      text(explanation, all: arguments.flag("all"), console)
    }
    return .success
  }

  // MARK: Text

  private static func text(_ e: PodExplanation, all: Bool, _ console: Console) {
    let place = e.assigned.isEmpty ? "no node" : "on node \(e.assigned)"
    console.print("pod \(e.pod.namespace)/\(e.pod.name): \(place)")
    if !e.scheduler.isEmpty {
      let now = e.assigned.isEmpty ? "a cycle now" : "a cycle now, were it not placed yet,"
      if !e.victims.isEmpty {
        console.print("\(now) would preempt \(e.victims.joined(separator: ", ")) on node \(e.chosen)")
      } else {
        console.print(e.chosen.isEmpty ? "\(now) finds no node" : "\(now) chooses node \(e.chosen)")
      }
    }
    if !e.message.isEmpty { console.print(e.message) }
    if !e.remedies.isEmpty {
      console.print("\nWhat would make it fit, the smallest change first")
      for remedy in e.remedies { console.print("  - \(remedy.text)\(nodes(remedy.nodes))") }
    }
    scores(e, all, console)
    rejections(e, all, console)
  }

  private static func nodes(_ names: [String]) -> String {
    if names.isEmpty { return "" }
    let shown = names.prefix(3).joined(separator: ", ")
    let more = names.count > 3 ? " and \(names.count - 3) more" : ""
    return names.count == 1 ? "   [node \(shown)]" : "   [any of \(names.count) nodes: \(shown)\(more)]"
  }

  private static func scores(_ e: PodExplanation, _ all: Bool, _ console: Console) {
    let fitting = e.nodes.enumerated().filter { $0.element.fits }.sorted { a, b in
      a.element.total == b.element.total ? a.offset < b.offset : a.element.total > b.element.total
    }.map(\.element)
    if fitting.isEmpty { return }
    console.print("\nScores of the \(fitting.count) nodes on which it fits (weighted)")
    let header = ["NODE", "TOTAL"] + e.plugins.map { "\($0.name)×\($0.weight)" }
    let right = Array(repeating: Table.Alignment.right, count: header.count - 1)
    var table = Table(header, alignment: [.left] + right, gap: 2)
    for node in all ? fitting[...] : fitting.prefix(rows) {
      table.rows.append([node.name, "\(node.total)"] + node.scores.map(String.init))
    }
    for line in table.lines() { console.print("  " + line) }
    more(fitting.count, all, console)
  }

  private static func rejections(_ e: PodExplanation, _ all: Bool, _ console: Console) {
    let rejecting = e.nodes.filter { !$0.fits }
    if rejecting.isEmpty { return }
    console.print("\nNodes on which it does not fit: \(rejecting.count)")
    var table = Table(["NODE", "PLUGIN", "REASON"], gap: 2)
    for node in all ? rejecting[...] : rejecting.prefix(rows) {
      table.rows.append([node.name, node.plugin, node.reasons.joined(separator: ", ")])
    }
    for line in table.lines() { console.print("  " + line) }
    more(rejecting.count, all, console)
  }

  private static func more(_ count: Int, _ all: Bool, _ console: Console) {
    if !all, count > rows { console.print("  … and \(count - rows) more; --all shows them") }
  }

  // MARK: JSON

  private static func json(_ e: PodExplanation) -> Value {
    func list(_ texts: [String]) -> Value { .array(texts.map { .string($0) }) }
    let nodes = e.nodes.map { node -> Value in
      if !node.fits {
        return [
          "node": .string(node.name), "fits": false, "plugin": .string(node.plugin),
          "reasons": list(node.reasons),
        ]
      }
      let scores = zip(e.plugins, node.scores).map { plugin, points -> Value in
        ["plugin": .string(plugin.name), "weight": .int(plugin.weight), "weighted": .int(points)]
      }
      return [
        "node": .string(node.name), "fits": true, "total": .int(node.total), "scores": .array(scores),
      ]
    }
    let remedies = e.remedies.map { remedy -> Value in
      ["change": .string(remedy.text), "nodes": list(remedy.nodes)]
    }
    return [
      "pod": ["namespace": .string(e.pod.namespace), "name": .string(e.pod.name)],
      "scheduler": .string(e.scheduler), "assignedNode": e.assigned.isEmpty ? .null : .string(e.assigned),
      "chosenNode": e.chosen.isEmpty ? .null : .string(e.chosen), "message": .string(e.message),
      "victims": list(e.victims), "nodes": .array(nodes), "remedies": .array(remedies),
    ]
  }
}
