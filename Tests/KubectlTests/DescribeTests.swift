import APIMachinery
import Basics
import Testing

@testable import Kubectl

@Suite struct DescribeTests {
  static let durations: [(seconds: Int64, text: String)] = [
    (0, "0s"), (119, "119s"), (120, "2m"), (130, "2m10s"), (600, "10m"), (10_800, "3h"), (10_860, "3h1m"),
    (32_400, "9h"), (169_200, "47h"), (176_400, "2d1h"), (864_000, "10d"), (69_120_000, "2y70d"),
    (-5, "<invalid>"),
  ]

  @Test(arguments: 0..<durations.count) func humanDuration(_ i: Int) {
    #expect(HumanDuration.string(Self.durations[i].seconds) == Self.durations[i].text)
  }

  @Test func times() {
    #expect(DescribeWriter.time("2026-11-23T07:10:13Z") == "Mon, 23 Nov 2026 07:10:13 +0000")
    #expect(DescribeWriter.time("1970-01-01T00:00:00Z") == "Thu, 01 Jan 1970 00:00:00 +0000")
  }

  @Test(arguments: [
    ("apiVersion", "API Version"), ("creationTimestamp", "Creation Timestamp"), ("uid", "UID"),
    ("spec", "Spec"), ("PDFLoader", "PDF Loader"), ("a.b", "a.b"), ("http2", "http2"),
  ])
  func titles(_ name: String, _ expected: String) { #expect(GenericDescriber.title(name) == expected) }

  @Test func anyObject() {
    let object: Value = [
      "apiVersion": "example.org/v1", "kind": "Boat",
      "metadata": ["name": "b", "namespace": "d", "uid": "u"],
      "spec": ["crew": 3, "names": ["x", "y"], "parts": [["kind": "sail"]]],
    ]
    let context = DescribeContext(client: RolloutTests.Shelf([]), now: Instant(seconds: 0))
    #expect(
      Describers.text(object, context) == """
        Name:         b
        Namespace:    d
        Labels:       <none>
        Annotations:  <none>
        API Version:  example.org/v1
        Kind:         Boat
        Metadata:
          UID:  u
        Spec:
          Crew:  3
          Names:
            x
            y
          Parts:
            Kind:  sail
        Events:    <none>

        """)
  }

  @Test func amountsOfAPod() {
    func container(_ cpu: String, always: Bool = false) -> Value {
      var value: Value = ["resources": ["requests": ["cpu": .string(cpu)]]]
      if always { value["restartPolicy"] = "Always" }
      return value
    }
    let spec: Value = [
      "containers": [container("100m"), container("200m")],
      "initContainers": [container("50m", always: true), container("400m")], "overhead": ["cpu": "10m"],
    ]
    // The init container beside the sidecar asks for more than all main containers with it.
    #expect(PodAmounts.amount(PodAmounts.of(spec, .requests), .cpu).canonical == "460m")
  }

  static let probes: [(probe: Value, text: String)] = [
    (["httpGet": ["path": "/x", "port": 80, "scheme": "HTTPS"]], "http-get https://:80/x delay=0s"),
    (["exec": ["command": ["a", "b"]]], "exec [a b] delay=0s"),
    (["tcpSocket": ["port": "web"]], "tcp-socket :web delay=0s"),
    (["grpc": ["port": 5, "service": "s"]], "grpc <pod>:5 s delay=0s"), ([:], "unknown delay=0s"),
  ]

  @Test(arguments: 0..<probes.count) func probe(_ i: Int) {
    #expect(ContainerText.probe(Self.probes[i].probe).hasPrefix(Self.probes[i].text))
  }

  @Test func longAnnotationsStandOnLinesOfTheirOwn() {
    var writer = DescribeWriter()
    let long = String(repeating: "x", count: 150)
    writer.annotations(
      "Annotations", ["a": .string(long), "kubectl.kubernetes.io/last-applied-configuration": "{}"])
    #expect(writer.lines.count == 2)
    #expect(writer.lines[0] == "Annotations:\ta:")
    #expect(writer.lines[1].hasSuffix("..."))
  }
}
