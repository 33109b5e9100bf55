import API
import APIMachinery
import PlanReport
import Store

/// Sums of what pods request of each node, before and after the pass.
enum CapacityBuilder {
  private struct Sum {
    var cpu = 0
    var memory = 0
    var pods = 0

    mutating func add(_ cpu: Int, _ memory: Int, _ sign: Int) {
      self.cpu += sign * cpu
      self.memory += sign * memory
      pods += sign
    }
  }

  static func nodes(base: ObjectStore, after: ObjectStore, changes: [ObjectChange]) -> [NodeCapacity] {
    var afterSums: [Key: Sum] = [:]
    var cache: [ObjectIdentifier: (Value, (Int, Int))] = [:]
    // Pods of one template share their containers.
    func requests(_ pod: Value) -> (Int, Int) {
      let spec = pod.spec
      let containers = spec[.containers]
      let isPlain = !spec.has(.initContainers) && !spec.has(.overhead) && !spec.has(.resources)
      if isPlain, let id = containers.identity, let known = cache[id] { return known.1 }
      let all = PodRequests.of(spec)
      let made = (all.cpu, all.memory)
      if isPlain, let id = containers.identity { cache[id] = (containers, made) }
      return made
    }
    func add(_ pod: Value, _ sign: Int, to sums: inout [Key: Sum]) {
      guard let node = pod.spec[.nodeName].text, node.count > 0 else { return }
      if let phase = pod.status[.phase].text, phase.equals("Succeeded") || phase.equals("Failed") { return }
      let (cpu, memory) = requests(pod)
      sums[Key(utf8: node.utf8), default: Sum()].add(cpu, memory, sign)
    }
    for pod in after.list(.pod, namespace: nil) { add(pod, 1, to: &afterSums) }
    var beforeSums = afterSums
    for change in changes where change.key.kind == .pod {
      if let new = change.new { add(new, -1, to: &beforeSums) }
      if let old = change.old { add(old, 1, to: &beforeSums) }
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
