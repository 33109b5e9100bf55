import APIMachinery
import Testing

@testable import API

/// What the API server warns of (`pkg/api/pod/warnings.go` and its like), one row for one rule.
@Suite struct WarningTests {
  private func texts(_ text: String, old: String? = nil) throws -> [String] {
    let object = try made(text)
    let info = try #require(Scheme.builtin.info(apiVersion: object.apiVersion, kind: object.kindName))
    let before = try old.map(made)
    return ObjectWarnings.version(info, "v1") + ObjectWarnings.texts(object, old: before, info)
  }

  private func made(_ text: String) throws -> Value {
    let object = try JSON.parse(text).get()
    let info = try #require(Scheme.builtin.info(apiVersion: object.apiVersion, kind: object.kindName))
    var made = SchemaDefault.apply(object, info.type)
    StrategyRegistry.strategy(for: info.groupKind).defaults(&made)
    return made
  }

  private static let noSelector = "a null labelSelector results in matching no pod"

  private static let pods: [(String, String)] = [
    (
      #""nodeSelector":{"beta.kubernetes.io/os":"linux"},"#,
      #"spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead"#
    ),
    (
      #""topologySpreadConstraints":[{"maxSkew":1,"topologyKey":"x","whenUnsatisfiable":"DoNotSchedule"}],"#,
      "spec.topologySpreadConstraints[0].labelSelector: \(noSelector)"
    ),
    (
      #""affinity":{"podAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":[{"topologyKey":"x"}]}},"#,
      "spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].labelSelector: "
        + noSelector
    ),
    (
      #""volumes":[{"name":"v","gitRepo":{"repository":"r"}}],"#,
      "spec.volumes[0].gitRepo: deprecated in v1.11, and disabled by default in v1.33+"
    ),
    (
      #""volumes":[{"name":"v","storageos":{}}],"#,
      "spec.volumes[0].storageOS: deprecated in v1.22, non-functional in v1.25+"
    ),
    (
      #""volumes":[{"name":"v","configMap":{"name":"m","items":[{"key":"a","path":"x"},{"key":"b","path":"x/y"}]}}],"#,
      #"volume "v" (ConfigMap "m"): overlapping paths: "x/y" with "x""#
    ),
    (
      #""imagePullSecrets":[{"name":"a"},{"name":"a"}],"#,
      #"spec.imagePullSecrets[1].name: duplicate name "a""#
    ),
    (
      #""terminationGracePeriodSeconds":-1,"#,
      "spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1"
    ),
    (
      #""dnsConfig":{"nameservers":["2001:DB8::1"]},"#,
      #"spec.dnsConfig.nameservers[0]: IPv6 address "2001:DB8::1" should be in RFC 5952 canonical format "#
        + #"("2001:db8::1")"#
    ),
    (
      #""overhead":{"memory":"1500m"},"#,
      #"spec.overhead[memory]: fractional byte value "1500m" is invalid, must be an integer"#
    ),
  ]

  @Test(arguments: pods) func podsAreWarnedOf(spec: String, text: String) throws {
    let found = try texts(
      #"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{\#(spec)"containers":[{"name":"c","image":"i"}]}}"#
    )
    #expect(found == [text])
  }

  private static let containers: [(String, String)] = [
    (
      #""env":[{"name":"A","value":"1"},{"name":"A","value":"2"}]"#,
      #"spec.template.spec.containers[0].env[1]: hides previous definition of "A", which may be dropped when "#
        + "using apply"
    ),
    (
      #""ports":[{"containerPort":80},{"containerPort":80}]"#,
      "spec.template.spec.containers[0].ports[1]: duplicate port definition with "
        + "spec.template.spec.containers[0].ports[0]"
    ),
    (
      #""ports":[{"containerPort":80,"hostPort":8080},{"containerPort":80}]"#,
      "spec.template.spec.containers[0].ports[1]: overlapping port definition with "
        + "spec.template.spec.containers[0].ports[0]"
    ),
    (
      #""ports":[{"containerPort":80,"hostIP":"10.0.0.1"}]"#,
      "spec.template.spec.containers[0].ports[0]: hostIP set without hostPort: {Name: HostPort:0 "
        + "ContainerPort:80 Protocol:TCP HostIP:10.0.0.1}"
    ),
  ]

