public import APIMachinery
import Basics

/// An object as the state's file has it: made already, or a line that fills a template.
public enum ObjectRow {
  case object(Value)
  case filled(FilledRow)
}

/// A line that fills a template. What is asked of many objects can be answered from the few templates and a field or
/// two of each line, without making the objects.
public struct FilledRow {
  /// What the object has in common with others; `number` tells templates of one part apart.
  public let template: ValueTemplate
  public let number: Int
  private let line: UnsafeBufferPointer<UInt8>

  init(template: ValueTemplate, number: Int, line: UnsafeBufferPointer<UInt8>) {
    self.template = template
    self.number = number
    self.line = line
  }

  /// The text that fills this hole; nil if it is filled by something else or with escapes.
  public func text(_ variable: Key) -> UnsafeBufferPointer<UInt8>? {
    var found: UnsafeBufferPointer<UInt8>?
    FlatLine.each(line) { key, value in
      guard key.elementsEqual(variable.utf8) else { return true }
      found = value
      return false
    }
    return found
  }

  /// The object itself.
  public func make() -> Value? {
    guard case .success(let value) = JSON.parse(line) else { return nil }
    var filling: [Value] = []
    for field in value.fields where field.key != ValueTemplate.mark { filling.append(field.value) }
    return filling.count == template.variables.count ? template.filled(filling) : nil
  }
}

/// The fields of one object on one line, as far as they are plain texts.
enum FlatLine {
  /// Calls `body` with each field of the outermost object, its value without quotes, nil where it is no plain text;
  /// until it gives false.
  static func each(
    _ line: UnsafeBufferPointer<UInt8>,
    _ body: (UnsafeBufferPointer<UInt8>, UnsafeBufferPointer<UInt8>?) -> Bool
  ) {
    var at = 1
    while at < line.count, line[at] == 0x22 {
      let (key, _) = string(line, &at)
      guard at < line.count, line[at] == 0x3A else { return }
      at += 1
      guard at < line.count else { return }
      var value: UnsafeBufferPointer<UInt8>?
      if line[at] == 0x22 {
        let (text, isPlain) = string(line, &at)
        value = isPlain ? text : nil
      } else {
        skip(line, &at)
      }
      if !body(key, value) { return }
      guard at < line.count, line[at] == 0x2C else { return }
      at += 1
    }
  }

  /// The string that begins at `at`; leaves `at` behind its closing quote.
  private static func string(
    _ line: UnsafeBufferPointer<UInt8>, _ at: inout Int
  ) -> (text: UnsafeBufferPointer<UInt8>, isPlain: Bool) {
    let from = at + 1
    var isPlain = true
    at = from
    while at < line.count, line[at] != 0x22 {
      if line[at] == 0x5C {
        isPlain = false
        at += 1
      }
      at += 1
    }
    let text = UnsafeBufferPointer(rebasing: line[from..<min(at, line.count)])
    at = min(at + 1, line.count)
    return (text, isPlain)
  }

  /// Goes over a value that is no string.
  private static func skip(_ line: UnsafeBufferPointer<UInt8>, _ at: inout Int) {
    var depth = 0
    while at < line.count {
      switch line[at] {
      case 0x22:
        _ = string(line, &at)
        continue
      case 0x7B, 0x5B: depth += 1
      case 0x7D, 0x5D:
        if depth == 0 { return }
        depth -= 1
      case 0x2C where depth == 0: return
      default: break
      }
      at += 1
    }
  }
}

/// The objects of one kind and namespace, or some of them, for reading on several cores.
public struct ObjectPart: Sendable {
  fileprivate enum Content: Sendable {
    case values([Value])
    case shard(LazyShard)
  }
  fileprivate let content: Content

  /// Calls `body` with each object, in order of the names.
  public func each(_ body: (ObjectRow) -> Void) {
    switch content {
    case .values(let values): for value in values { body(.object(value)) }
    case .shard(let shard): shard.bytes.all.withUnsafeBufferPointer { Self.lines($0, body) }
    }
  }

  private static func lines(_ all: UnsafeBufferPointer<UInt8>, _ body: (ObjectRow) -> Void) {
    var templates: [(name: [UInt8], template: ValueTemplate)] = []
    var places: [UInt64: Int] = [:]
    var last = 0
    var at = 0
    while at < all.count {
      let end = Lines.end(all, at)
      let line = UnsafeBufferPointer(rebasing: all[at..<end])
      at = end + 1
      if line.starts(with: ShardLine.templateStart) {
        guard case .success(let value) = JSON.parse(line),
          let template = ValueTemplate(value[ShardLine.object])
        else { continue }
        let name = Array((value[ShardLine.template].string ?? "").utf8)
        places[name.withUnsafeBufferPointer { Text.hash($0) }] = templates.count
        templates.append((name, template))
        continue
      }
      var name: UnsafeBufferPointer<UInt8>?
      FlatLine.each(line) { key, value in
        if key.count == 1 && key[0] == 0x24 { name = value }
        return false
      }
      if let name {
        if last >= templates.count || !templates[last].name.elementsEqual(name) {
          last = places[Text.hash(name)] ?? templates.count
        }
        if last < templates.count, templates[last].name.elementsEqual(name) {
          body(.filled(FilledRow(template: templates[last].template, number: last, line: line)))
        }
      } else if case .success(let value) = JSON.parse(line) {
        body(.object(value))
      }
    }
  }
}

extension ObjectStore {
  /// What `body` makes of the objects of a kind, part by part on several cores, in order of the namespaces. Files
  /// that were only read so far are read by lines and not taken apart.
  public func mapParts<Output: Sendable>(
    _ kind: GroupKind, _ body: @Sendable (ObjectPart) -> Output
  ) -> [Output] {
    let parts = buckets(kind).map { bucket in
      if let shard = bucket.unopenedWhole { return ObjectPart(content: .shard(shard)) }
      return ObjectPart(content: .values(bucket.values))
    }
    return Parallel.map(parts, body)
  }

  /// The objects of a kind without those of files in which this text does not stand as a JSON string. It is for a
  /// few that are looked for among many: not all that are given have it.
  public func list(_ kind: GroupKind, near text: String) -> [Value] {
    let wanted = Array("\"\(text)\"".utf8)
    return buckets(kind).flatMap { bucket in
      if let shard = bucket.unopenedWhole, !shard.mentions(wanted) { return [Value]() }
      return bucket.values
    }
  }
}
