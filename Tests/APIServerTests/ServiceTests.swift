import API
import APIMachinery
import APIServer
import Basics
import Testing

@Suite struct ServiceTests {
  let server = makeServer()

  private func service(_ name: String, _ spec: String) -> Value {
    json(#"{"apiVersion":"v1","kind":"Service","metadata":{"name":"\#(name)"},"spec":\#(spec)}"#)
  }
  private func address(_ text: String) -> Value? { server.get(ObjectKey(.ipAddress, name: text)) }

  @Test func addressesAreDrawnAndOwned() throws {
    let made = try server.create(service("web", #"{"selector":{"a":"b"},"ports":[{"port":80}]}"#))
    let ip = try #require(made[.spec][.clusterIP].string)
    #expect(made[.spec][.clusterIPs] == [.string(ip)])
    #expect(made[.spec][.ipFamilies] == ["IPv4"] && made[.spec][.ipFamilyPolicy].string == "SingleStack")
    #expect(address(ip)?[.spec][.parentRef][.name].string == "web")
    try server.create(service("other", #"{"selector":{"a":"b"},"ports":[{"port":80}]}"#))
    let again = makeServer()
    try again.create(service("first", #"{"selector":{"a":"b"},"ports":[{"port":80}]}"#))
    #expect(
      try again.create(service("web", #"{"selector":{"a":"b"},"ports":[{"port":80}]}"#))[.spec][.clusterIP]
        .string == ip)
    try server.delete(ObjectKey(.service, namespace: "default", name: "web"))
    #expect(address(ip) == nil)
  }

  @Test func headlessAndExternalHaveNone() throws {
    let headless = try server.create(
      service("h", #"{"clusterIP":"None","selector":{"a":"b"},"ports":[{"port":80}]}"#))
    #expect(headless[.spec][.clusterIPs] == ["None"])
    #expect(headless[.spec][.ipFamilies] == ["IPv4"])
    let bare = try server.create(service("n", #"{"clusterIP":"None"}"#))
    #expect(bare[.spec][.ipFamilies] == ["IPv4", "IPv6"])
    #expect(bare[.spec][.ipFamilyPolicy].string == "RequireDualStack")
    let external = try server.create(service("x", #"{"type":"ExternalName","externalName":"a.b"}"#))
    #expect(!external[.spec].has(.clusterIP) && !external[.spec].has(.ipFamilies))
  }

  @Test func givenValuesAreChecked() throws {
    try server.create(
      service(
        "fixed", #"{"clusterIP":"10.96.7.7","type":"NodePort","ports":[{"port":80,"nodePort":30080}]}"#))
    for (name, spec, why) in [
      (
        "clash", #"{"clusterIP":"10.96.7.7","ports":[{"port":80}]}"#,
        #"spec.clusterIPs: Invalid value: ["10.96.7.7"]: failed to allocate IP 10.96.7.7: provided IP is already allocated"#
      ),
      (
        "range", #"{"clusterIP":"192.168.1.1","ports":[{"port":80}]}"#,
        #"spec.clusterIPs: Invalid value: ["192.168.1.1"]: failed to allocate IP 192.168.1.1: the provided network does not match the current range"#
      ),
      (
        "lowport", #"{"type":"NodePort","ports":[{"port":80,"nodePort":80}]}"#,
        "spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range. The range of valid ports is 30000-32767"
      ),
      (
        "taken", #"{"type":"NodePort","ports":[{"port":80,"nodePort":30080}]}"#,
        "spec.ports[0].nodePort: Invalid value: 30080: provided port is already allocated"
      ),
      (
        "six", #"{"ipFamilies":["IPv6"],"ports":[{"port":80}]}"#,
        #"spec.ipFamilies[0]: Invalid value: "IPv6": not configured on this cluster"#
      ),
    ] {
      let error = refusal { () throws(APIError) in try server.create(service(name, spec)) }
      #expect(error?.message == #"Service "\#(name)" is invalid: \#(why)"#)
      #expect(server.get(ObjectKey(.service, namespace: "default", name: name)) == nil)
    }
  }

  @Test func typeChangesGiveBack() throws {
    let made = try server.create(
      service(
        "s",
        #"{"type":"LoadBalancer","externalTrafficPolicy":"Local","#
          + #""ports":[{"name":"a","port":80},{"name":"b","port":81}]}"#
      ))
    let ports = made[.spec][.ports].items.compactMap { $0[.nodePort].int }
    #expect(Set(ports).count == 2 && ports.allSatisfy { (30000...32767).contains($0) })
    #expect(made[.spec][.healthCheckNodePort].int != nil)
    let ip = try #require(made[.spec][.clusterIP].string)
    var plain = made
    plain[.spec][.type] = "ClusterIP"
    plain = try server.update(plain)
    #expect(plain[.spec][.ports].items.allSatisfy { !$0.has(.nodePort) })
    #expect(!plain[.spec].has(.healthCheckNodePort) && !plain[.spec].has(.externalTrafficPolicy))
    #expect(plain[.spec][.clusterIP].string == ip)
    plain[.spec][.type] = "ExternalName"
    plain[.spec][.externalName] = "a.b"
    plain = try server.update(plain)
    #expect(!plain[.spec].has(.clusterIP) && !plain[.spec].has(.clusterIPs))
    #expect(address(ip) == nil)
  }

  @Test func updatesKeepWhatWasDrawn() throws {
    let made = try server.create(service("s", #"{"type":"NodePort","ports":[{"port":80}]}"#))
    var again = service("s", #"{"type":"NodePort","ports":[{"port":80,"targetPort":8080}]}"#)
    again[.metadata][.namespace] = "default"
    let stored = try server.update(again)
    #expect(stored[.spec][.clusterIP] == made[.spec][.clusterIP])
    #expect(stored[.spec][.ports][0][.nodePort] == made[.spec][.ports][0][.nodePort])
  }
}