  @Test(arguments: containers) func templatesAreWarnedOf(container: String, text: String) throws {
    let found = try texts(Self.deployment("web", container))
    #expect(found == [text])
  }

  private static func deployment(_ name: String, _ container: String, generation: Int = 1) -> String {
    #"{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"\#(name)","generation":\#(generation)},"#
      + #""spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"#
      + #""containers":[{"name":"c","image":"i",\#(container)}]}}}}"#
  }

  @Test func updatesAreWarnedOfWhenTheyChangeWhatIsWanted() throws {
    let bad = Self.containers[0].0
    #expect(try texts(Self.deployment("web", bad), old: Self.deployment("web", bad)).isEmpty)
    #expect(
      try texts(Self.deployment("web", bad, generation: 2), old: Self.deployment("web", bad)).count == 1)
  }

  private static let others: [(String, [String])] = [
    (
      deployment("web.1", #""stdin":true"#),
      [
        "metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a "
          + "DNS label is recommended: [must not contain dots]"
      ]
    ),
    (
      #"{"apiVersion":"v1","kind":"Service","metadata":{"name":"s"},"spec":{"ports":[{"port":80}],"externalIPs":["2001:DB8::1"],"externalName":"x"}}"#,
      [
        #"spec.externalIPs[0]: IPv6 address "2001:DB8::1" should be in RFC 5952 canonical format ("2001:db8::1")"#,
        "spec.externalIPs is deprecated and may no longer be implemented in some clusters",
        #"spec.externalName is ignored when spec.type is not "ExternalName""#,
      ]
    ),
    (
      #"{"apiVersion":"v1","kind":"Service","metadata":{"name":"s"},"spec":{"clusterIP":"None","loadBalancerSourceRanges":["10.0.0.1/8"],"trafficDistribution":"PreferClose"}}"#,
      [
        #"spec.loadBalancerSourceRanges[0]: CIDR value "10.0.0.1/8" is ambiguous in this context (should be "#
          + #""10.0.0.0/8" or "10.0.0.1/32"?)"#,
        #"spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone""#,
      ]
    ),
    (
      #"{"apiVersion":"v1","kind":"PersistentVolume","metadata":{"name":"v","annotations":{"volume.beta.kubernetes.io/storage-class":"x"}},"spec":{"persistentVolumeReclaimPolicy":"Recycle","cephfs":{"monitors":["m"]}}}"#,
      [
        "metadata.annotations[volume.beta.kubernetes.io/storage-class]: deprecated since v1.8; use "
          + #""storageClassName" attribute instead"#,
        "spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the "
          + "recommended approach is to use dynamic provisioning.",
        "spec.cephfs: deprecated in v1.28, non-functional in v1.31+",
      ]
    ),
    (
      #"{"apiVersion":"networking.k8s.io/v1","kind":"Ingress","metadata":{"name":"i","annotations":{"kubernetes.io/ingress.class":"x"}},"spec":{}}"#,
      ["annotation \"kubernetes.io/ingress.class\" is deprecated, please use 'spec.ingressClassName' instead"]
    ),
    (
      #"{"apiVersion":"v1","kind":"Secret","metadata":{"name":"s"},"type":"kubernetes.io/tls","data":{"tls.crt":"eA==","tls.key":"eA=="}}"#,
      ["tls: failed to find any PEM data in certificate input"]
    ),
    (
      #"{"apiVersion":"v1","kind":"Endpoints","metadata":{"name":"e"}}"#,
      ["v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"]
    ),
    (
      #"{"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSlice","metadata":{"name":"e"},"addressType":"FQDN","endpoints":[]}"#,
      ["spec.addressType: FQDN endpoints are deprecated"]
    ),
  ]

  @Test(arguments: others) func otherKindsAreWarnedOf(object: String, expected: [String]) throws {
    #expect(try texts(object) == expected)
  }
}
