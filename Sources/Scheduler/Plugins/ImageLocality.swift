import APIMachinery

/// Prefers nodes that have the pod's images, the more so the more nodes have them.
final class ImageLocality: PerNodeScore {
  let id = PluginID.imageLocality
  private static let megabyte = 1024 * 1024
  private static let least = 23 * megabyte

  static func normalized(_ image: String) -> Key {
    let bytes = Array(image.utf8)
    let slash = bytes.lastIndex(of: 47) ?? -1
    let colon = bytes.lastIndex(of: 58) ?? -1
    return Key(colon > slash ? image : image + ":latest")
  }

  func score(_ cycle: Cycle, _ feasible: [Int32], _ weight: Int, _ totals: inout [Int]) {
    if cycle.world.images.isEmpty { return }
    for i in feasible.indices { totals[i] += weight * points(cycle, Int(feasible[i])) }
  }

  private func points(_ cycle: Cycle, _ slot: Int) -> Int {
    let world = cycle.world
    let podClass = cycle.podClass
    guard !world.images.isEmpty, let node = world.nodes[slot], !node.images.isEmpty else { return 0 }
    var sum = 0
    for image in podClass.images where node.images.contains(where: { $0.name == image }) {
      guard let known = world.images[image] else { continue }
      sum += Int(Double(known.size) * (Double(known.nodes) / Double(world.nodeCount)))
    }
    let most = 1000 * Self.megabyte * podClass.containerCount
    let bounded = max(Self.least, min(most, sum))
    return most == Self.least ? 0 : 100 * (bounded - Self.least) / (most - Self.least)
  }
}
