import APIMachinery
import Testing

@Suite struct IPv4Tests {
  @Test(
    arguments: [
      ("0.0.0.0", 0), ("10.96.0.1", 0x0A60_0001), ("172.18.0.2", 0xAC12_0002), ("192.168.100.9", 0xC0A8_6409),
      ("1.20.255.100", 0x0114_FF64), ("255.255.255.255", 0xFFFF_FFFF),
    ] as [(String, UInt32)])
  func bothWays(_ text: String, _ address: UInt32) {
    #expect(IPv4.text(address) == text)
    #expect(IPv4.parse(text) == address)
  }
}
