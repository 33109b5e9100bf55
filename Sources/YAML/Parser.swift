/// Reads YAML documents into a flat arena of nodes, without a heap object per node. One parser reads
/// one text, document by document; each document reuses the arena of the one before.
///
/// It follows the productions of YAML 1.2 by recursive descent. Whatever crosses from one token to the
/// next goes through `skip()`, which says what lay between.
public struct Parser: ~Copyable {
  let source: SourceBytes
  @usableFromInline let base: UnsafePointer<UInt8>
  let classes: UnsafeMutablePointer<UInt8>
  let dialect: Dialect

  /// Where the text to read ends: the end of the source or the beginning of a line.
  var end: Int
  /// The next byte to look at.
  var p: Int
  /// Where the line of `p` begins.
  var lineStart: Int

  // What `skip()` found on its way to `p`.
  /// The token is the first of its line.
  var fresh = true
  /// There is no token: a document marker or the end.
  var atEnd = false
  /// A tab stands between the token and what is before it on its line.
  var tabBefore = false
  /// Leading spaces of the line, if `fresh`.
  var indent = 0
  /// Line breaks before the first comment.
  var breaks = 0
  var sawComment = false
  /// The last line inside a flow collection whose indentation was looked at.
  var checkedLine = -1

  var depth = 0
  @usableFromInline var nodeStorage: UnsafeMutablePointer<Node>
  var nodeCapacity: Int
  @usableFromInline var nodeCount = 0
  @usableFromInline var scratchStorage: UnsafeMutablePointer<UInt8>
  var scratchCapacity: Int
  var scratchCount = 0
  /// Anchors and tags of the document's nodes.
  public internal(set) var properties: [NodeProperties] = []
  /// Handles declared by %TAG for this document, with their prefixes.
  var handles: [(handle: String, prefix: String)] = []
  /// The document read last began with `---`, ended with `...`.
  public internal(set) var explicitStart = false
  public internal(set) var explicitEnd = false

  public init(_ source: SourceBytes, range: Range<Int>? = nil, dialect: Dialect = .yaml12) {
    self.source = source
    self.base = source.base
    self.dialect = dialect
    classes = UnsafeMutablePointer<UInt8>.allocate(capacity: 256)
    classes.initialize(from: CharacterClass.table, count: 256)
    nodeCapacity = 1_024
    nodeStorage = .allocate(capacity: nodeCapacity)
    scratchCapacity = 1_024
    scratchStorage = .allocate(capacity: scratchCapacity)
    let range = (range ?? 0..<source.count).clamped(to: 0..<source.count)
    p = range.lowerBound
    lineStart = range.lowerBound
    end = range.upperBound
  }

  deinit {
    classes.deallocate()
    nodeStorage.deallocate()
    scratchStorage.deallocate()
  }

  /// The nodes of the document read last, in pre-order; valid until the next is read.
  @inlinable public var nodes: UnsafeBufferPointer<Node> {
    UnsafeBufferPointer(start: nodeStorage, count: nodeCount)
  }

  /// Texts that are not a piece of the source; valid until the next document is read.
  public var scratch: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: scratchStorage, count: scratchCount)
  }

  /// The text of a scalar or the name of an alias.
  @inlinable @inline(__always)
  public func text(of node: Node) -> UnsafeBufferPointer<UInt8> {
    let start = node.inScratch ? UnsafePointer(scratchStorage) : base
    return UnsafeBufferPointer(start: start + Int(node.text), count: Int(node.count))
  }

  /// Moves on to another piece of the same source.
  public mutating func restart(_ range: Range<Int>) {
    let range = range.clamped(to: 0..<source.count)
    p = range.lowerBound
    lineStart = p
    end = range.upperBound
    explicitEnd = false
    explicitStart = false
  }

  /// The text that is read.
  public var sourceBytes: UnsafeBufferPointer<UInt8> { source.bytes }

  /// How far the parser has come in the source.
  public var position: Int { p }

  // MARK: The arena

  @inline(__always)
  mutating func push(_ node: Node) {
    if nodeCount == nodeCapacity { growNodes() }
    (nodeStorage + nodeCount).initialize(to: node)
    nodeCount &+= 1
  }

  @inline(never)
  private mutating func growNodes() {
    let larger = UnsafeMutablePointer<Node>.allocate(capacity: nodeCapacity * 2)
    larger.moveInitialize(from: nodeStorage, count: nodeCount)
    nodeStorage.deallocate()
    nodeStorage = larger
    nodeCapacity *= 2
  }

  /// Puts a mapping in front of the nodes from `index` on, which become its first key.
  mutating func insertMapping(at index: Int, style: NodeStyle, start: Int) {
    push(Node(kind: .mapping, style: style, start: start))
    var at = nodeCount - 1
    while at > index {
      nodeStorage[at] = nodeStorage[at - 1]
      at -= 1
    }
    nodeStorage[index] = Node(kind: .mapping, style: style, start: start)
  }

  /// Writes down how many items the collection at `index` has; its nodes end with the arena.
  @inline(__always)
  func close(_ index: Int, count: Int) {
    nodeStorage[index].count = UInt32(truncatingIfNeeded: count)
    nodeStorage[index].size = UInt32(truncatingIfNeeded: nodeCount - index)
  }

  /// A node that has no text: null to most readers.
  mutating func pushEmpty(at offset: Int, _ properties: UInt32 = 0) {
    var node = Node(kind: .scalar, style: .plain, start: offset, text: offset, count: 0)
    node.properties = properties
    push(node)
  }

  @inline(__always)
  mutating func append(_ byte: UInt8) {
    if scratchCount == scratchCapacity { growScratch(1) }
    scratchStorage[scratchCount] = byte
    scratchCount &+= 1
  }

  @inline(__always)
  mutating func append(_ from: Int, _ to: Int) {
    let count = to - from
    if scratchCount + count > scratchCapacity { growScratch(count) }
    (scratchStorage + scratchCount).update(from: base + from, count: count)
    scratchCount += count
  }

  @inline(never)
  private mutating func growScratch(_ more: Int) {
    let capacity = max(scratchCapacity * 2, scratchCount + more)
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    larger.update(from: scratchStorage, count: scratchCount)
    scratchStorage.deallocate()
    scratchStorage = larger
    scratchCapacity = capacity
  }

  @inline(__always)
  func has(_ byte: UInt8, _ bits: UInt8) -> Bool { classes[Int(byte)] & bits != 0 }
  @inline(__always)
  func isBlank(_ at: Int) -> Bool { has(base[at], CharacterClass.blank) }
}
