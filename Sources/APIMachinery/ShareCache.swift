/// A direct-mapped cache of nodes by hash. A node that was found again is spared once when another wants its
/// place, so that what is unique (names, uids) does not drive out what is shared.
struct ShareCache<Node: AnyObject> {
  private struct Slot {
    /// The hash; its lowest bit says whether the node was found since it last defended its place.
    var tag: UInt64
    var node: Unmanaged<Node>?
    /// The hash that last wanted the place of the node.
    var wanted: UInt64 = 0
  }

  private let slots: UnsafeMutablePointer<Slot>
  private let mask: Int

  /// `size` must be a power of two.
  init(size: Int) {
    mask = size - 1
    slots = .allocate(capacity: size)
    slots.initialize(repeating: Slot(tag: 0, node: nil), count: size)
  }

  func free() {
    for i in 0...mask { slots[i].node?.release() }
    slots.deallocate()
  }

  @inline(__always)
  private func slot(_ hash: UInt64) -> UnsafeMutablePointer<Slot> {
    slots + Int(truncatingIfNeeded: hash ^ hash >> 32) & mask
  }

  /// A node with this hash, which may still differ.
  @inline(__always)
  func candidate(_ hash: UInt64) -> Unmanaged<Node>? {
    let slot = slot(hash)
    return (slot.pointee.tag ^ hash) & ~1 == 0 ? slot.pointee.node : nil
  }

  /// Notes that the candidate was the one.
  @inline(__always)
  func found(_ hash: UInt64) { slot(hash).pointee.tag |= 1 }

  /// Keeps the node if its place is free, or if it is wanted twice in a row: what stands once in a text never
  /// drives out another, whose release would touch memory that is long cold.
  @inline(__always)
  func insert(_ node: Node, _ hash: UInt64) {
    let slot = slot(hash)
    if let old = slot.pointee.node {
      if slot.pointee.wanted != hash {
        slot.pointee.wanted = hash
        return
      }
      if slot.pointee.tag & 1 != 0 {
        slot.pointee.tag &= ~1
        return
      }
      old.release()
    }
    slot.pointee = Slot(tag: hash & ~1, node: .passRetained(node))
  }
}
