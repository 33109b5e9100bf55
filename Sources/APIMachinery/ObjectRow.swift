/// An object as a file of many has it: made already, or a line that fills a template.
public enum ObjectRow: Sendable {
  case object(Value)
  case filled(FilledRow)
}

/// Bytes that rows refer to.
public final class RowBytes: Sendable {
  public let all: [UInt8]
  public init(_ all: [UInt8]) { self.all = all }
}

/// A template that rows refer to.
public final class RowTemplate: Sendable {
  public let template: ValueTemplate
  /// Tells the templates of one file apart.
  public let number: Int
  public var holes: [ValueTemplate.Hole] { template.holes }

  public init(_ template: ValueTemplate, number: Int) {
    self.template = template
    self.number = number
  }
}

/// A line that fills a template. What is asked of many objects can be answered from the few templates and a field or
/// two of each line, without making the objects.
public struct FilledRow: Sendable {
  public let shared: RowTemplate
  private let bytes: RowBytes
  private let from: Int
  private let to: Int

  public init(_ shared: RowTemplate, _ bytes: RowBytes, from: Int, to: Int) {
    self.shared = shared
    self.bytes = bytes
    self.from = from
    self.to = to
  }

  private func withLine<R>(_ body: (UnsafeBufferPointer<UInt8>) -> R) -> R {
    bytes.all.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[from..<to])) }
  }

  /// Calls `body` with what fills each hole, in order of the template's variables; nil for what is no text or has
  /// escapes. False if the line does not fill the template.
  public func each(_ body: (Int, UnsafeBufferPointer<UInt8>?) -> Void) -> Bool {
    let variables = shared.template.variables
    return withLine { line in
      var at = -1
      var fits = true
      FlatLine.each(line) { key, value in
        // The first field names the template.
        if at >= 0 {
          guard at < variables.count, Self.same(key, variables[at].utf8) else {
            fits = false
            return false
          }
          body(at, value)
        }
        at += 1
        return true
      }
      return fits && at == variables.count
    }
  }

  private static func same(_ a: UnsafeBufferPointer<UInt8>, _ b: UnsafeBufferPointer<UInt8>) -> Bool {
    guard a.count == b.count, let x = a.baseAddress, let y = b.baseAddress else { return a.count == b.count }
    return Text.equal(x, y, a.count)
  }

  /// The object itself.
  public func make() -> Value? {
    withLine { line in
      guard case .success(let value) = JSON.parse(line) else { return nil }
      var filling: [Value] = []
      for field in value.fields where field.key != ValueTemplate.mark { filling.append(field.value) }
      let template = shared.template
      return filling.count == template.variables.count ? template.filled(filling) : nil
    }
  }
}

/// The fields of one object on one line, as far as they are plain texts.
public enum FlatLine {
  /// Calls `body` with each field of the outermost object, its value without quotes, nil where it is no plain text;
  /// until it gives false.
  public static func each(
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
