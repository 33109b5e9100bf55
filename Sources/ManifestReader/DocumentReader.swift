import APIMachinery
import Basics
import YAML

/// Reads the documents of one file one by one, as kubectl does (`util/yaml/decoder.go`,
/// `NewYAMLOrJSONDecoder`): YAML documents between `---` lines, or JSON objects one after another.
/// Reading stops at the first document that cannot be read.
struct DocumentReader: ~Copyable {
  /// One document that is not empty.
  struct Document {
    var value: Value
    /// Where its text begins, comments included.
    var start: Int
    /// Where its first node begins.
    var offset: Int
    var isJSON: Bool
    /// Where the items of a list begin, if the document is YAML with a field `items`.
    var itemOffsets: [Int] = []
  }

  let file: SourceFile
  private let builder: ValueBuilder
  private let refusesDuplicates: Bool
  private var composer: YAMLComposer
  private var parser: Parser
  private var position = 0
  /// Where YAML may be read up to: the end, or the document with the first byte that is not text.
  private var limit: Int
  private let invalid: YAMLError?
  private var jsonError: JSONError?
  private(set) var diagnostics: [Diagnostic] = []
  private var isDone = false

  /// What Kubernetes' reader, which derives from libyaml, allows beyond YAML 1.2.
  static let dialect: Dialect = {
    var dialect = Dialect()
    dialect.freeIndentation = true
    dialect.joinsSurrogates = false
    return dialect
  }()

  init(_ file: SourceFile, builder: ValueBuilder, refusesDuplicates: Bool) {
    self.file = file
    self.builder = builder
    self.refusesDuplicates = refusesDuplicates
    composer = YAMLComposer(builder: builder)
    parser = Parser(file.text, dialect: Self.dialect)
    let bad = file.text.firstInvalid(in: 0..<file.text.count) ?? file.text.encodingError
    invalid = bad
    limit = file.text.count
    if let bad { limit = Separator.start(ofDocumentAt: bad.offset, in: file.text) }
  }

  /// The next document; nil at the end or after an error, which is then in `diagnostics`.
  mutating func next() -> Document? {
    while !isDone {
      position = Separator.skip(from: position, in: file.text)
      if position >= file.text.count, invalid == nil || limit == file.text.count && position > limit {
        break
      }
      jsonError = nil
      if position < file.text.count, file.text.base[position] == 0x7B, let found = jsonDocument() {
        return found
      }
      if let invalid, position >= limit {
        report(invalid.problem == .nulByte ? "nul-byte" : "encoding", invalid.message, at: invalid.offset)
        break
      }
      guard position < file.text.count, let document = yamlDocument() else { break }
      if !document.value.isNull, !isDone { return document }
    }
    isDone = true
    return nil
  }

  // MARK: JSON

  private mutating func jsonDocument() -> Document? {
    let start = position
    var found: [(Key, Int)] = []
    let result = JSON.parse(
      file.text.bytes, from: start, builder: builder, events: { _ in },
      duplicate: { key, offset in
        if found.count < YAMLComposer.duplicatesNoted { found.append((key, offset)) }
      })
    switch result {
    case .failure(let error):
      jsonError = error
      return nil
    case .success(let (value, end)):
      position = end
      for (key, offset) in found {
        reportDuplicate(DuplicateKey(key: key, first: -1, second: offset))
      }
      return isDone ? nil : Document(value: value, start: start, offset: start, isJSON: true)
    }
  }

  // MARK: YAML

  private mutating func yamlDocument() -> Document? {
    let start = position
    parser.restart(start..<limit)
    do throws(YAMLError) {
      guard try parser.nextDocument() else {
        position = limit
        return limit < file.text.count
          ? Document(value: .null, start: limit, offset: limit, isJSON: false) : nil
      }
    } catch {
      reportSyntax(error)
      return nil
    }
    let offset = parser.nodes.isEmpty ? position : Int(parser.nodes[0].start)
    position = parser.position
    skipIgnored()
    do throws(ComposeError) {
      let value = try composer.compose(parser)
      for duplicate in composer.duplicates { reportDuplicate(duplicate) }
      if isDone { return nil }
      return Document(
        value: value, start: start, offset: offset, isJSON: false, itemOffsets: itemOffsets())
    } catch {
      report(error)
      return nil
    }
  }

  /// Where the items of the root's field `items` begin, while the nodes are at hand.
  private func itemOffsets() -> [Int] {
    guard let root = parser.nodes.first, root.kind == .mapping else { return [] }
    var at = 1
    for _ in 0..<root.count {
      let value = at + Int(parser.nodes[at].size)
      let list = parser.nodes[value]
      let key = parser.nodes[at]
      if key.kind == .scalar, list.kind == .sequence, parser.text(of: key).elementsEqual("items".utf8) {
        var offsets: [Int] = []
        var item = value + 1
        for _ in 0..<list.count {
          offsets.append(Int(parser.nodes[item].start))
          item += Int(parser.nodes[item].size)
        }
        return offsets
      }
      at = value + Int(list.size)
    }
    return []
  }

  /// kubectl reads the first document between two separator lines; `...` or `--- text` begins another,
  /// which it never sees.
  private mutating func skipIgnored() {
    guard position < limit else { return }
    if Separator.isSeparator(at: position, in: file.text) { return }
    let next = Separator.next(from: position, in: file.text)
    if let text = Separator.firstText(in: position..<min(next, limit), of: file.text) {
      diagnostics.append(
        Diagnostic(
          .warning, "yaml-ignored", "this document is ignored: only a line of '---' begins a new one",
          at: file.place(at: text), remedy: "put '---' on a line of its own before it",
          excerpt: file.excerpt(at: text)))
    }
    position = min(next, limit)
  }

  // MARK: Diagnostics

  private mutating func report(
    _ code: String, _ message: String, at offset: Int, remedy: String? = nil,
    notes: [Diagnostic.Note] = []
  ) {
    diagnostics.append(
      Diagnostic(
        .error, code, message, at: file.place(at: offset), remedy: remedy, notes: notes,
        excerpt: file.excerpt(at: offset)))
    isDone = true
  }

  private mutating func report(_ error: ComposeError) {
    let notes = error.note.map { [Diagnostic.Note($0.message, at: file.place(at: $0.offset))] } ?? []
    report(error.code, error.message, at: error.offset, remedy: error.remedy, notes: notes)
  }

  private mutating func reportSyntax(_ error: YAMLError) {
    if let jsonError, file.path.hasSuffix(".json") || jsonError.offset > error.offset {
      return report("json-syntax", jsonError.message, at: jsonError.offset)
    }
    report("yaml-syntax", error.message, at: error.offset)
  }

  private mutating func reportDuplicate(_ duplicate: DuplicateKey) {
    let message = "the key '\(duplicate.key.string)' stands twice in one mapping"
    if refusesDuplicates {
      var notes: [Diagnostic.Note] = []
      if duplicate.first >= 0 {
        notes.append(Diagnostic.Note("first here", at: file.place(at: duplicate.first)))
      }
      return report(
        "duplicate-key", message, at: duplicate.second, remedy: "remove one of the two", notes: notes)
    }
    diagnostics.append(
      Diagnostic(
        .warning, "duplicate-key", message + "; the last one counts", at: file.place(at: duplicate.second),
        notes: duplicate.first >= 0
          ? [Diagnostic.Note("first here", at: file.place(at: duplicate.first))] : [],
        excerpt: file.excerpt(at: duplicate.second)))
  }
}
