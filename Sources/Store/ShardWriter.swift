import APIMachinery
import Basics

/// A file of objects that a commit makes anew; without objects it goes.
struct DirtyShard: Sendable {
  var path: ShardPath
  var values: [Value]
}

/// Which files a set of changes touches, and their new contents.
struct ShardWriter {
  let layout: any StateLayout
  /// Resources that only the directory knows (custom kinds read before their definitions).
  let found: [GroupKind: StateResource]
  let shown: String

  /// The touched files in order of their paths, with all objects that belong into them.
  func dirty(_ changes: [ObjectChange], _ store: ObjectStore) throws(StateError) -> [DirtyShard] {
    var kinds: [ShardPath: ObjectKey] = [:]
    // Changes come in order of their keys: most belong where the one before does.
    var last: (key: ObjectKey, version: Value)?
    func note(_ key: ObjectKey, _ value: Value?) throws(StateError) {
      guard let value else { return }
      let version = value[.apiVersion]
      if let last, last.key.kind == key.kind, last.key.namespace == key.namespace, last.version == version {
        return
      }
      kinds[try path(of: key, value)] = key
      last = (key, version)
    }
    for change in changes {
      try note(change.key, change.old)
      try note(change.key, change.new)
    }
    return kinds.sorted { $0.key.relative < $1.key.relative }.map { path, key in
      let apiVersion = Text.make(path.apiVersion)
      let all = store.list(key.kind, namespace: key.namespace)
      let values = all.allSatisfy { Self.has($0, apiVersion) } ? all : all.filter { Self.has($0, apiVersion) }
      return DirtyShard(path: path, values: values)
    }
  }

  private static func has(_ value: Value, _ apiVersion: Text) -> Bool {
    value[.apiVersion].text.map { $0 == apiVersion } ?? false
  }

  private func path(of key: ObjectKey, _ value: Value) throws(StateError) -> ShardPath {
    guard let resource = layout.resource(of: key.kind) ?? found[key.kind] else {
      throw StateError(
        .unknownKind, "the kind of \(key) is not known, so that there is no place for it", path: shown)
    }
    let kind = GroupVersionKind(apiVersion: value.apiVersion, kind: key.kind.kind)
    let path = ShardPath(
      group: kind.group, version: kind.version, plural: resource.plural, namespace: key.namespace.string)
    guard path.isSafe, resource.namespaced != key.namespace.isEmpty else {
      throw StateError(
        .unknownKind, "\(key) of \(value.apiVersion) cannot be stored: its names make no path", path: shown)
    }
    return path
  }

  /// Writes each shard with objects to its staged file, on several cores; gives the digests in order.
  static func stage(_ shards: [(shard: DirtyShard, staged: String)], _ files: StateFiles) throws(StateError)
    -> [String]
  {
    let results = Parallel.map(shards) { entry in
      Result { () throws(StateError) in try write(entry.shard.values, to: entry.staged, files) }
    }
    var digests: [String] = []
    for result in results { digests.append(try result.get()) }
    return digests
  }

  private static func write(
    _ values: [Value], to staged: String, _ files: StateFiles
  ) throws(StateError) -> String {
    let lines = ShardLines(values)
    var digest = ShardDigest()
    var file = try files.create(staged)
    defer { file.close() }
    var at = 0
    var buffer: [UInt8] = []
    while at < lines.count {
      buffer.removeAll(keepingCapacity: true)
      let end = min(lines.count, at + 256)
      lines.append(at..<end, to: &buffer)
      buffer.withUnsafeBufferPointer { digest.addLines($0) }
      try file.write(buffer)
      at = end
    }
    return digest.hex
  }
}
