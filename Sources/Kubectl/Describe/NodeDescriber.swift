import API
import APIMachinery
import ControllerRuntime

enum NodeDescriber: Describer {
  static let kind = GroupKind.node

  static func describe(_ node: Value, _ writer: inout DescribeWriter, _ context: DescribeContext) {
    writer.field("Name", node.name)
    let roles = NodeRoles.of(node)
    writer.field("Roles", roles.isEmpty ? "<none>" : roles.joined(separator: ","))
    writer.metadata(node)
    writer.field("CreationTimestamp", DescribeWriter.time(node.metadata[.creationTimestamp]))
    let taints = node.spec[.taints].items.map { taint in
      let value = taint[.value].string.map { $0.isEmpty ? "" : "=\($0)" } ?? ""
      return (
        order: "\(taint[.effect].string ?? ""),\(taint[.key].string ?? "")",
        text: "\(taint[.key].string ?? "")\(value):\(taint[.effect].string ?? "")"
      )
    }
    writer.list("Taints", taints.sorted { $0.order < $1.order }.map(\.text))
    writer.field("Unschedulable", node.spec[.unschedulable].bool == true ? "true" : "false")
    lease(node, &writer, context)
    conditions(node, &writer)
    writer.line(0, "Addresses:")
    for item in node.status[.addresses].items {
      writer.field(item[.type].string ?? "", item[.address], level: 1)
    }
    for (title, key) in [("Capacity", Key.capacity), ("Allocatable", .allocatable)] {
      if node.status[key].isEmpty { continue }
      writer.line(0, "\(title):")
      for field in node.status[key].fields { writer.field(field.key.string, field.value, level: 1) }
    }
    info(node, &writer)
    NodePodsText.write(node, &writer, context)
  }

  private static func lease(_ node: Value, _ writer: inout DescribeWriter, _ context: DescribeContext) {
    guard let lease = context.client.get(ObjectKey(.lease, namespace: "kube-node-lease", name: node.name))
    else {
      let missing = APIError.notFound("leases.coordination.k8s.io", node.name).message
      writer.field("Lease", "Failed to get lease: \(missing)")
      return
    }
    writer.line(0, "Lease:")
    writer.field("HolderIdentity", lease.spec[.holderIdentity].string ?? "<unset>", level: 1)
    for (title, key) in [("AcquireTime", Key.acquireTime), ("RenewTime", .renewTime)] {
      writer.field(title, lease.spec.get(key).map { DescribeWriter.time($0) } ?? "<unset>", level: 1)
    }
  }

  private static func conditions(_ node: Value, _ writer: inout DescribeWriter) {
    if node.status[.conditions].isEmpty { return }
    writer.line(0, "Conditions:")
    writer.line(1, "Type\tStatus\tLastHeartbeatTime\tLastTransitionTime\tReason\tMessage")
    writer.line(1, "----\t------\t-----------------\t------------------\t------\t-------")
    for item in node.status[.conditions].items {
      let cells = [
        item[.type].string ?? "", item[.status].string ?? "", DescribeWriter.time(item[.lastHeartbeatTime]),
        DescribeWriter.time(item[.lastTransitionTime]), item[.reason].string ?? "",
      ]
      writer.line(1, cells.map { $0 + " \t" }.joined() + (item[.message].string ?? ""))
    }
  }

  private static func info(_ node: Value, _ writer: inout DescribeWriter) {
    let info = node.status[.nodeInfo]
    writer.line(0, "System Info:")
    let rows: [(String, Key)] = [
      ("Machine ID", .machineID), ("System UUID", .systemUUID), ("Boot ID", .bootID),
      ("Kernel Version", .kernelVersion), ("OS Image", .osImage), ("Operating System", .operatingSystem),
      ("Architecture", .architecture), ("Container Runtime Version", .containerRuntimeVersion),
      ("Kubelet Version", .kubeletVersion),
    ]
    for (title, key) in rows { writer.field(title, info[key], level: 1) }
    writer.optional("PodCIDR", node.spec.get(.podCIDR))
    if !node.spec[.podCIDRs].isEmpty {
      writer.field("PodCIDRs", node.spec[.podCIDRs].items.compactMap(\.string).joined(separator: ","))
    }
    writer.optional("ProviderID", node.spec.get(.providerID))
  }
}

