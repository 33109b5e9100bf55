import API
import APIMachinery
import Foundation
import Testing

@testable import ControllerRuntime

/// ReplicaSets and revisions have the names that a real cluster gives them.
@Suite struct RevisionNameTests {
  /// As it was recorded of a real cluster.
  @Test func recorded() {
    let template: Value = [
      "metadata": ["labels": ["app": "db"]],
      "spec": [
        "containers": [
          [
            "image": "nginx:1.25", "imagePullPolicy": "IfNotPresent", "name": "c", "resources": .emptyObject,
            "terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File",
          ]
        ],
        "dnsPolicy": "ClusterFirst", "restartPolicy": "Always", "schedulerName": "default-scheduler",
        "securityContext": .emptyObject, "terminationGracePeriodSeconds": 30,
      ],
    ]
    #expect(TemplateHash().revisionHash(template, collisions: 0) == "697c9cbb96")
  }

  /// What Go's encoder writes by numbers, and other text beside it; collisions count.
  @Test func escapedTextAndCollisions() {
    let template: Value = [
      "metadata": ["labels": ["app": "db"]],
      "spec": ["containers": [["args": ["a<b && c>d \u{2028} ü"], "name": "c"]]],
    ]
    let hashes = TemplateHash()
    #expect(hashes.revisionHash(template, collisions: 0) == "5479b5bf55")
    #expect(hashes.revisionHash(template, collisions: 1) == "5479b5bf54")
  }

  /// Templates of recorded Deployments and DaemonSets with their hashes.
  @Test func recordedTemplates() throws {
    let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let file = tests.appending(path: "Recorded/template-hashes.jsonl")
    let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
    #expect(lines.count == 51)
    for line in lines {
      let record = try JSON.parse(Array(line.utf8)).get()
      #expect(TemplateHash().hash(record["template"]) == record["hash"].string, "\(line)")
    }
  }

  /// Every structure of the layout has the fields of its schema, under their names in JSON, and pointers where
  /// a zero is told from nothing.
  @Test func theLayoutIsThatOfTheSchemas() throws {
    let types = Self.types(try #require(Scheme.builtin.info(.deployment)).type)
    let embedded: Set = ["v1.ProbeHandler", "v1.VolumeSource"]
    for (name, fields) in GoLayout.structures where !embedded.contains(name) {
      let type = try #require(types[name], "\(name)")
      var names: Set<Key> = []
      for field in fields {
        let inline = field.json.isEmpty ? GoLayout.structures[field.type.name] : nil
        names.formUnion(inline?.map(\.json) ?? [field.json])
      }
      #expect(names == Set(type.fields.map(\.key)), "\(name)")
      for field in fields {
        guard let known = type.fields.first(where: { $0.key == field.json }) else { continue }
        var isPointer = false
        if case .pointer = field.type.form { isPointer = true }
        // A pointer with a default is always printed.
        #expect(known.presence == .always || (known.presence == .given) == isPointer, "\(name).\(field.name)")
      }
    }
  }

  /// All types that are reached from one, by their Go names.
  private static func types(_ root: SchemaType) -> [String: SchemaType] {
    var found: [String: SchemaType] = [:]
    var left = [root]
    while let type = left.popLast() {
      if let element = type.element { left.append(element) }
      if type.name.isEmpty || found.updateValue(type, forKey: type.name) != nil { continue }
      left += type.fields.map(\.type)
    }
    return found
  }

  @Test(
    "Quantities as Go keeps them",
    arguments: [
      ("100m", "100 -3 100m DecimalSI"), ("64Mi", "67108864 0  BinarySI"),
      ("33Mi", "34603008 0 33Mi BinarySI"), ("1", "1 0 1 DecimalSI"), ("2k", "2 3 2k DecimalSI"),
      ("134217728", "134217728 0 134217728 DecimalSI"),
      ("0", "0 0 0 DecimalSI"), ("12345Gi", "13255342817280 0 12345Gi BinarySI"), ("123456Gi", nil),
      ("1.5", nil), ("-1", nil), ("1e3", nil), ("9999999999999999999", nil),
    ] as [(String, String?)])
  func quantities(text: String, kept: String?) {
    let template: Value = ["spec": ["overhead": ["cpu": .string(text)]]]
    let dump = GoDump.podTemplate(template).map { String(decoding: $0, as: UTF8.self) }
    #expect((dump == nil) == (kept == nil))
    guard let dump, let kept else { return }
    let parts = kept.split(separator: " ", omittingEmptySubsequences: false)
    #expect(
      dump.contains(
        "Overhead:(v1.ResourceList)map[cpu:{i:(resource.int64Amount){value:(int64)\(parts[0]) "
          + "scale:(resource.Scale)\(parts[1])} d:(resource.infDecAmount){Dec:(*inf.Dec)<nil>} "
          + "s:(string)\(parts[2]) Format:(resource.Format)\(parts[3])}]"))
  }

  /// What has no known layout is hashed by its content.
  @Test func anUnknownKindOfVolume() {
    func template(_ size: Int) -> Value {
      ["spec": ["volumes": [["name": "v", "ephemeral": ["volumeClaimTemplate": ["size": .int(size)]]]]]]
    }
    #expect(GoDump.podTemplate(template(1)) == nil)
    #expect(TemplateHash().hash(template(1)) != TemplateHash().hash(template(2)))
  }
}
