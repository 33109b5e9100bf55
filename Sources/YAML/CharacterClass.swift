/// Byte constants of the YAML 1.2 character productions (chapter 5).
enum Byte {
  @inline(__always) static var tab: UInt8 { 0x09 }
  @inline(__always) static var lf: UInt8 { 0x0A }
  @inline(__always) static var cr: UInt8 { 0x0D }
  @inline(__always) static var space: UInt8 { 0x20 }
  @inline(__always) static var bang: UInt8 { 0x21 }
  @inline(__always) static var quote: UInt8 { 0x22 }
  @inline(__always) static var hash: UInt8 { 0x23 }
  @inline(__always) static var percent: UInt8 { 0x25 }
  @inline(__always) static var ampersand: UInt8 { 0x26 }
  @inline(__always) static var apostrophe: UInt8 { 0x27 }
  @inline(__always) static var star: UInt8 { 0x2A }
  @inline(__always) static var plus: UInt8 { 0x2B }
  @inline(__always) static var comma: UInt8 { 0x2C }
  @inline(__always) static var dash: UInt8 { 0x2D }
  @inline(__always) static var dot: UInt8 { 0x2E }
  @inline(__always) static var colon: UInt8 { 0x3A }
  @inline(__always) static var less: UInt8 { 0x3C }
  @inline(__always) static var greater: UInt8 { 0x3E }
  @inline(__always) static var question: UInt8 { 0x3F }
  @inline(__always) static var at: UInt8 { 0x40 }
  @inline(__always) static var openSquare: UInt8 { 0x5B }
  @inline(__always) static var backslash: UInt8 { 0x5C }
  @inline(__always) static var closeSquare: UInt8 { 0x5D }
  @inline(__always) static var backtick: UInt8 { 0x60 }
  @inline(__always) static var openCurly: UInt8 { 0x7B }
  @inline(__always) static var pipe: UInt8 { 0x7C }
  @inline(__always) static var closeCurly: UInt8 { 0x7D }
}

/// What a byte may do, as bits of a table of 256 entries.
enum CharacterClass {
  /// Space, tab, line break or the end (NUL stands after the last byte).
  static let blank: UInt8 = 1
  /// Ends or may end a plain scalar in a block: `:`, `#`, line breaks, the end.
  static let stopsPlain: UInt8 = 2
  /// The same inside flow collections, so also `,[]{}`.
  static let stopsFlowPlain: UInt8 = 4
  /// `,[]{}`.
  static let flow: UInt8 = 8
  /// Cannot begin a plain scalar without a look at the next byte, or at all.
  static let indicator: UInt8 = 16
  /// Ends a stretch of double-quoted text: `"`, `\`, line breaks, the end.
  static let stopsDouble: UInt8 = 32
  /// Ends a stretch of single-quoted text: `'`, line breaks, the end.
  static let stopsSingle: UInt8 = 64
  /// Line breaks and the end.
  static let lineEnd: UInt8 = 128

  static let table: [UInt8] = {
    var table = [UInt8](repeating: 0, count: 256)
    func set(_ bytes: String, _ bits: UInt8) {
      for byte in bytes.utf8 { table[Int(byte)] |= bits }
    }
    let ends: UInt8 = blank | stopsPlain | stopsFlowPlain | stopsDouble | stopsSingle | lineEnd | indicator
    set("\n\r\0", ends)
    set(" \t", blank | indicator)
    set(":#", stopsPlain | stopsFlowPlain)
    set(",[]{}", flow | stopsFlowPlain)
    set("-?:,[]{}#&*!|>'\"%@`", indicator)
    set("\"\\", stopsDouble)
    set("'", stopsSingle)
    return table
  }()
}