/// The roles that a node's labels give it, sorted.
public enum NodeRoles {
  public static func of(_ node: Value) -> [String] {
    let prefix = "node-role.kubernetes.io/"
    var roles: [String] = []
    for field in node.labels.fields {
      let key = field.key.string
      if key.hasPrefix(prefix) {
        let role = String(key.dropFirst(prefix.count))
        if !role.isEmpty { roles.append(role) }
      } else if key == "kubernetes.io/role", let role = field.value.string, !role.isEmpty {
        roles.append(role)
      }
    }
    return roles.sorted()
  }
}

/// The pods on a node and what is allocated of it.
private enum NodePodsText {
  static func write(_ node: Value, _ writer: inout DescribeWriter, _ context: DescribeContext) {
    let pods = context.client.pods(onNode: node.nameKey).filter { !PodPhase.isTerminal($0) }
    let allocatable = node.status[node.status[.allocatable].isEmpty ? .capacity : .allocatable]
    writer.field("Non-terminated Pods", "(\(pods.count) in total)")
    writer.line(1, "Namespace\tName\t\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge")
    writer.line(1, "---------\t----\t\t------------\t----------\t---------------\t-------------\t---")
    var totals: [(requests: PodAmounts.Amounts, limits: PodAmounts.Amounts)] = [([], [])]
    for pod in pods {
      let requests = PodAmounts.of(pod.spec, .requests)
      let limits = PodAmounts.of(pod.spec, .limits)
      for (name, amount) in requests { PodAmounts.combine(&totals[0].requests, name, amount) { $0 + $1 } }
      for (name, amount) in limits { PodAmounts.combine(&totals[0].limits, name, amount) { $0 + $1 } }
      let cells = [Key.cpu, .memory].flatMap { name in
        [requests, limits].map { share(PodAmounts.amount($0, name), allocatable, name) }
      }
      writer.line(
        1,
        "\(pod.namespace)\t\(pod.name)\t\t\(cells.joined(separator: "\t"))\t"
          + context.age(pod.metadata[.creationTimestamp]))
    }
    writer.line(0, "Allocated resources:")
    writer.line(1, "(Total limits may be over 100 percent, i.e., overcommitted.)")
    writer.line(1, "Resource\tRequests\tLimits")
    writer.line(1, "--------\t--------\t------")
    for name in [Key.cpu, .memory, .ephemeralStorage] {
      let requests = share(PodAmounts.amount(totals[0].requests, name), allocatable, name)
      let limits = share(PodAmounts.amount(totals[0].limits, name), allocatable, name)
      writer.line(1, "\(name)\t\(requests)\t\(limits)")
    }
    let standard: Set<Key> = [.cpu, .memory, .ephemeralStorage, .pods]
    let names = allocatable.fields.map(\.key).filter { !standard.contains($0) }
    let huge = names.filter { $0.string.hasPrefix("hugepages-") }
    for name in huge + names.filter({ !huge.contains($0) }) {
      let (requests, limits) = (
        PodAmounts.amount(totals[0].requests, name), PodAmounts.amount(totals[0].limits, name)
      )
      writer.line(
        1,
        huge.contains(name)
          ? "\(name)\t\(share(requests, allocatable, name))\t\(share(limits, allocatable, name))"
          : "\(name)\t\(requests)\t\(limits)")
    }
  }

  /// `250m (6%)`.
  private static func share(_ amount: Quantity, _ allocatable: Value, _ name: Key) -> String {
    let whole = Quantity(allocatable[name]) ?? .zero
    let scale = name == .cpu ? -3 : 0
    let (part, all) = (amount.scaled(to: scale), whole.scaled(to: scale))
    return "\(amount) (\(all == 0 ? 0 : Int(Double(part) / Double(all) * 100))%)"
  }
}
