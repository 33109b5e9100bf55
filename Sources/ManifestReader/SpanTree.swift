import APIMachinery
import Basics
import Synchronization
import YAML

/// One step from a node of a document to a child.
public enum SpanStep: Hashable, Sendable {
  case key(String)
  case index(Int)
}

/// The places of all nodes of a document, or of one item of a list in it.
///
/// Nothing is kept while reading: the first question parses the document's text again. So reading pays
/// nothing for places, and only documents with something to say about them are parsed twice.
public struct SpanTree: Sendable {
  private let document: DocumentSpans
  private let prefix: [SpanStep]

  init(_ document: DocumentSpans, prefix: [SpanStep] = []) {
    self.document = document
    self.prefix = prefix
  }

  /// The places below a child.
  public func descending(_ steps: [SpanStep]) -> SpanTree { SpanTree(document, prefix: prefix + steps) }

  /// Where a node stands.
  public struct Span: Hashable, Sendable {
    /// The key in front of it; nil for items and for the root.
    public var key: Place?
    /// The value itself.
    public var value: Place
    /// All steps were found; otherwise this is the innermost node on the way that exists.
    public var isExact: Bool
    /// The line of `place`.
    public var excerpt: String?
    /// The key if there is one, else the value: where a message points to.
    public var place: Place { key ?? value }
  }

  /// Where the node at the end of the steps stands, or the innermost on the way to it.
  public func span(_ steps: [SpanStep]) -> Span { document.span(prefix, .steps(steps)) }

  public func span(_ steps: SpanStep...) -> Span { span(steps) }

  /// As `span`, for a path in Kubernetes' notation: `spec.containers[0].ports[name=http]`,
  /// `metadata.annotations[example.com/a]`, `data.a.b` (keys may hold dots).
  public func span(path: String) -> Span { document.span(prefix, .path(path)) }

  /// Where the message about a path points to.
  public func place(path: String) -> Place { span(path: path).place }
  public func place(_ steps: [SpanStep]) -> Place { span(steps).place }

  /// The line on which the document or the item begins.
  var startLine: Int { document.startLine(prefix) }

  /// Where the document or the item begins.
  public var start: Place { span([]).value }
}

/// The text of a document and, once asked for, its nodes.
final class DocumentSpans: Sendable {
  private struct Nodes {
    var nodes: [Node]
    var scratch: [UInt8]
    /// Node of each anchor, the last of a name.
    var anchors: [String: Int]
    /// Items of the long sequences.
    var items: [Int: [Int]] = [:]

    func scanItems(of sequence: Int) -> [Int] {
      var found: [Int] = []
      var at = sequence + 1
      for _ in 0..<nodes[sequence].count {
        found.append(at)
        at += Int(nodes[at].size)
      }
      return found
    }
  }

  enum Way {
    case steps([SpanStep])
    case path(String)
  }

  private let file: SourceFile
  /// Where the document's text begins, with its directives and comments.
  private let offset: Int
  private let isJSON: Bool
  private let nodes = Mutex<Nodes?>(nil)

  init(file: SourceFile, offset: Int, isJSON: Bool) {
    self.file = file
    self.offset = offset
    self.isJSON = isJSON
  }

  func startLine(_ prefix: [SpanStep]) -> Int {
    nodes.withLock { cached in
      if cached == nil { cached = read() }
      guard let nodes = cached, !nodes.nodes.isEmpty else { return file.line(at: offset) }
      var walk = Walk(nodes, file.text)
      for step in prefix where walk.isExact { walk.take(step) }
      return file.line(at: Int(nodes.nodes[walk.node].start))
    }
  }

  func span(_ prefix: [SpanStep], _ way: Way) -> SpanTree.Span {
    nodes.withLock { cached in
      if cached == nil { cached = read() }
      guard let nodes = cached, !nodes.nodes.isEmpty else {
        let place = file.place(at: offset)
        return SpanTree.Span(key: nil, value: place, isExact: false, excerpt: file.excerpt(at: offset))
      }
      var walk = Walk(nodes, file.text)
      for step in prefix where walk.isExact { walk.take(step) }
      switch way {
      case .steps(let steps): for step in steps where walk.isExact { walk.take(step) }
      case .path(let path): walk.take(path: path)
      }
      let value = Int(nodes.nodes[walk.node].start)
      let key = walk.key.map { Int(nodes.nodes[$0].start) }
      return SpanTree.Span(
        key: key.map { file.place(at: $0) }, value: file.place(at: value), isExact: walk.isExact,
        excerpt: file.excerpt(at: key ?? value))
    }
  }

  private func read() -> Nodes {
    var dialect = DocumentReader.dialect
    if isJSON {
      dialect.joinsSurrogates = true
      dialect.maximumKey = .max
      dialect.maximumDepth = JSON.defaultDepth
    }
    var parser = Parser(file.text, range: offset..<file.text.count, dialect: dialect)
    var found = Nodes(nodes: [], scratch: [], anchors: [:])
    // The document was read before, so an error can only be in what follows it.
    do throws(YAMLError) {
      if isJSON { _ = try parser.nextValue() } else { _ = try parser.nextDocument() }
    } catch { return found }
    found.nodes = Array(parser.nodes)
    found.scratch = Array(parser.scratch)
    for (at, node) in found.nodes.enumerated() where node.properties != 0 {
      if let name = parser.properties[Int(node.properties) - 1].anchor {
        found.anchors[file.text.text(name)] = at
      }
    }
    for (at, node) in found.nodes.enumerated() where node.kind == .sequence && node.count > 16 {
      found.items[at] = found.scanItems(of: at)
    }
    return found
  }

