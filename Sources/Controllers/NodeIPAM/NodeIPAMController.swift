public import APIMachinery
public import Basics
public import ControllerRuntime

/// Gives each node a /24 of the cluster's pod range, the lowest free one (`pkg/controller/nodeipam/ipam`).
///
/// The range is `--cluster-cidr=10.244.0.0/16`, room for 256 nodes. A larger cluster has a larger one, which no
/// object tells: it goes on behind it and then with the rest of 10.0.0.0/8, but for the range of the services.
public final class NodeIPAMController: Controller {
  public let name = "node-ipam-controller"
  public let watches: Set<GroupKind>? = [.node]
  private let ranges: [(base: UInt32, nodes: Int)]
  private var owners: [Key: Int] = [:]
  private var taken: [Bool] = []
  private var low = 0

  /// Each range is so many blocks with masks of 24 bits, from a base on.
  public init(
    ranges: [(base: UInt32, nodes: Int)] = [
      (0x0AF4_0000, 12 << 8), (0x0A70_0000, 132 << 8), (0x0A00_0000, 96 << 8),
    ]
  ) {
    self.ranges = ranges
  }

  public func observe(_ event: WatchEvent, _ queue: WorkQueue, now: Instant) {
    guard event.key.kind == .node else { return }
    if event.type == .deleted {
      if let index = owners.removeValue(forKey: event.key.name) {
        taken[index] = false
        low = min(low, index)
        // A node that found the range used up can have one now.
        for key in starved.sorted() { queue.add(key) }
        starved.removeAll()
      }
      return
    }
    let cidr = event.object.spec[.podCIDR]
    if cidr.isNull {
      queue.add(event.key)
    } else if event.old?.spec[.podCIDR] != cidr, let index = index(of: cidr.string) {
      take(index, event.key.name)
    }
  }

  private var starved: Set<ObjectKey> = []

  public func reconcile(_ key: ObjectKey, _ context: Context, _ queue: WorkQueue) throws(APIError) {
    guard var node = context.client.get(key), node.spec[.podCIDR].isNull, !node.isTerminating else { return }
    while low < taken.count && taken[low] { low += 1 }
    guard let cidr = range(low) else {
      if starved.insert(key).inserted {
        context.recorder.event(
          node, type: "Normal", reason: "CIDRNotAvailable",
          message: "Node \(node.name) status is now: CIDRNotAvailable", source: "cidrAllocator",
          now: context.now)
      }
      return
    }
    let index = low
    node[.spec][.podCIDR] = .string(cidr)
    node[.spec][.podCIDRs] = [.string(cidr)]
    try context.client.update(node)
    take(index, key.name)
  }

  private func take(_ index: Int, _ node: Key) {
    while taken.count <= index { taken.append(false) }
    taken[index] = true
    owners[node] = index
  }

  /// The block with this number; nil when there are not so many.
  func range(_ index: Int) -> String? {
    var rest = index
    for range in ranges {
      if rest < range.nodes {
        let ip = range.base + UInt32(rest) << 8
        return "\(ip >> 24).\(ip >> 16 & 255).\(ip >> 8 & 255).0/24"
      }
      rest -= range.nodes
    }
    return nil
  }

  /// Which of the blocks a range is; nil if it is none of them.
  func index(of cidr: String?) -> Int? {
    guard let cidr else { return nil }
    let parts = cidr.split(whereSeparator: { $0 == "." || $0 == "/" }).compactMap { UInt32($0) }
    guard parts.count == 5, parts.allSatisfy({ $0 < 256 }), parts[4] == 24 else { return nil }
    let ip = parts[0] << 24 | parts[1] << 16 | parts[2] << 8
    var before = 0
    for range in ranges {
      if ip >= range.base, ip - range.base < UInt32(range.nodes) << 8 {
        return before + Int((ip - range.base) >> 8)
      }
      before += range.nodes
    }
    return nil
  }
}
