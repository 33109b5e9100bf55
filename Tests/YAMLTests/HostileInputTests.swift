import Testing
import YAML

/// Texts that are not YAML, or that try to break the reader: an error with its place, never a trap.
@Suite struct HostileInputTests {
  private func error(_ bytes: [UInt8]) -> YAMLError? {
    let source = SourceBytes(bytes)
    if let error = source.encodingError ?? source.firstInvalid(in: 0..<source.count) { return error }
    var parser = Parser(source)
    do throws(YAMLError) { while try parser.nextDocument() {} } catch { return error }
    return nil
  }

  @Test(arguments: [
    ("a: b\n\tc: d\n", Problem.tabIndentation, 6), ("a: [1, 2\nb: 3\n", .flowIndentation, 9),
    ("a: \"x\n", .unclosedQuote, 3), ("a: 'x\n---\n", .markerInQuotes, 6), ("a: b: c\n", .keyNotAllowed, 4),
    ("a: &x &y b\n", .duplicateProperty, 6), ("a: *\n", .emptyAlias, 3), ("a: @b\n", .reservedIndicator, 3),
    ("a: {b: c\n", .unclosedFlow, 3), ("a: \"\\q\"\n", .unknownEscape, 4), ("a: !x!y z\n", .unknownHandle, 3),
    ("a: |x\n b\n", .blockHeader, 4), ("a: b\n  c: d\n", .keyNotAllowed, 8),
    ("a: 1\n b: 2\n", .keyNotAllowed, 7),
    ("a:\n  b: 1\n c: 2\n", .badIndentation, 11), ("- a\nb: c\n", .badIndentation, 4),
    ("a: b\nc\n", .expectedColon, 5), ("\u{1}", .controlCharacter, 0), ("a: \0\n", .nulByte, 3),
    ("%YAML 3.0\n---\n", .unsupportedVersion, 0), ("a: 'b' c\n", .unexpectedContent, 7),
    ("a: [b, c}\n", .expectedComma, 8), ("a: &x - b\n", .sequenceNotAllowed, 6),
  ])
  func places(_ text: String, _ problem: Problem, _ offset: Int) {
    let found = error(Array(text.utf8))
    #expect(found == YAMLError(problem, at: offset))
  }

  @Test func invalidUTF8() {
    let broken: [[UInt8]] = [
      [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xE2, 0x82], [0xF5, 0x80, 0x80, 0x80],
    ]
    for bytes in broken {
      #expect(error(Array("a: ".utf8) + bytes + [0x0A]) == YAMLError(.invalidUTF8, at: 3))
    }
  }

  @Test(arguments: ["[", "{a: ", "- ", "? ", "{[", "[{a: [", "!a\n", "&a\n", "[!x "])
  func nesting(_ piece: String) {
    let text = String(repeating: piece, count: 100_000)
    #expect(error(Array(text.utf8)) != nil)
  }

  @Test func deepBlocks() {
    var text = ""
    for level in 0..<2_000 { text += String(repeating: " ", count: level) + "a:\n" }
    #expect(error(Array(text.utf8))?.problem == .tooDeep)
    let fine = String(repeating: "[", count: 900) + String(repeating: "]", count: 900)
    #expect(error(Array(fine.utf8)) == nil)
  }

  @Test(arguments: [false, true], [1, 2, 4])
  func encodings(_ big: Bool, _ width: Int) throws {
    let text = "a: \"é😀\"\r\nb: [x]\n"
    var bytes: [UInt8] = []
    func put(_ unit: UInt32) {
      let parts = (0..<width).map { UInt8(truncatingIfNeeded: unit >> UInt32(8 * $0)) }
      bytes += big ? parts.reversed() : parts
    }
    switch width {
    case 1: bytes = [0xEF, 0xBB, 0xBF] + Array(text.utf8)
    case 2: for unit in ("\u{FEFF}" + text).utf16 { put(UInt32(unit)) }
    default: for scalar in ("\u{FEFF}" + text).unicodeScalars { put(scalar.value) }
    }
    for skipped in [0, width == 1 ? 3 : width] {
      let source = SourceBytes(Array(bytes.dropFirst(skipped)))
      var parser = Parser(source)
      #expect(try parser.nextDocument())
      var at = 0
      #expect(canonical(tree(parser, &at)) == "{\"a\":\"é😀\",\"b\":[\"x\"]}")
    }
  }

  /// Every prefix and every text with one byte changed is read or refused.
  @Test func mutations() {
    let text = Array(
      "a: &x [1, {b: 'c'}, \"d\\n\"]\n? |2-\n   e\n: - !!str f\n  - *x\n  # g\n---\n>\n h\n\n i\n...\n".utf8)
    let others = Array("\0\t\n\r :-?[]{}#&*!|>'\"%@`,x\\".utf8)
    for at in text.indices {
      _ = error(Array(text[..<at]))
      for byte in others {
        var changed = text
        changed[at] = byte
        _ = error(changed)
        changed.insert(byte, at: at)
        _ = error(changed)
      }
    }
  }
}
