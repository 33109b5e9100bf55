import APIMachinery
import Basics
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A file of objects that is, byte for byte, what the last commit wrote. Its objects are made when somebody asks for
/// one of them; a pass that touches little of a large cluster never reads the rest.
final class LazyShard: Sendable {
  let path: ShardPath
  let kind: GroupKind
  /// Number of objects.
  let count: Int
  let digest: ShardDigest
  let bytes: RowBytes
  private let opener: ShardOpener
  private let readTemplates = Mutex<RowTemplates?>(nil)

  /// The templates, read once.
  var templates: RowTemplates {
    readTemplates.withLock { known in
      if let known { return known }
      let made = RowTemplates(bytes)
      known = made
      return made
    }
  }

  private init(
    _ path: ShardPath, _ kind: GroupKind, _ count: Int, _ digest: ShardDigest, _ bytes: RowBytes,
    _ opener: ShardOpener
  ) {
    self.path = path
    self.kind = kind
    self.count = count
    self.digest = digest
    self.bytes = bytes
    self.opener = opener
  }

  /// Files whose digests are as they are `known`, read but not taken apart; nil for all others.
  static func scan(_ paths: [ShardPath], known: [String: String], _ opener: ShardOpener) -> [LazyShard?] {
    Parallel.map(paths) { path in known[path.relative].flatMap { scan(path, $0, opener) } }
  }

  private static func scan(_ path: ShardPath, _ known: String, _ opener: ShardOpener) -> LazyShard? {
    guard let bytes = try? opener.files.read(path.relative), bytes.last == 0x0A else {
      return nil
    }
    var digest = ShardDigest()
    var templates = 0
    var kind: GroupKind?
    bytes.withUnsafeBufferPointer { all in
      digest.addLines(all)
      guard digest.hex == known else { return }
      var at = 0
      while at < all.count, all[at...].starts(with: ShardLine.templateStart) {
        templates += 1
        at = Lines.end(all, at) + 1
      }
      let first = UnsafeBufferPointer(rebasing: all[..<Lines.end(all, 0)])
      guard case .success(let line) = JSON.parse(first) else { return }
      let object = templates > 0 ? line[ShardLine.object] : line
      guard let name = object[.kind].text, name.count > 0 else { return }
      kind = GroupKind(group: path.group, kind: name.string)
    }
    guard let kind, digest.lines > templates else { return nil }
    guard let resource = opener.layout.resource(of: kind) else { return nil }
    guard resource.plural == path.plural, resource.namespaced != path.namespace.isEmpty else { return nil }
    return LazyShard(path, kind, digest.lines - templates, digest, RowBytes(bytes), opener)
  }

  /// The objects of some files, made on several cores.
  static func open(_ shards: [LazyShard]) -> [ShardContent] {
    guard let opener = shards.first?.opener else { return [] }
    let sources = shards.map { ShardSource(path: $0.path, read: $0.bytes) }
    let contents = ShardReader.read(
      sources, files: opener.files, layout: opener.layout, segmentSize: opener.segmentSize, pool: opener.pool)
    if let problem = contents.lazy.flatMap(\.problems).first { opener.stop(problem) }
    for (content, shard) in zip(contents, shards) where content.names.count != shard.count {
      opener.stop(
        StateError(
          .malformed, "holds \(content.names.count) objects where \(shard.count) were counted",
          path: opener.files.show(content.path.relative), remedy: StateError.restore))
    }
    return contents
  }

  /// Whether this text, of at least two bytes, stands anywhere in the file.
  func mentions(_ text: [UInt8]) -> Bool {
    bytes.all.withUnsafeBytes { all in
      guard let base = all.baseAddress else { return false }
      // Quotes and small letters are many, capitals few.
      let rare = text.firstIndex { 0x41...0x5A ~= $0 } ?? 1
      var at = rare
      while at < all.count, let found = memchr(base + at, Int32(text[rare]), all.count - at) {
        let place = base.distance(to: UnsafeRawPointer(found))
        let start = place - rare
        if start + text.count <= all.count, memcmp(base + start, text, text.count) == 0 { return true }
        at = place + 1
      }
      return false
    }
  }
}

/// What is needed to take files of a state apart later.
final class ShardOpener: Sendable {
  let files: StateFiles
  let layout: any StateLayout
  let segmentSize: Int
  let pool = BuilderPool()

  init(_ files: StateFiles, _ layout: any StateLayout, _ segmentSize: Int) {
    self.files = files
    self.layout = layout
    self.segmentSize = segmentSize
  }

  /// Ends the process: somebody forged digests, for a file is as it was written and still is none of ours.
  /// Nothing was written by then, and those who ask for objects have no way to go on without them.
  func stop(_ problem: StateError) -> Never {
    let place = problem.line > 0 ? "\(problem.path):\(problem.line)" : problem.path
    let text = "\(place): error[\(problem.code.rawValue)]: \(problem.message)\n"
    _ = text.withCString { write(2, $0, strlen($0)) }
    exit(1)
  }
}
