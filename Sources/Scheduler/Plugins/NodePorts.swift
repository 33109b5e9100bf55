/// Rejects nodes on which a host port that the pod wants is taken.
final class NodePorts: FilterPlugin {
  let id = PluginID.nodePorts

  func concerns(_ podClass: PodClass) -> Bool { !podClass.ports.isEmpty }

  func prepare(_ cycle: Cycle) -> Preparation { cycle.podClass.ports.isEmpty ? .skip : .ready }

  static func isFree(_ wanted: [PortUse], _ world: World, _ slot: Int) -> Bool {
    guard let used = world.nodes[slot]?.ports, !used.isEmpty else { return true }
    return !wanted.contains { port in used.contains { $0.conflicts(with: port) } }
  }

  /// Already done: `FitShape.feasible` starts with it.
  func narrow(_ cycle: Cycle, _ nodes: inout Bitset) {}

  func check(_ cycle: Cycle, _ slot: Int) -> Rejection {
    Self.isFree(cycle.podClass.ports, cycle.world, slot) ? .none : Rejection(code: FilterCode.ports)
  }
}
