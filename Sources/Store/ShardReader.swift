import APIMachinery
import Basics
import Synchronization

/// What one file of objects holds.
struct ShardContent: Sendable {
  var path: ShardPath
  var kind: GroupKind?
  var names: [Key] = []
  var values: [Value] = []
  var digest = ShardDigest()
  var problems: [StateError] = []
}

/// Reads files of objects on several cores; equal parts of objects are kept once. Large files are cut at line
/// ends, so that one namespace with most of the pods is read as fast as many.
enum ShardReader {
  static let segmentSize = 8 << 20
  static let mostProblems = 20

  static func read(
    _ paths: [ShardPath], files: StateFiles, layout: any StateLayout, segmentSize: Int = segmentSize
  ) -> [ShardContent] {
    read(
      paths.map { ShardSource(path: $0) }, files: files, layout: layout, segmentSize: segmentSize,
      pool: BuilderPool())
  }

  static func read(
    _ sources: [ShardSource], files: StateFiles, layout: any StateLayout, segmentSize: Int, pool: BuilderPool
  ) -> [ShardContent] {
    let segments = segments(sources, files, pool, segmentSize)
    let results = Parallel.map(segments) { segment in
      let builder = pool.take()
      defer { pool.give(builder) }
      var reader = SegmentReader(segment, files: files, builder: builder)
      reader.run()
      return reader.content
    }
    return join(zip(segments, results), sources.map(\.path), files, layout)
  }

  /// Each small file as it is; a large one as its templates, then parts of what follows them.
  private static func segments(
    _ sources: [ShardSource], _ files: StateFiles, _ pool: BuilderPool, _ segmentSize: Int
  ) -> [ShardSegment] {
    let sizes = sources.map { $0.size(files) }
    let large = sources.indices.filter { sizes[$0] >= segmentSize + segmentSize / 2 }
    let heads = Parallel.map(large) { i in
      let builder = pool.take()
      defer { pool.give(builder) }
      let whole = ShardSegment(shard: i, source: sources[i], start: 0, end: .max)
      var reader = SegmentReader(whole, files: files, builder: builder)
      return reader.head()
    }
    var next = 0
    var segments: [ShardSegment] = []
    for (i, source) in sources.enumerated() {
      guard next < large.count, large[next] == i else {
        segments.append(ShardSegment(shard: i, source: source, start: 0, end: .max))
        continue
      }
      let head = heads[next]
      next += 1
      segments.append(ShardSegment(shard: i, source: source, start: 0, end: head.end, head: head))
      let rest = max(1, sizes[i] - head.end)
      let parts = max(1, (rest + segmentSize / 2) / segmentSize)
      for part in 0..<parts {
        segments.append(
          ShardSegment(
            shard: i, source: source, start: head.end + rest * part / parts,
            end: part + 1 == parts ? .max : head.end + rest * (part + 1) / parts, head: head))
      }
    }
    return segments
  }

  private static func join(
    _ parts: some Sequence<(ShardSegment, ShardContent)>, _ paths: [ShardPath], _ files: StateFiles,
    _ layout: any StateLayout
  ) -> [ShardContent] {
    var shards = paths.map { ShardContent(path: $0) }
    for (segment, part) in parts {
      let i = segment.shard
      let before = shards[i].digest.lines
      for var problem in part.problems where shards[i].problems.count < mostProblems {
        if problem.line > 0 { problem.line += before }
        shards[i].problems.append(problem)
      }
      if let last = shards[i].names.last, let first = part.names.first, !(last < first) {
        shards[i].problems.append(
          SegmentReader.disorder(last, first, path: files.show(shards[i].path.relative), line: before + 1))
      }
      if let one = shards[i].kind, let other = part.kind, one != other {
        shards[i].problems.append(
          SegmentReader.mixed(one, other, path: files.show(shards[i].path.relative), line: before + 1))
      }
      shards[i].kind = shards[i].kind ?? part.kind
      if shards[i].names.isEmpty {
        shards[i].names = part.names
        shards[i].values = part.values
      } else {
        shards[i].names.append(contentsOf: part.names)
        shards[i].values.append(contentsOf: part.values)
      }
      shards[i].digest.append(part.digest)
    }
    for i in shards.indices { check(&shards[i], files, layout) }
    return shards
  }