  /// A walk from the root to a node.
  private struct Walk {
    private let all: Nodes
    private let source: SourceBytes
    var node = 0
    var key: Int?
    var isExact = true

    init(_ all: Nodes, _ source: SourceBytes) {
      self.all = all
      self.source = source
    }

    private func text(_ at: Int) -> String {
      let node = all.nodes[at]
      let range = Int(node.text)..<Int(node.text) + Int(node.count)
      return node.inScratch ? String(decoding: all.scratch[range], as: UTF8.self) : source.text(range)
    }

    /// The node itself, or what an alias stands for.
    private func target(_ at: Int) -> Int {
      guard all.nodes[at].kind == .alias else { return at }
      return all.anchors[text(at)] ?? at
    }

    /// Keys and values of a mapping, those of merged mappings last.
    private func pairs(_ mapping: Int, _ depth: Int = 0) -> [(name: String, key: Int, value: Int)] {
      var found: [(name: String, key: Int, value: Int)] = []
      var merged: [Int] = []
      var at = mapping + 1
      for _ in 0..<all.nodes[mapping].count {
        let key = at
        let value = at + Int(all.nodes[at].size)
        at = value + Int(all.nodes[value].size)
        guard all.nodes[key].kind == .scalar else { continue }
        let name = keyName(key)
        if name == "<<", all.nodes[key].style == .plain { merged.append(value) }
        found.append((name, key, value))
      }
      guard depth < 8 else { return found }
      for value in merged {
        let here = target(value)
        if all.nodes[here].kind == .mapping {
          found.insert(contentsOf: pairs(here, depth + 1), at: 0)
        } else if all.nodes[here].kind == .sequence {
          for item in items(here).reversed() where all.nodes[target(item)].kind == .mapping {
            found.insert(contentsOf: pairs(target(item), depth + 1), at: 0)
          }
        }
      }
      return found
    }

    private func keyName(_ at: Int) -> String {
      let written = text(at)
      guard all.nodes[at].style == .plain, all.nodes[at].properties == 0 else { return written }
      var copy = written
      switch copy.withUTF8({ YAMLScalar.resolve($0) }) {
      case .bool(let value): return value ? "true" : "false"
      case .integer(let value): return String(value)
      case .float(let value): return GoFloat.key(value)
      default: return written
      }
    }

    private func items(_ sequence: Int) -> [Int] { all.items[sequence] ?? all.scanItems(of: sequence) }

    mutating func take(_ step: SpanStep) {
      let here = target(node)
      switch step {
      case .key(let name):
        if all.nodes[here].kind == .mapping, let pair = pairs(here).last(where: { $0.name == name }) {
          (key, node) = (pair.key, pair.value)
          return
        }
      case .index(let index):
        if all.nodes[here].kind == .sequence, index >= 0, index < Int(all.nodes[here].count) {
          (key, node) = (nil, items(here)[index])
          return
        }
      }
      isExact = false
    }

    /// Follows a path in text as far as it goes.
    mutating func take(path: String) {
      var rest = path[...]
      while isExact, !rest.isEmpty {
        if rest.first == "." { rest = rest.dropFirst() }
        if rest.first == "[" {
          guard let close = rest.firstIndex(of: "]") else {
            isExact = false
            return
          }
          takeBracket(String(rest[rest.index(after: rest.startIndex)..<close]))
          rest = rest[rest.index(after: close)...]
          continue
        }
        let here = target(node)
        guard all.nodes[here].kind == .mapping else {
          isExact = rest.isEmpty
          return
        }
        // Keys may hold dots: the longest that fits counts.
        let fitting = pairs(here).filter { pair in
          guard rest.hasPrefix(pair.name) else { return false }
          let after = rest.dropFirst(pair.name.count).first
          return after == nil || after == "." || after == "["
        }
        guard let pair = fitting.max(by: { $0.name.utf8.count <= $1.name.utf8.count }) else {
          isExact = rest.isEmpty
          return
        }
        (key, node) = (pair.key, pair.value)
        rest = rest.dropFirst(pair.name.count)
      }
    }

    /// `[0]`, `[key]`, `["key"]` or `[name=web,protocol="TCP"]`.
    private mutating func takeBracket(_ inner: String) {
      let here = target(node)
      if all.nodes[here].kind == .mapping { return take(.key(unquoted(inner))) }
      if let index = Int(inner) { return take(.index(index)) }
      guard all.nodes[here].kind == .sequence else {
        isExact = false
        return
      }
      let wanted = inner.split(separator: ",").compactMap { part -> (String, String)? in
        guard let middle = part.firstIndex(where: { $0 == "=" || $0 == ":" }) else { return nil }
        return (String(part[..<middle]), unquoted(String(part[middle...].dropFirst())))
      }
      for (index, item) in items(here).enumerated() {
        let at = target(item)
        if matches(at, wanted, inner) { return take(.index(index)) }
      }
      isExact = false
    }

    /// The item has these fields, or is this scalar if none are given.
    private func matches(_ at: Int, _ wanted: [(String, String)], _ scalar: String) -> Bool {
      if wanted.isEmpty { return all.nodes[at].kind == .scalar && text(at) == unquoted(scalar) }
      guard all.nodes[at].kind == .mapping else { return false }
      let fields = pairs(at)
      return wanted.allSatisfy { name, value in
        fields.contains { $0.name == name && all.nodes[$0.value].kind == .scalar && text($0.value) == value }
      }
    }

    private func unquoted(_ text: String) -> String {
      text.count >= 2 && text.first == "\"" && text.last == "\"" ? String(text.dropFirst().dropLast()) : text
    }
  }
}
