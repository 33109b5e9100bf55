public import APIMachinery
import Basics

/// The objects of one kind and namespace, or some of them, for reading on several cores.
public struct ObjectPart: Sendable {
  fileprivate enum Content: Sendable {
    case values([Value])
    case shard(LazyShard)
  }
  public let namespace: Key
  fileprivate let content: Content

  /// Calls `body` with each object, in order of the names.
  public func each(_ body: (ObjectRow) -> Void) {
    switch content {
    case .values(let values): for value in values { body(.object(value)) }
    case .shard(let shard): Self.lines(shard.bytes, body)
    }
  }

  private static func lines(_ bytes: RowBytes, _ body: (ObjectRow) -> Void) {
    var templates: [(name: [UInt8], shared: RowTemplate)] = []
    var places: [UInt64: Int] = [:]
    var last = 0
    bytes.all.withUnsafeBufferPointer { all in
      var at = 0
      while at < all.count {
        let (from, end) = (at, Lines.end(all, at))
        let line = UnsafeBufferPointer(rebasing: all[from..<end])
        at = end + 1
        if line.starts(with: ShardLine.templateStart) {
          guard let (name, template) = template(line) else { continue }
          places[name.withUnsafeBufferPointer { Text.hash($0) }] = templates.count
          templates.append((name, RowTemplate(template, number: templates.count)))
        } else if let name = templateName(line) {
          if last >= templates.count || !templates[last].name.elementsEqual(name) {
            last = places[Text.hash(name)] ?? templates.count
          }
          if last < templates.count, templates[last].name.elementsEqual(name) {
            body(.filled(FilledRow(templates[last].shared, bytes, from: from, to: end)))
          }
        } else if case .success(let value) = JSON.parse(line) {
          body(.object(value))
        }
      }
    }
  }

  private static func template(_ line: UnsafeBufferPointer<UInt8>) -> ([UInt8], ValueTemplate)? {
    guard case .success(let value) = JSON.parse(line), let name = value[ShardLine.template].text,
      let template = ValueTemplate(value[ShardLine.object])
    else { return nil }
    return (Array(name.utf8), template)
  }

  /// The name of the template that the line fills; nil for an object as it is.
  private static func templateName(_ line: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8>? {
    var name: UnsafeBufferPointer<UInt8>?
    FlatLine.each(line) { key, value in
      if key.count == 1 && key[0] == 0x24 { name = value }
      return false
    }
    return name
  }
}

extension ObjectStore {
  /// What `body` makes of the objects of a kind, part by part on several cores, in order of the namespaces. Files
  /// that were only read so far are read by lines and not taken apart.
  public func mapParts<Output: Sendable>(
    _ kind: GroupKind, _ body: @Sendable (ObjectPart) -> Output
  ) -> [Output] {
    let parts = namespaces(of: kind).compactMap { namespace -> ObjectPart? in
      guard let bucket = bucket(kind, namespace) else { return nil }
      if let shard = bucket.unopenedWhole {
        return ObjectPart(namespace: namespace, content: .shard(shard))
      }
      return ObjectPart(namespace: namespace, content: .values(bucket.values))
    }
    return Parallel.map(parts, body)
  }

  /// The objects of a kind without those of files in which this text does not stand as a JSON string. It is for a
  /// few that are looked for among many: not all that are given have it.
  public func list(_ kind: GroupKind, near text: String) -> [Value] {
    let wanted = Array("\"\(text)\"".utf8)
    return namespaces(of: kind).flatMap { namespace -> [Value] in
      guard let bucket = bucket(kind, namespace) else { return [] }
      if let shard = bucket.unopenedWhole, !shard.mentions(wanted) { return [] }
      return bucket.values
    }
  }
}