  /// Whether the kind belongs into this directory.
  private static func check(_ shard: inout ShardContent, _ files: StateFiles, _ layout: any StateLayout) {
    let path = files.show(shard.path.relative)
    if shard.digest.lines == 0 && shard.problems.isEmpty {
      shard.problems.append(
        StateError(.halfWritten, "is empty", path: path, remedy: StateError.restore))
    }
    guard let kind = shard.kind, let resource = layout.resource(of: kind) else { return }
    if resource.plural != shard.path.plural {
      shard.problems.append(
        StateError(
          .wrongShard, "objects of kind \(kind) belong into the directory \(resource.plural)", path: path,
          line: 1, remedy: StateError.restore))
    }
    if resource.namespaced == shard.path.namespace.isEmpty {
      shard.problems.append(
        StateError(
          .wrongShard,
          resource.namespaced
            ? "objects of kind \(kind) need a namespace" : "objects of kind \(kind) have no namespace",
          path: path, line: 1, remedy: StateError.restore))
    }
  }
}

/// Where a file of objects is read from: the disk, or what was read of it before.
struct ShardSource: Sendable {
  var path: ShardPath
  var read: RowBytes?

  func size(_ files: StateFiles) -> Int {
    if let read { return read.all.count }
    if case .file(let size)? = files.entry(path.relative) { return size }
    return 0
  }

  /// Nil if there is no such file.
  func open(_ files: StateFiles) throws(StateError) -> Reader? {
    if let read { return Reader(file: nil, read: read) }
    guard let file = try FileReader(files, path.relative) else { return nil }
    return Reader(file: file, read: nil)
  }

  struct Reader {
    fileprivate var file: FileReader?
    fileprivate var read: RowBytes?

    var size: Int { file?.size ?? read?.all.count ?? 0 }

    /// Up to `count` bytes; fewer at the end.
    func bytes(from offset: Int, count: Int) throws(StateError) -> [UInt8] {
      if let file { return try file.bytes(from: offset, count: count) }
      guard let all = read?.all, offset < all.count else { return [] }
      if offset == 0 && count >= all.count { return all }
      return Array(all[offset..<min(all.count, offset + count)])
    }
  }
}

/// A part of a file: the lines that begin in it.
struct ShardSegment: Sendable {
  var shard: Int
  var source: ShardSource
  var start: Int
  var end: Int
  var path: ShardPath { source.path }
  /// What the file's head told, where that was read already.
  var head: ShardHead?
}

/// The templates of a large file, and where they end.
struct ShardHead: Sendable {
  var end = 0
  var templates = KnownTemplates()
  var digest = ShardDigest()
  var problems: [StateError] = []
}

/// Builders to be used by one task after the other, so that later files share what earlier ones had.
final class BuilderPool: @unchecked Sendable {
  private let idle = Mutex<[Box]>([])

  private struct Box: @unchecked Sendable { let builder: ValueBuilder }

  func take() -> ValueBuilder { idle.withLock { $0.popLast() }?.builder ?? ValueBuilder() }

  func give(_ builder: ValueBuilder) {
    let box = Box(builder: builder)
    idle.withLock { $0.append(box) }
  }
}

/// Reads one segment line by line.
struct SegmentReader {
  private let segment: ShardSegment
  private let files: StateFiles
  private let builder: ValueBuilder
  private let apiVersion: Text
  private let namespace: Key
  private let shown: String
  private var kindText: Text?
  private var templates: KnownTemplates
  private(set) var content: ShardContent

  init(_ segment: ShardSegment, files: StateFiles, builder: ValueBuilder) {
    self.segment = segment
    self.files = files
    self.builder = builder
    apiVersion = Text.make(segment.path.apiVersion)
    namespace = Key(segment.path.namespace)
    shown = files.show(segment.path.relative)
    templates = segment.head?.templates ?? KnownTemplates()
    content = ShardContent(path: segment.path)
  }

  mutating func run() {
    if let head = segment.head, segment.start == 0 {
      content.digest = head.digest
      content.problems = head.problems
      return
    }
    do {
      guard let file = try segment.source.open(files) else {
        content.problems.append(StateError(.missingShard, "is gone", path: shown))
        return
      }
      // Only the file's last line may lack its newline.
      try load(file).withUnsafeBufferPointer { lines($0) }
    } catch {
      content.problems.append(error)
    }
  }

  /// Reads the templates at the head of the file.
  mutating func head() -> ShardHead {
    var head = ShardHead()
    do {
      guard let file = try segment.source.open(files) else { return head }
      var bytes: [UInt8] = []
      var at = 0
      reading: while true {
        while let newline = bytes[at...].firstIndex(of: 0x0A) {
          guard bytes[at...].starts(with: ShardLine.templateStart) else { break reading }
          bytes[at..<newline].withUnsafeBufferPointer { line in
            content.digest.add(line)
            read(line, complete: true)
          }
          at = newline + 1
        }
        head.end += at
        bytes.removeFirst(at)
        at = 0
        let more = try file.bytes(from: head.end + bytes.count, count: 1 << 20)
        if more.isEmpty { break }
        bytes += more
      }
      head.end += at
    } catch {
      content.problems.append(error)
    }
    head.templates = templates
    head.digest = content.digest
    head.problems = content.problems
    return head
  }

