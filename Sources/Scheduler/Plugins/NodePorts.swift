/// Rejects nodes on which a host port that the pod wants is taken.
final class NodePorts: FilterPlugin {
  let id = PluginID.nodePorts

  func prepare(_ cycle: Cycle) -> Preparation { cycle.podClass.ports.isEmpty ? .skip : .ready }

  func filter(_ cycle: Cycle, _ slots: ArraySlice<Int32>, _ codes: inout [UInt16]) {
    let wanted = cycle.podClass.ports
    for slot in slots where codes[Int(slot)] == 0 {
      guard let used = cycle.world.nodes[Int(slot)]?.ports, !used.isEmpty else { continue }
      if wanted.contains(where: { port in used.contains { $0.conflicts(with: port) } }) {
        codes[Int(slot)] = FilterCode.ports
      }
    }
  }
}
