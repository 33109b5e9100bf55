import APIMachinery
import Foundation
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
}