  /// The segment's lines: from the first that begins in it to the end of the last that does.
  private func load(_ file: ShardSource.Reader) throws(StateError) -> [UInt8] {
    let from = max(0, segment.start - 1)
    let end = min(segment.end, file.size)
    var bytes = try file.bytes(from: from, count: max(0, end - from))
    while end < file.size, let last = bytes.last, last != 0x0A {
      let more = try file.bytes(from: from + bytes.count, count: 1 << 16)
      if more.isEmpty { break }
      let newline = more.firstIndex(of: 0x0A)
      bytes.append(contentsOf: more[...(newline ?? more.count - 1)])
    }
    return bytes
  }

  private mutating func lines(_ bytes: UnsafeBufferPointer<UInt8>) {
    var at = segment.start == 0 ? 0 : Lines.end(bytes, 0) + 1
    while at < bytes.count {
      let end = Lines.end(bytes, at)
      let line = UnsafeBufferPointer(rebasing: bytes[at..<end])
      content.digest.add(line)
      if content.problems.count < ShardReader.mostProblems { read(line, complete: end < bytes.count) }
      at = end + 1
    }
  }

  private mutating func read(_ line: UnsafeBufferPointer<UInt8>, complete: Bool) {
    switch JSON.parse(line, builder: builder) {
    case .failure(let error):
      if complete {
        problem(.malformed, "is no JSON: \(error.message) (column \(error.offset + 1))")
      } else {
        problem(.halfWritten, "the line ends in its middle")
      }
    case .success(let value):
      if !complete { problem(.halfWritten, "the newline at the end of the file is missing") }
      take(value)
    }
  }

  /// A line is a template, an object that fills one, or an object as it is.
  private mutating func take(_ value: Value) {
    guard value.isObject, !value.has(.apiVersion) else { return enter(value) }
    do {
      if value.has(ShardLine.template) {
        if segment.head != nil || !content.names.isEmpty {
          return problem(.order, "a template stands after an object")
        }
        try templates.define(value)
      } else if value.has(ValueTemplate.mark) {
        enter(try templates.object(value))
      } else {
        enter(value)
      }
    } catch {
      problem(error.code, error.message)
    }
  }

  private mutating func enter(_ value: Value) {
    guard value.isObject else { return problem(.malformed, "is no object") }
    guard let version = value[.apiVersion].text, version == apiVersion else {
      return problem(
        .wrongShard,
        "apiVersion \(CanonicalJSON.string(value[.apiVersion])) stands in a file of \(apiVersion.string)")
    }
    guard let kind = value[.kind].text, kind.count > 0 else { return problem(.malformed, "has no kind") }
    if let first = kindText {
      if !(first == kind) {
        content.problems.append(
          Self.mixed(
            GroupKind(group: segment.path.group, kind: first.string),
            GroupKind(group: segment.path.group, kind: kind.string), path: shown, line: line))
        return
      }
    } else {
      kindText = kind
      content.kind = GroupKind(group: segment.path.group, kind: kind.string)
    }
    let meta = value[.metadata]
    guard let text = meta[.name].text, text.count > 0 else {
      return problem(.malformed, "has no metadata.name")
    }
    if meta[.namespace].key != namespace {
      return problem(
        .wrongShard,
        namespace.isEmpty
          ? "an object of namespace \(meta[.namespace].key) stands in the file of cluster-scoped objects"
          : "an object of namespace \(CanonicalJSON.string(meta[.namespace])) stands in the file of \(namespace)"
      )
    }
    let name = builder.key(text.utf8)
    if let last = content.names.last, !(last < name) {
      content.problems.append(Self.disorder(last, name, path: shown, line: line))
      return
    }
    content.names.append(name)
    content.values.append(value)
  }

  /// The line being read, from 1 in this segment.
  private var line: Int { content.digest.lines }

  private mutating func problem(_ code: StateError.Code, _ message: String) {
    content.problems.append(StateError(code, message, path: shown, line: line, remedy: StateError.restore))
  }

  static func disorder(_ last: Key, _ name: Key, path: String, line: Int) -> StateError {
    StateError(
      .order,
      last == name ? "\(name) stands twice" : "\(name) stands after \(last); lines are sorted by name",
      path: path, line: line, remedy: StateError.restore)
  }

  static func mixed(_ one: GroupKind, _ other: GroupKind, path: String, line: Int) -> StateError {
    StateError(
      .wrongShard, "an object of kind \(other) stands in a file of \(one)", path: path, line: line,
      remedy: StateError.restore)
  }
}
