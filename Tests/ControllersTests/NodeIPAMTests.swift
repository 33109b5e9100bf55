import Testing

@testable import Controllers

/// The blocks that nodes get.
struct NodeIPAMTests {
  @Test(arguments: [
    (0, "10.244.0.0/24"), (255, "10.244.255.0/24"), (256, "10.245.0.0/24"), (3071, "10.255.255.0/24"),
    (3072, "10.112.0.0/24"), (36863, "10.243.255.0/24"), (36864, "10.0.0.0/24"), (61439, "10.95.255.0/24"),
  ])
  func blocks(index: Int, cidr: String) {
    let ipam = NodeIPAMController()
    #expect(ipam.range(index) == cidr)
    #expect(ipam.index(of: cidr) == index)
  }

  @Test func noBlockIsThatOfServices() {
    let ipam = NodeIPAMController()
    let blocks = (0..<61440).compactMap { ipam.range($0) }
    #expect(Set(blocks).count == 61440)
    #expect(!blocks.contains { $0.hasPrefix("10.96.") || $0.hasPrefix("10.111.") })
    #expect(ipam.range(61440) == nil)
  }
}
