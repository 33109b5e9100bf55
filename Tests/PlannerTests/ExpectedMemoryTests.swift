import API
import APIMachinery
import ManifestReader
import Testing

@testable import Planner

/// What is said of the memory to come is rather less than what will be taken.
@Suite struct ExpectedMemoryTests {
  private static func pods(_ documents: String) -> Int {
    let read = ManifestReader.read(text: Array(documents.utf8), name: "all.yaml")
    return ExpectedMemory.pods(DesiredSet(read.manifests, scheme: Scheme.builtin, namespace: nil))
  }

  private static func document(_ kind: String, _ name: String, _ spec: String) -> String {
    "---\napiVersion: apps/v1\nkind: \(kind)\nmetadata: {name: \(name)}\nspec: \(spec)\n"
  }

  @Test("Replicas are counted, one where none are named; daemons and other kinds are not")
  func counts() {
    #expect(Self.pods("") == 0)
    let all =
      Self.document("Deployment", "a", "{replicas: 7}") + Self.document("Deployment", "b", "{}")
      + Self.document("StatefulSet", "c", "{replicas: 3}") + Self.document("ReplicaSet", "d", "{replicas: 0}")
      + Self.document("DaemonSet", "e", "{}") + "---\napiVersion: v1\nkind: Node\nmetadata: {name: n}\n"
    #expect(Self.pods(all) == 11)
  }

  @Test("Numbers that no cluster has are not believed")
  func bounded() {
    let huge =
      Self.document("Deployment", "a", "{replicas: 9000000000000000000}")
      + Self.document("Deployment", "b", "{replicas: 9000000000000000000}")
      + Self.document("StatefulSet", "c", "{replicas: -5}")
    #expect(Self.pods(huge) == 1 << 20)
  }
}
