import APIMachinery
import Basics

/// Random nodes and pods with everything that the scheduler looks at.
struct RandomWorld {
  var random: RandomStream

  init(seed: UInt64) { random = RandomStream(seed: seed) }

  mutating func number(_ bound: Int) -> Int { Int(random.below(UInt64(bound))) }
  mutating func chance(_ percent: Int) -> Bool { number(100) < percent }
  mutating func pick<T>(_ list: [T]) -> T { list[number(list.count)] }

  mutating func node(_ i: Int) -> Value {
    let name = "n\(i)"
    var labels: Value = .emptyObject
    if chance(95) { labels[.kubernetesIoHostname] = .string(name) }
    if chance(85) { labels["topology.kubernetes.io/zone"] = .string("z\(number(3))") }
    if chance(60) { labels["disk"] = .string(pick(["ssd", "hdd"])) }
    if chance(60) { labels["rack"] = .string("r\(number(6))") }
    if chance(40) { labels["size"] = .string("\(number(9))") }
    var allocatable: Value = [
      "cpu": .string("\(2 + number(6))"), "memory": .string("\(4 + number(12))Gi"),
      "pods": .string("\(3 + number(12))"), "ephemeral-storage": .string("\(10 + number(40))Gi"),
    ]
    if chance(30) { allocatable["example.com/gpu"] = .string("\(number(4))") }
    var spec = Value.emptyObject
    var taints: [Value] = []
    if chance(20) { taints.append(taint("dedicated", pick(["a", "b"]), "NoSchedule")) }
    if chance(25) { taints.append(taint("slow", "", "PreferNoSchedule")) }
    if chance(10) { taints.append(taint("old", "x", "PreferNoSchedule")) }
    if chance(8) {
      spec[.unschedulable] = true
      taints.append(taint("node.kubernetes.io/unschedulable", "", "NoSchedule"))
    }
    if !taints.isEmpty { spec[.taints] = .array(taints) }
    var status: Value = ["allocatable": allocatable]
    if chance(50) {
      let images = (0..<3).filter { _ in chance(50) }.map { i -> Value in
        ["names": [.string("img\(i):1")], "sizeBytes": .int((100 + 400 * i) << 20)]
      }
      status[.images] = .array(images)
    }
    return [
      "apiVersion": "v1", "kind": "Node", "metadata": ["name": .string(name), "labels": labels],
      "spec": spec, "status": status,
    ]
  }

  private func taint(_ key: String, _ value: String, _ effect: String) -> Value {
    ["key": .string(key), "value": .string(value), "effect": .string(effect)]
  }

  static let namespaces = ["one", "two", "three"]

  mutating func template(_ i: Int) -> Value {
    let app = "app\(i)"
    var spec: Value = ["containers": .array((0...number(2)).map { _ in container() })]
    if chance(15) {
      var sidecar = container()
      if chance(50) { sidecar[.restartPolicy] = "Always" }
      spec[.initContainers] = [sidecar]
    }
    spec[.priority] = .int(pick([0, 0, 0, 10, 10, 100]))
    if chance(10) { spec[.preemptionPolicy] = "Never" }
    if chance(10) { spec[.overhead] = ["cpu": "50m"] }
    if chance(10) { spec[.resources] = ["requests": ["cpu": "700m"]] }
    if chance(20) { spec[.nodeSelector] = ["disk": .string(pick(["ssd", "hdd"]))] }
    if chance(30) {
      spec[.tolerations] = [
        ["key": "dedicated", "operator": .string(pick(["Exists", "Equal"])), "value": "a"]
      ]
      if chance(30) { spec[.tolerations] = [["operator": "Exists"]] }
    }
    var affinity = Value.emptyObject
    if chance(30) { affinity[.nodeAffinity] = nodeAffinity() }
    if chance(25) { affinity[.podAffinity] = podAffinity(app) }
    if chance(30) { affinity[.podAntiAffinity] = podAffinity(app) }
    if !affinity.isEmpty { spec[.affinity] = affinity }
    if chance(30) { spec[.topologySpreadConstraints] = .array((0...number(2)).map { _ in constraint(app) }) }
    let labels: Value = [
      "app": .string(app), "tier": .string("t\(i % 3)"), "version": .string("v\(number(2))"),
    ]
    return [
      "apiVersion": "v1", "kind": "Pod",
      "metadata": ["namespace": .string(pick(Self.namespaces)), "labels": labels], "spec": spec,
      "status": ["phase": "Pending"],
    ]
  }

