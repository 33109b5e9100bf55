import APIMachinery
import APIServer
import Basics

/// Somebody who changes a cluster at random; refusals are no failures.
struct SimulatedUser {
  let server: APIServer
  var draw: Drawing
  let workloads: Int
  let nodes: Int
  private var shapes: [Int: Value] = [:]

  private static let kinds: [GroupKind] = [.deployment, .statefulSet, .daemonSet, .job, .replicaSet]

  init(_ server: APIServer, _ draw: Drawing, nodes: Int, workloads: Int) {
    self.server = server
    self.draw = draw
    self.nodes = nodes
    self.workloads = workloads
  }

  /// A node comes back as large as it was: the pods on it may still be there.
  mutating func node(_ i: Int) -> Value {
    if let known = shapes[i] { return known }
    let node = draw.node(i)
    shapes[i] = node
    return node
  }

  /// The first workloads, with things beside them.
  mutating func fill() {
    for i in 0..<workloads {
      _ = try? server.create(draw.workload(i))
      if draw.chance(60) { _ = try? server.create(draw.companion(i)) }
    }
  }

  mutating func change() {
    do throws(APIError) {
      switch draw.number(0...11) {
      case 0, 1, 2:
        try edit { draw, spec in
          spec["template"]["spec"]["containers"] = .array(
            spec["template"]["spec"]["containers"].items.map {
              $0.setting("image", .string("app:\(draw.number(1...3))"))
            })
        }
      case 3, 4: try edit { draw, spec in spec["replicas"] = .int(draw.number(0...8)) }
      case 5: try put(draw.workload(draw.number(0...workloads)))
      case 6: try put(draw.companion(draw.number(0...workloads)))
      case 7: try remove()
      case 8: try disturbPod()
      case 9: try put(node(draw.number(0...nodes)))
      case 10: try cordon()
      default: try edit { draw, spec in spec["paused"] = .bool(draw.chance(50)) }
      }
    } catch {
      return
    }
  }

  private func put(_ object: Value) throws(APIError) {
    let key = ObjectKey(of: object)
    guard let stored = server.get(key) else {
      try server.create(object)
      return
    }
    var next = stored
    next.spec = object.spec
    if key.kind == .node { next.spec = stored.spec.setting("taints", object.spec["taints"]) }
    try server.update(next)
  }

  private mutating func any(_ kinds: [GroupKind]) -> Value? {
    let all = kinds.flatMap { server.list($0, namespace: nil) }.filter { $0.controllerReference == nil }
    return all.isEmpty ? nil : draw.pick(all)
  }

  private mutating func edit(_ change: (inout Drawing, inout Value) -> Void) throws(APIError) {
    guard var object = any(Self.kinds) else { return }
    change(&draw, &object.spec)
    try server.update(object)
  }

  private mutating func remove() throws(APIError) {
    let kinds = draw.chance(25) ? [GroupKind.node] : Self.kinds + [.podDisruptionBudget, .service]
    guard let object = any(kinds) else { return }
    let ways: [DeleteOptions.Propagation] = [.background, .background, .foreground, .orphan]
    try server.delete(ObjectKey(of: object), DeleteOptions(propagation: draw.pick(ways)))
  }

  private mutating func disturbPod() throws(APIError) {
    let pods = server.list(.pod, namespace: nil)
    guard !pods.isEmpty else { return }
    let key = ObjectKey(of: draw.pick(pods))
    if draw.chance(50) {
      try server.evict(key, DeleteOptions())
    } else {
      try server.delete(key, DeleteOptions())
    }
  }

  private mutating func cordon() throws(APIError) {
    guard var node = any([.node]) else { return }
    node[.spec].set("unschedulable", draw.chance(50) ? true : nil)
    try server.update(node)
  }
}
