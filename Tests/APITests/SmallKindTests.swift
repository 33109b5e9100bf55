import APIMachinery
import Testing

@testable import API

/// Rules of kinds that few people write by hand, with the API server's words.
@Suite struct SmallKindTests {
  private func made(_ text: String) throws -> (Value, any Strategy) {
    let object = try JSON.parse(text).get()
    let info = try #require(Scheme.builtin.info(apiVersion: object.apiVersion, kind: object.kindName))
    let strategy = StrategyRegistry.strategy(for: info.groupKind)
    var made = SchemaDefault.apply(object, info.type)
    strategy.defaults(&made)
    strategy.prepareForCreate(&made)
    return (made, strategy)
  }

  private static func slice(_ rest: String) -> String {
    #"{"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSlice","metadata":{"name":"e","namespace":"default"},\#(rest)}"#
  }

  private static func event(_ rest: String, group: String = "v1") -> String {
    #"{"apiVersion":"\#(group)","kind":"Event","metadata":{"name":"e","namespace":"shop"},\#(rest)}"#
  }

  private static let refused: [(String, [String])] = [
    (slice(#""addressType":"IPv4","endpoints":[{"addresses":["10.0.0.1"],"hostname":"a"}]"#), []),
    (
      slice(#""addressType":"IPv4","endpoints":[{"addresses":["x","127.0.0.1","fd00::1"]}]"#),
      [
        #"endpoints[0].addresses[0]: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or "#
          + "2001:db8::ffff)",
        #"endpoints[0].addresses[1]: Invalid value: "127.0.0.1": may not be in the loopback range "#
          + "(127.0.0.0/8, ::1/128)",
        #"endpoints[0].addresses: Invalid value: "fd00::1": must be an IPv4 address"#,
      ]
    ),
    (
      slice(#""addressType":"FQDN","endpoints":[{"addresses":["x"]}]"#),
      [
        #"endpoints[0].addresses[0]: Invalid value: "x": should be a domain with at least two segments "#
          + "separated by dots"
      ]
    ),
    (
      slice(
        #""addressType":"IPv4","endpoints":[],"ports":[{"name":"a","port":0},{"name":"a","protocol":"X"}]"#),
      [
        "ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive",
        #"ports[1].name: Duplicate value: "a""#,
        #"ports[1].protocol: Unsupported value: "X": supported values: "SCTP", "TCP", "UDP""#,
      ]
    ),
    (
      slice(
        #""addressType":"IPv6","endpoints":[{"addresses":["fd00::1"],"hints":{"forZones":[{"name":"z"},{"name":"z"}]}}]"#
      ), [#"endpoints[0].hints.forZones[1].name: Duplicate value: "z""#]
    ),
    (event(#""involvedObject":{"namespace":"shop"}"#), []),
    (
      event(#""involvedObject":{"namespace":"other"}"#),
      [#"involvedObject.namespace: Invalid value: "other": does not match event.namespace"#]
    ),
    (
      event(
        #""regarding":{"namespace":"shop"},"reportingController":"a.b/c","reportingInstance":"i","action":"A","reason":"R","type":"Odd""#,
        group: "events.k8s.io/v1"),
      ["eventTime: Required value", #"type: Invalid value: "": has invalid value: Odd"#]
    ),
    (
      #"{"apiVersion":"apps/v1","kind":"ControllerRevision","metadata":{"name":"r","namespace":"d"},"revision":-1}"#,
      [
        "data: Required value: data is mandatory",
        "revision: Invalid value: -1: must be greater than or equal to 0",
      ]
    ),
  ]

  @Test(arguments: refused) func areRefused(object: String, why: [String]) throws {
    let (made, strategy) = try made(object)
    #expect(strategy.validateCreate(made).map { "\($0.field): \($0.message)" } == why)
  }

  @Test func servicesOfTheAPIKeepTheirName() throws {
    func service(_ group: String) -> String {
      #"{"apiVersion":"apiregistration.k8s.io/v1","kind":"APIService","metadata":{"name":"v1.a.b"},"#
        + #""spec":{"group":"\#(group)","version":"v1","groupPriorityMinimum":1,"versionPriority":1,"#
        + #""service":{"name":"s","namespace":"n"}}}"#
    }
    let (old, strategy) = try made(service("a.b"))
    let (new, _) = try made(service("a.c"))
    #expect(strategy.validateUpdate(old, old: old).isEmpty)
    #expect(strategy.validateUpdate(new, old: old).map(\.field) == ["metadata.name"])
  }

  @Test func classesKeepTheirController() throws {
    func ingressClass(_ controller: String) -> String {
      #"{"apiVersion":"networking.k8s.io/v1","kind":"IngressClass","metadata":{"name":"c"},"spec":{"controller":"\#(controller)"}}"#
    }
    let (old, strategy) = try made(ingressClass("a.b/c"))
    let (new, _) = try made(ingressClass("a.b/d"))
    #expect(
      strategy.validateUpdate(new, old: old).map { "\($0.field): \($0.message)" } == [
        #"spec.controller: Invalid value: "a.b/d": field is immutable"#
      ])
  }

  /// What a stored slice shares with the new one is passed over; what is new, or means something else by now, is not.
  @Test func newEndpointsAreJudged() throws {
    let (old, strategy) = try made(
      Self.slice(#""addressType":"IPv4","endpoints":[{"addresses":["10.0.0.1"]}]"#))
    func fields(_ new: Value) -> [String] { strategy.validateUpdate(new, old: old).map(\.field) }
    var new = old
    new[.endpoints].append(["addresses": ["127.0.0.1"]])
    #expect(fields(old).isEmpty)
    #expect(fields(new) == ["endpoints[1].addresses[0]"])
    new = old
    new[.addressType] = "IPv6"
    #expect(fields(new) == ["endpoints[0].addresses", "addressType"])
  }

  @Test func newAddressesAreJudged() throws {
    let (old, strategy) = try made(
      #"{"apiVersion":"v1","kind":"Endpoints","metadata":{"name":"e","namespace":"default"},"#
        + #""subsets":[{"addresses":[{"ip":"10.0.0.1"}]}]}"#)
    var new = old
    var subset = old[.subsets][0]
    subset[.notReadyAddresses] = [["ip": "127.0.0.1"]]
    new[.subsets] = [subset]
    #expect(
      strategy.validateUpdate(new, old: old).map(\.field) == ["subsets[0].notReadyAddresses[0].ip"])
  }
}
