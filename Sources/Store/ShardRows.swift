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
    case .shard(let shard): Self.lines(shard.bytes, shard.templates, body)
    }
  }

  private static func lines(_ bytes: RowBytes, _ templates: RowTemplates, _ body: (ObjectRow) -> Void) {
    var last: (name: [UInt8], shared: RowTemplate)?
    bytes.all.withUnsafeBufferPointer { all in
      var at = templates.end
      while at < all.count {
        let (from, end) = (at, Lines.end(all, at))
        let line = UnsafeBufferPointer(rebasing: all[from..<end])
        at = end + 1
        if let name = templateName(line) {
          if last.map({ !$0.name.elementsEqual(name) }) ?? true { last = templates.find(name) }
          if let last { body(.filled(FilledRow(last.shared, bytes, from: from, to: end))) }
        } else if case .success(let value) = JSON.parse(line) {
          body(.object(value))
        }
      }
    }
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

/// The templates at the head of a file, and where they end.
struct RowTemplates: Sendable {
  private var all: [(name: [UInt8], shared: RowTemplate)] = []
  private var places: [UInt64: Int] = [:]
  private(set) var end = 0

  init(_ bytes: RowBytes) {
    let builder = ValueBuilder()
    bytes.all.withUnsafeBufferPointer { bytes in
      while end < bytes.count, bytes[end...].starts(with: ShardLine.templateStart) {
        let line = UnsafeBufferPointer(rebasing: bytes[end..<Lines.end(bytes, end)])
        end += line.count + 1
        guard case .success(let value) = JSON.parse(line, builder: builder),
          let name = value[ShardLine.template].text, let template = ValueTemplate(value[ShardLine.object])
        else { continue }
        places[Text.hash(name.utf8)] = all.count
        all.append((Array(name.utf8), RowTemplate(template, number: all.count)))
      }
    }
  }

  func find(_ name: UnsafeBufferPointer<UInt8>) -> (name: [UInt8], shared: RowTemplate)? {
    guard let at = places[Text.hash(name)], all[at].name.elementsEqual(name) else { return nil }
    return all[at]
  }
}

extension ObjectStore {
  /// What `body` makes of the objects of a kind, part by part on several cores, in order of the namespaces. Files
  /// that were only read so far are read by lines and not taken apart.
  public func mapParts<Output: Sendable>(
    _ kind: GroupKind, _ body: @Sendable (ObjectPart) -> Output
  ) -> [Output] {
    Parallel.map(parts(kind), body)
  }

  /// The same, each handed to `consume` in this order while others are still being made.
  public func mapParts<Output: Sendable>(
    _ kind: GroupKind, _ body: @escaping @Sendable (ObjectPart) -> Output, _ consume: (Output) -> Void
  ) {
    Parallel.map(parts(kind), body, consume)
  }

  private func parts(_ kind: GroupKind) -> [ObjectPart] {
    namespaces(of: kind).compactMap { namespace -> ObjectPart? in
      guard let bucket = bucket(kind, namespace) else { return nil }
      if let shard = bucket.unopenedWhole {
        return ObjectPart(namespace: namespace, content: .shard(shard))
      }
      return ObjectPart(namespace: namespace, content: .values(bucket.values))
    }
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
