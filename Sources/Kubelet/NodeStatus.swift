import API
import APIMachinery
import Basics

/// What the kubelet reports of its node (`kubelet_node_status.go`): labels, capacity, addresses, conditions.
enum NodeStatus {
  static let defaultCapacity: [(Key, Value)] = [(.cpu, "4"), (.memory, "16Gi"), (.pods, "110")]

  /// Labels that every kubelet sets on its node, where they are missing.
  static func labelled(_ node: Value) -> Value {
    var node = node
    let wanted: [(Key, String)] = [
      (.kubernetesIoHostname, node.name), ("kubernetes.io/os", "linux"), ("kubernetes.io/arch", "amd64"),
      ("beta.kubernetes.io/os", "linux"), ("beta.kubernetes.io/arch", "amd64"),
    ]
    for (key, value) in wanted where node.label(key) == nil { node.setLabel(key, value) }
    return node
  }

  /// The status after a report at `now`. What the manifest gave stays.
  static func report(
    _ node: Value, ready: Bool, pressure: [Assumptions.Pressure] = [], address: String, now: Instant
  ) -> Value {
    var status = node.status
    var capacity = status[.capacity]
    for (name, amount) in defaultCapacity where !capacity.has(name) { capacity[name] = amount }
    status[.capacity] = capacity
    var allocatable = status[.allocatable]
    for field in capacity.fields where !allocatable.has(field.key) { allocatable[field.key] = field.value }
    status[.allocatable] = allocatable
    var addresses = Array(status[.addresses].items)
    if !addresses.contains(where: { $0[.type].says("InternalIP") }) {
      addresses.append(["address": .string(address), "type": "InternalIP"])
    }
    if !addresses.contains(where: { $0[.type].says("Hostname") }) {
      addresses.append(["address": .string(node.name), "type": "Hostname"])
    }
    status[.addresses] = .array(addresses)
    status[.conditions] = conditions(status[.conditions], ready, pressure, now)
    if !status[.daemonEndpoints][.kubeletEndpoint].isObject
      || status[.daemonEndpoints][.kubeletEndpoint]["Port"].int == 0
    {
      status[.daemonEndpoints] = ["kubeletEndpoint": ["Port": 10250]]
    }
    if (status[.nodeInfo][.kubeletVersion].string ?? "").isEmpty { status[.nodeInfo] = info(node) }
    return status
  }

  private static func conditions(
    _ old: Value, _ ready: Bool, _ pressure: [Assumptions.Pressure], _ now: Instant
  ) -> Value {
    var all = old
    func put(_ type: String, _ status: Bool, _ reason: String, _ message: String) {
      var condition = Condition.make(type, status, reason: reason, message: message)
      let known = Condition.find(all, type)
      let same =
        known.map {
          $0[.status] == condition[.status] && $0[.reason] == condition[.reason]
            && $0[.message] == condition[.message]
        } ?? false
      condition[.lastHeartbeatTime] =
        same ? known?.get(.lastHeartbeatTime) ?? .string(RFC3339.string(now)) : .string(RFC3339.string(now))
      Condition.set(condition, in: &all, now: now)
    }
    for kind in Assumptions.Pressure.allCases {
      let isShort = pressure.contains(kind)
      let (type, reason, message) = NodePressure.condition(kind, isShort)
      put(type, isShort, reason, message)
    }
    if ready {
      put("Ready", true, "KubeletReady", "kubelet is posting ready status")
    } else {
      put("Ready", false, "KubeletNotReady", "assumed not ready")
    }
    return all
  }

  private static func info(_ node: Value) -> Value {
    func id(_ what: String) -> Value {
      .string(String(SHA256.hex(Array("\(node.name)/\(what)".utf8)).prefix(32)))
    }
    return [
      "architecture": "amd64", "bootID": id("boot"), "containerRuntimeVersion": "containerd://2.1.3",
      "kernelVersion": "6.1.0", "kubeProxyVersion": "", "kubeletVersion": "v1.36.2",
      "machineID": id("machine"),
      "operatingSystem": "linux", "osImage": "Linux", "systemUUID": id("system"),
    ]
  }
}
