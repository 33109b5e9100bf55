import APIMachinery

/// Prefers nodes that have the pod's images, the more so the more nodes have them. Weight 1.
final class ImageLocality: ScorePlugin {
  let id = PluginID.imageLocality
  private static let megabyte = 1024 * 1024
  private static let least = 23 * megabyte

  static func normalized(_ image: String) -> Key {
    let bytes = Array(image.utf8)
    let slash = bytes.lastIndex(of: 47) ?? -1
    let colon = bytes.lastIndex(of: 58) ?? -1
    return Key(colon > slash ? image : image + ":latest")
  }

  static func points(_ podClass: PodClass, _ node: NodeInfo, _ world: World) -> Int {
    if node.images.isEmpty { return 0 }
    var sum = 0
    for image in podClass.images where node.images.contains(where: { $0.name == image }) {
      guard let known = world.images[image] else { continue }
      sum += Int(Double(known.size) * (Double(known.nodes) / Double(world.nodeCount)))
    }
    let most = 1000 * megabyte * podClass.containerCount
    let bounded = max(least, min(most, sum))
    return most == least ? 0 : 100 * (bounded - least) / (most - least)
  }

  func score(_ cycle: Cycle, _ feasible: [Int32], _ totals: inout [Int]) {
    guard cycle.podClass.anyImageScore else { return }
    let points = cycle.podClass.imageScores
    for i in totals.indices { totals[i] += points[Int(feasible[i])] }
  }
}
