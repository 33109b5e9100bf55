/// What a node of the representation graph is (YAML 1.2, chapter 3.2.1).
@frozen public enum NodeKind: UInt8, Sendable {
  case scalar, sequence, mapping, alias
}

/// How a node was written.
@frozen public enum NodeStyle: UInt8, Sendable {
  case plain, singleQuoted, doubleQuoted, literal, folded, block, flow
}

/// One node of a document, in pre-order: a mapping is followed by key, value, key, value …; the
/// subtree of the node at `i` is `i ..< i + size`.
@frozen public struct Node: Sendable {
  public var kind: NodeKind
  public var style: NodeStyle
  /// The text lies in the parser's scratch bytes, not in the source.
  public var inScratch: Bool
  /// Byte offset in the source of the node's first character, after its properties.
  public var start: UInt32
  /// Scalars and aliases: where the text begins, in the source or in the scratch bytes.
  public var text: UInt32
  /// Scalars and aliases: length of the text in bytes. Collections: number of items or of pairs.
  public var count: UInt32
  /// Number of nodes in this subtree, this one included.
  public var size: UInt32
  /// 0, or one more than the index in `Parser.properties`.
  public var properties: UInt32

  @inlinable @inline(__always)
  init(kind: NodeKind, style: NodeStyle, start: Int, text: Int = 0, count: Int = 0, scratch: Bool = false) {
    self.kind = kind
    self.style = style
    self.inScratch = scratch
    self.start = UInt32(truncatingIfNeeded: start)
    self.text = UInt32(truncatingIfNeeded: text)
    self.count = UInt32(truncatingIfNeeded: count)
    self.size = 1
    self.properties = 0
  }
}

/// Anchor and tag of a node (YAML 1.2, 6.9).
public struct NodeProperties: Sendable {
  /// The anchor's name, in source bytes.
  public var anchor: Range<Int>?
  /// The tag with its handle resolved; `!` is the non-specific tag.
  public var tag: String?
  /// Where the properties begin in the source.
  public var start: Int
}
