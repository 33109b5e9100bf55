public import APIMachinery
public import Basics
public import ControllerRuntime

/// Gives each node a /24 of the cluster's pod range, the lowest free one (`pkg/controller/nodeipam/ipam`).
public final class NodeIPAMController: Controller {
  public let name = "node-ipam-controller"
  public let watches: Set<GroupKind>? = [.node]
  private let base: UInt32
  private let count: Int
  private var owners: [Key: Int] = [:]
  private var taken: [Bool]
  private var low = 0

  /// `--cluster-cidr=10.244.0.0/16` with node masks of 24 bits.
  public init(base: UInt32 = 0x0AF4_0000, nodes: Int = 256) {
    self.base = base
    count = nodes
    taken = [Bool](repeating: false, count: nodes)
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
    if let index = index(of: event.object.spec[.podCIDR].string) {
      owners[event.key.name] = index
      taken[index] = true
    } else if event.object.spec[.podCIDR].isNull {
      queue.add(event.key)
    }
  }

  private var starved: Set<ObjectKey> = []

  public func reconcile(_ key: ObjectKey, _ context: Context, _ queue: WorkQueue) throws(APIError) {
    guard var node = context.client.get(key), node.spec[.podCIDR].isNull, !node.isTerminating else { return }
    while low < count && taken[low] { low += 1 }
    guard low < count else {
      if starved.insert(key).inserted {
        context.recorder.event(
          node, type: "Normal", reason: "CIDRNotAvailable",
          message: "Node \(node.name) status is now: CIDRNotAvailable", source: "cidrAllocator",
          now: context.now)
      }
      return
    }
    let index = low
    let ip = base + UInt32(index) << 8
    let cidr = "\(ip >> 24).\(ip >> 16 & 255).\(ip >> 8 & 255).0/24"
    node[.spec][.podCIDR] = .string(cidr)
    node[.spec][.podCIDRs] = [.string(cidr)]
    try context.client.update(node)
    taken[index] = true
    owners[key.name] = index
  }

  /// Which of the blocks a range is; nil if it is none of them.
  private func index(of cidr: String?) -> Int? {
    guard let cidr else { return nil }
    let parts = cidr.split(whereSeparator: { $0 == "." || $0 == "/" }).compactMap { UInt32($0) }
    guard parts.count == 5, parts.allSatisfy({ $0 < 256 }), parts[4] == 24 else { return nil }
    let ip = parts[0] << 24 | parts[1] << 16 | parts[2] << 8
    guard ip >= base, ip - base < UInt32(count) << 8 else { return nil }
    return Int((ip - base) >> 8)
  }
}
