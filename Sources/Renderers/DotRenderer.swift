import Basics
public import PlanReport

/// The changes as a graph of Graphviz: objects in the order of their waves, what a deletion takes with it, and the
/// pods of each workload on their nodes.
public struct DotRenderer: PlanRenderer {
  public static let format = "dot"
  public init() {}

  public func render(_ report: PlanReport, _ options: RenderOptions) -> [UInt8] {
    var out = "digraph plan {\n  rankdir=LR;\n  node [shape=box, style=filled, fontname=\"sans-serif\"];\n"
    let changes = report.changes.filter { $0.action != .noop }
    for wave in Set(changes.map(\.wave)).sorted() {
      out += "  subgraph cluster_wave_\(wave) {\n    label=\"wave \(wave)\";\n"
      for change in changes where change.wave == wave {
        out += "    \(quoted(change.object.address)) [label=\(quoted(label(change))), "
        out += "fillcolor=\(color(change.action))];\n"
      }
      out += "  }\n"
    }
    for change in changes {
      for gone in change.takesWithIt.prefix(50) {
        out += "  \(quoted(change.object.address)) -> \(quoted(gone.address)) [label=\"takes with it\"];\n"
      }
      for pod in change.rollout?.pods ?? [] {
        let fate = pod.fate == .created ? "palegreen" : "mistyrose"
        out += "  \(quoted(pod.object.address)) [label=\(quoted(pod.object.name)), fillcolor=\(fate)];\n"
        out += "  \(quoted(change.object.address)) -> \(quoted(pod.object.address));\n"
        if let node = pod.node {
          out += "  \(quoted(pod.object.address)) -> \(quoted("node/\(node)")) [style=dashed];\n"
        }
      }
    }
    return Array((out + "}\n").utf8)
  }

  private func label(_ change: Change) -> String { "\(change.action.symbol) \(change.object.display)" }

  private func color(_ action: Action) -> String {
    switch action {
    case .create: "palegreen"
    case .update: "khaki"
    case .replace, .delete: "lightcoral"
    case .noop: "white"
    }
  }

  private func quoted(_ text: String) -> String {
    var out = "\""
    for c in Styling.safe(text) {
      if c == "\"" || c == "\\" { out += "\\" }
      out.append(c)
    }
    return out + "\""
  }
}
