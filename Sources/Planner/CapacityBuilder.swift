import API
import APIMachinery
import Basics
import ControllerRuntime
import PlanReport
import Store

/// Sums of what pods request of each node, before and after the pass.
enum CapacityBuilder {
  fileprivate struct Sum: Sendable {
    var cpu = 0
    var memory = 0
    var pods = 0

    mutating func add(_ cpu: Int, _ memory: Int, _ sign: Int) {
      self.cpu += sign * cpu
      self.memory += sign * memory
      pods += sign
    }

    static func + (a: Sum, b: Sum) -> Sum {
      Sum(cpu: a.cpu + b.cpu, memory: a.memory + b.memory, pods: a.pods + b.pods)
    }
  }

  /// What pods request; pods of one template share their containers.
  private struct Memo {
    private var known: [HashKey: (Value, (Int, Int))] = [:]

    mutating func requests(_ pod: Value) -> (Int, Int) {
      let spec = pod.spec
      let containers = spec[.containers]
      let isPlain = !spec.has(.initContainers) && !spec.has(.overhead) && !spec.has(.resources)
      if isPlain, let id = containers.identity, let known = known[HashKey(id)] { return known.1 }
      let all = PodRequests.of(spec)
      let made = (all.cpu, all.memory)
      if isPlain, let id = containers.identity { known[HashKey(id)] = (containers, made) }
      return made
    }

    mutating func add(_ pod: Value, _ sign: Int, to sums: inout [Key: Sum]) {
      guard let node = pod.spec[.nodeName].text, node.count > 0, !PodPhase.isTerminal(pod) else { return }
      let (cpu, memory) = requests(pod)
      sums[Key(utf8: node.utf8), default: Sum()].add(cpu, memory, sign)
    }
  }

  /// What all pods of a template have in common, where they differ in nothing that counts but their nodes.
  private struct Alike {
    var cpu: Int
    var memory: Int
    var isOver: Bool
    /// The variable of the node.
    var node: Int

    init?(_ shared: RowTemplate) {
      let tree = shared.template.value
      guard let node = shared.holes.first(where: { $0.path == [.spec, .nodeName] })?.variable,
        shared.holes.allSatisfy({ Self.isIrrelevant($0.path) })
      else { return nil }
      self.node = node
      let requests = PodRequests.of(tree.spec)
      (cpu, memory, isOver) = (requests.cpu, requests.memory, PodPhase.isTerminal(tree))
    }

    /// Whether a hole changes neither what a pod requests nor whether it is over.
    private static func isIrrelevant(_ path: [Key]) -> Bool {
      guard path.count > 1 else { return false }
      if path[0] == .spec { return [.nodeName, .volumes, .affinity].contains(path[1]) }
      return !path.starts(with: [.status, .phase])
    }

    /// Nil if the line cannot be read so.
    func node(of line: FilledRow) -> Key? {
      var found: Key?
      let fits = line.each { i, text in if i == node { found = text.map { Key(utf8: $0) } } }
      return fits ? found : nil
    }
  }

  private static func sums(of part: ObjectPart) -> [Key: Sum] {
    var sums: [Key: Sum] = [:]
    var memo = Memo()
    var alike: [Int: Alike?] = [:]
    part.each { row in
      switch row {
      case .object(let pod): memo.add(pod, 1, to: &sums)
      case .filled(let line):
        let number = line.shared.number
        if alike[number] == nil { alike[number] = .some(Alike(line.shared)) }
        if let same = alike[number] ?? nil, let node = same.node(of: line) {
          if !same.isOver && !node.isEmpty { sums[node, default: Sum()].add(same.cpu, same.memory, 1) }
        } else if let pod = line.make() {
          memo.add(pod, 1, to: &sums)
        }
      }
    }
    return sums
  }

  /// What is requested of each node.
  struct Requested: Sendable { fileprivate var sums: [Key: Sum] = [:] }

  private static func sums(of part: PodLines) -> [Key: Sum] {
    let models = part.models.map { pod in
      (isOver: PodPhase.isTerminal(pod), requests: PodRequests.of(pod.spec))
    }
    var sums: [Key: Sum] = [:]
    for line in part.lines where !line.node.isEmpty && !models[line.model].isOver {
      let requests = models[line.model].requests
      sums[line.node, default: Sum()].add(requests.cpu, requests.memory, 1)
    }
    return sums
  }

  /// Before the pass; read on several cores. `lines` are those of the stored pods, if they were read for others.
  static func requested(_ base: ObjectStore, _ lines: [PodLines]?) -> Requested {
    var all = Requested()
    if let lines {
      for part in Parallel.map(lines, { sums(of: $0) }) { all.sums.merge(part) { a, b in a + b } }
      return all
    }
    for part in base.mapParts(.pod, { sums(of: $0) }) { all.sums.merge(part) { a, b in a + b } }
    return all
  }

  static func nodes(
    _ before: Requested, after: ObjectStore, changes: [ObjectChange]
  ) -> [NodeCapacity] {
    let beforeSums = before.sums
    var afterSums = beforeSums
    var memo = Memo()
    for change in changes where change.key.kind == .pod {
      if let new = change.new { memo.add(new, 1, to: &afterSums) }
      if let old = change.old { memo.add(old, -1, to: &afterSums) }
    }
    return after.list(.node, namespace: nil).map { node in
      let allocatable = node.status[.allocatable]
      func quantity(_ key: Key) -> Quantity? { allocatable[key].string.flatMap { Quantity($0) } }
      let before = beforeSums[node.nameKey] ?? Sum()
      let now = afterSums[node.nameKey] ?? Sum()
      var status: String
      switch node.condition("Ready")?[.status].string {
      case "True": status = "Ready"
      case "False": status = "NotReady"
      default: status = "Unknown"
      }
      if node.spec[.unschedulable].bool == true { status += ",SchedulingDisabled" }
      return NodeCapacity(
        name: node.name, status: status,
        cpu: .init(allocatable: Int(quantity(.cpu)?.milliValue ?? 0), before: before.cpu, after: now.cpu),
        memory: .init(
          allocatable: Int(quantity(.memory)?.value ?? 0), before: before.memory, after: now.memory),
        pods: .init(allocatable: Int(quantity(.pods)?.value ?? 0), before: before.pods, after: now.pods))
    }
  }

  /// Quotas whose use changes.
  static func quotas(_ changes: [ObjectChange]) -> [QuotaUse] {
    var out: [QuotaUse] = []
    for change in changes where change.key.kind == .resourceQuota {
      guard let new = change.new else { continue }
      for hard in new.status[.hard].fields {
        let before = change.old?.status[.used][hard.key].string ?? "0"
        let after = new.status[.used][hard.key].string ?? "0"
        guard before != after else { continue }
        out.append(
          QuotaUse(
            namespace: new.namespace, name: new.name, resource: hard.key.string,
            hard: hard.value.string ?? "",
            before: before, after: after))
      }
    }
    return out
  }
}
