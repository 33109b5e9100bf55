/// Reads the upper nodes of many trees at once, so that they are at hand when they are looked at one by one.
///
/// Somebody who goes down a tree waits for memory at every node, because the next place is told by the one before,
/// and counting a reference lets nothing overtake it. Here the nodes of one level of all trees are read in one
/// sweep without a count: the waits pass side by side. Changes nothing but what is in the processor's caches.
public struct TreePrefetch {
  /// Levels that are read where nothing else is said: an object, its parts, theirs, and the items of their lists.
  public static let levels = 4
  /// How many nodes the last call has read; tells tests what is reached.
  public private(set) var count = 0
  /// What was read, so that no reading can be left out.
  private var sum: UInt64 = 0
  private var level: [UnsafeRawPointer] = []
  private var below: [UnsafeRawPointer] = []
  private var texts: [UnsafeRawPointer] = []

  public init() {}

  /// Reads the first levels of these trees. Templates of pods are left out: they are told by their identity.
  public mutating func load(_ roots: [Value], levels: Int = Self.levels) {
    defer { withExtendedLifetime(roots) {} }
    count = 0
    level.removeAll(keepingCapacity: true)
    texts.removeAll(keepingCapacity: true)
    for root in roots { Self.note(ValueView.of(root), &level, &texts) }
    for _ in 0..<levels {
      sum &+= Self.readHeads(level)
      sum &+= Self.readEnds(level)
      count += level.count
      below.removeAll(keepingCapacity: true)
      for node in level { Self.descend(node, &below, &texts) }
      swap(&level, &below)
    }
    sum &+= Self.readHeads(texts)
    count += texts.count
  }

  /// Where a node's number of elements and its hash stand: behind what the runtime puts before them.
  private static let head = 16
  private static let line = 64

  @inline(never)
  private static func readHeads(_ nodes: [UnsafeRawPointer]) -> UInt64 {
    var sum: UInt64 = 0
    for node in nodes { sum &+= node.load(fromByteOffset: head, as: UInt64.self) }
    return sum
  }

  /// The lines behind the first of objects, whose number the heads tell.
  @inline(never)
  private static func readEnds(_ nodes: [UnsafeRawPointer]) -> UInt64 {
    var sum: UInt64 = 0
    for node in nodes {
      let header = node.load(fromByteOffset: head, as: NodeHeader.self)
      let size = head * 2 + (header.keyWords + header.count) * MemoryLayout<Value>.stride
      var at = line
      while at < size {
        sum &+= node.load(fromByteOffset: at, as: UInt64.self)
        at += line
      }
    }
    return sum
  }

  private static func note(
    _ view: ValueView, _ nodes: inout [UnsafeRawPointer], _ texts: inout [UnsafeRawPointer]
  ) {
    switch view {
    case .object(let node): nodes.append(UnsafeRawPointer(node.toOpaque()))
    case .string(let text): texts.append(UnsafeRawPointer(text.toOpaque()))
    case .array(let list):
      list._withUnsafeGuaranteedRef { list in
        for i in 0..<list.count { noteItem(ValueView(list.start + i), &nodes, &texts) }
      }
    default: break
    }
  }

  private static func noteItem(
    _ view: ValueView, _ nodes: inout [UnsafeRawPointer], _ texts: inout [UnsafeRawPointer]
  ) {
    switch view {
    case .object(let node): nodes.append(UnsafeRawPointer(node.toOpaque()))
    case .string(let text): texts.append(UnsafeRawPointer(text.toOpaque()))
    default: break
    }
  }

  private static func descend(
    _ node: UnsafeRawPointer, _ nodes: inout [UnsafeRawPointer], _ texts: inout [UnsafeRawPointer]
  ) {
    Unmanaged<ObjectNode>.fromOpaque(node)._withUnsafeGuaranteedRef { node in
      let (keys, values) = (node.keys, node.values)
      for i in 0..<node.count where keys[i].id != Key.template.id {
        note(ValueView(values + i), &nodes, &texts)
      }
    }
  }
}