  private mutating func container() -> Value {
    var requests = Value.emptyObject
    if chance(80) { requests[.cpu] = .string("\(number(12) * 100)m") }
    if chance(80) { requests[.memory] = .string("\(number(20) * 100)Mi") }
    if chance(10) { requests[.ephemeralStorage] = "3Gi" }
    if chance(10) { requests["example.com/gpu"] = "1" }
    var container: Value = [
      "name": "c", "image": .string("img\(number(4)):1"), "resources": ["requests": requests],
    ]
    if chance(10) { container[.ports] = [["containerPort": 80, "hostPort": .int(8000 + number(3))]] }
    return container
  }

  private mutating func nodeAffinity() -> Value {
    func expression(_ key: String, _ op: String, _ values: [String]) -> Value {
      ["key": .string(key), "operator": .string(op), "values": .array(values.map { .string($0) })]
    }
    let choices: [Value] = [
      expression("disk", "In", ["ssd"]), expression("rack", "NotIn", ["r1", "r2"]),
      expression("size", "Gt", ["4"]), expression("rack", "Exists", []),
    ]
    var affinity = Value.emptyObject
    if chance(40) {
      affinity[.requiredDuringSchedulingIgnoredDuringExecution] = [
        "nodeSelectorTerms": [["matchExpressions": [pick(choices)]]]
      ]
    }
    affinity[.preferredDuringSchedulingIgnoredDuringExecution] = [
      ["weight": .int(1 + number(50)), "preference": ["matchExpressions": [pick(choices)]]]
    ]
    return affinity
  }

  private mutating func term(_ app: String) -> Value {
    let key = pick(["kubernetes.io/hostname", "topology.kubernetes.io/zone", "rack"])
    var term: Value = ["topologyKey": .string(key)]
    term[.labelSelector] = pick([
      ["matchLabels": ["app": .string(app)]], ["matchLabels": ["tier": .string("t\(number(3))")]],
      ["matchExpressions": [["key": "version", "operator": "Exists"]]],
    ])
    if chance(20) { term[.namespaces] = ["one", "two"] }
    if chance(20) { term[.namespaceSelector] = ["matchLabels": ["team": "x"]] }
    if chance(20) { term[.matchLabelKeys] = ["version"] }
    return term
  }

  private mutating func podAffinity(_ app: String) -> Value {
    var affinity = Value.emptyObject
    if chance(50) { affinity[.requiredDuringSchedulingIgnoredDuringExecution] = [term(app)] }
    if chance(60) {
      affinity[.preferredDuringSchedulingIgnoredDuringExecution] = [
        ["weight": .int(1 + number(90)), "podAffinityTerm": term(app)],
        ["weight": .int(1 + number(90)), "podAffinityTerm": term(app)],
      ]
    }
    return affinity
  }

  private mutating func constraint(_ app: String) -> Value {
    var constraint: Value = [
      "maxSkew": .int(1 + number(3)),
      "topologyKey": .string(pick(["kubernetes.io/hostname", "topology.kubernetes.io/zone", "rack"])),
      "whenUnsatisfiable": .string(pick(["DoNotSchedule", "ScheduleAnyway", "ScheduleAnyway"])),
      "labelSelector": ["matchLabels": ["app": .string(app)]],
    ]
    if chance(20) { constraint[.nodeTaintsPolicy] = "Honor" }
    if chance(20) { constraint[.nodeAffinityPolicy] = "Ignore" }
    if chance(20) { constraint[.matchLabelKeys] = ["version"] }
    if constraint[.whenUnsatisfiable] == "DoNotSchedule", chance(20) { constraint[.minDomains] = 3 }
    return constraint
  }
}
