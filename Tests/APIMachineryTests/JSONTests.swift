import APIMachinery
import Basics
import Testing

@Suite struct JSONTests {
  @Test(arguments: [
    (#"{"b":1,"a":[true,null,"x\n"]}"#, #"{"a":[true,null,"x\n"],"b":1}"#),
    (" [1.50, -0, 12345678901 ,1e3]", "[1.50,0,12345678901,1e3]"),
    (#""\ud83d\ude00\ud800x""#, "\"😀\u{FFFD}x\""),
    (#"{"a":1,"a":2}"#, #"{"a":2}"#),
    ("{}", "{}"), ("[]", "[]"), ("[[],{}]", "[[],{}]"),
  ])
  func reads(text: String, canonical: String) throws {
    let value = try JSON.parse(text).get()
    #expect(CanonicalJSON.string(value) == canonical)
    #expect(try JSON.parse(canonical).get() == value)
  }

  @Test func nestingIsLimited() throws {
    let deep = [UInt8](repeating: 0x5B, count: 100_000)
    guard case .failure(let error) = JSON.parse(deep) else {
      Issue.record("100,000 levels were accepted")
      return
    }
    #expect(error.offset == 1000)
    let fits = [UInt8](repeating: 0x5B, count: 1000) + [UInt8](repeating: 0x5D, count: 1000)
    #expect((try JSON.parse(fits).get()).count == 1)
  }

  @Test(arguments: [
    (#"{"a":1,}"#, 7), ("[1 2]", 3), ("nul", 3), ("", 0), ("[1", 2), (#""a"#, 2), ("01", 1), ("1 x", 2),
    ("\"\u{01}\"", 1), (#""\x""#, 2), ("-", 1), (#"{"a" 1}"#, 5), ("\u{FEFF}1", 0),
  ])
  func errorsHavePlaces(text: String, offset: Int) {
    guard case .failure(let error) = JSON.parse(text) else {
      Issue.record("\(text) was accepted")
      return
    }
    #expect(error.offset == offset, "\(error)")
  }

  @Test(arguments: [
    [0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0x22, 0xE2, 0x82, 0x22],
  ])
  func invalidUTF8(bytes: [UInt8]) {
    #expect(throws: JSONError.self) { try JSON.parse(bytes).get() }
  }

  /// All positions of an escape or a byte beyond ASCII in strings around the eight-byte steps of the scanner.
  @Test func stringsOfAllLengths() throws {
    for length in 0..<40 {
      for special in ["\"", "\\", "\n", "é", "😀", "\u{7F}", "\u{1F}"] {
        for at in 0...length {
          let text = String(repeating: "a", count: at) + special + String(repeating: "b", count: length - at)
          let written = CanonicalJSON.bytes(.string(text))
          #expect(try JSON.parse(written).get() == .string(text))
        }
      }
    }
  }

  @Test func eventsTellPlaces() throws {
    let text = Array(#" {"b": [1, {"c": null}], "a": "x", "b": 2} "#.utf8)
    var seen: [String] = []
    var twice: [String] = []
    let result = text.withUnsafeBufferPointer {
      JSON.parse(
        $0,
        events: { event in
          switch event {
          case .objectStart(let at): seen.append("{\(at)")
          case .arrayStart(let at): seen.append("[\(at)")
          case .key(let key, let at): seen.append("\(key)\(at)")
          case .scalar(let at): seen.append("s\(at)")
          case .end(let at): seen.append("e\(at)")
          }
        }, duplicate: { key, at in twice.append("\(key)\(at)") })
    }
    let (value, end) = try result.get()
    #expect(CanonicalJSON.string(value) == #"{"a":"x","b":2}"#)
    #expect(end == text.count - 1)
    #expect(seen.joined(separator: " ") == "{1 b2 [7 s8 {11 c12 s17 e21 e22 a25 s30 b35 s40 e41")
    #expect(twice == ["b35"])
  }

  @Test func streams() throws {
    let text = Array("1 {\"a\":2}\n[3]".utf8)
    var at = 0
    var seen: [String] = []
    try text.withUnsafeBufferPointer { bytes in
      while at < bytes.count {
        let (value, end) = try JSON.parsePrefix(bytes, from: at).get()
        seen.append(CanonicalJSON.string(value))
        at = end
      }
    }
    #expect(seen == ["1", #"{"a":2}"#, "[3]"])
  }

  @Test func equalPartsAreShared() throws {
    let builder = ValueBuilder()
    let text = #"{"spec":{"containers":[{"name":"a","image":"long-image-name"}]}}"#
    let a = try JSON.parse(text, builder: builder).get()
    let b = try JSON.parse(text, builder: builder).get()
    #expect(a.identity == b.identity)
    // A parse that fails leaves the builder usable.
    _ = JSON.parse(#"{"a":[1,{"b":"c"#, builder: builder)
    #expect(try JSON.parse(text, builder: builder).get().identity == a.identity)
  }

  @Test func pretty() throws {
    let value = try JSON.parse(#"{"b":[],"a":[1,{"c":{}}]}"#).get()
    let text = """
      {
          "a": [
              1,
              {
                  "c": {}
              }
          ],
          "b": []
      }
      """
    #expect(JSONPretty.string(value) == text)
  }

  /// Random values are written and read back; built with and without sharing they are equal, with equal hashes.
  @Test(arguments: [1, 2, 3, 4]) func roundTrips(seed: UInt64) throws {
    var stream = RandomStream(seed: seed, label: "json")
    let builder = ValueBuilder()
    for _ in 0..<200 {
      let value = randomValue(&stream, 4)
      let bytes = CanonicalJSON.bytes(value)
      let read = try JSON.parse(bytes, builder: builder).get()
      #expect(read == value && read.hash == value.hash, "seed \(seed): \(CanonicalJSON.string(value))")
      #expect(CanonicalJSON.bytes(read) == bytes)
    }
  }

  /// Bytes flipped at random never trap, and what is accepted reads the same after it was written.
  @Test(arguments: [1, 2, 3, 4]) func mutations(seed: UInt64) throws {
    var stream = RandomStream(seed: seed, label: "json-mutations")
    for _ in 0..<500 {
      var bytes = CanonicalJSON.bytes(randomValue(&stream, 3))
      for _ in 0...stream.below(3) where !bytes.isEmpty {
        bytes[Int(stream.below(UInt64(bytes.count)))] = UInt8(truncatingIfNeeded: stream.next())
      }
      if case .success(let value) = JSON.parse(bytes) {
        #expect(try JSON.parse(CanonicalJSON.bytes(value)).get() == value, "seed \(seed)")
      }
    }
  }
}

private func randomValue(_ stream: inout RandomStream, _ depth: Int) -> Value {
  switch stream.below(depth == 0 ? 6 : 8) {
  case 0: return .null
  case 1: return .bool(stream.below(2) == 1)
  case 2: return .int(Int(truncatingIfNeeded: stream.next()))
  case 3: return .int(Int(stream.below(100)) - 50)
  case 4: return .string(stream.suffix(Int(stream.below(20))))
  case 5: return .string("ä\"\\\n\u{0}" + stream.suffix(Int(stream.below(9))))
  case 6: return .array((0..<stream.below(5)).map { _ in randomValue(&stream, depth - 1) })
  default:
    return .object(
      (0..<stream.below(25)).map { _ in
        let known: [Key] = [.spec, .name, .containers, .labels]
        let key = stream.below(2) == 0 ? known[Int(stream.below(4))] : Key(stream.suffix(3))
        return Field(key, randomValue(&stream, depth - 1))
      })
  }
}
