import API
import APIMachinery
import APIServer
import Basics
import Store

/// Small documents of every built-in kind, made from its schema, and a server that judges what became of them.
enum SchemaSeeds {
  static let documents: [String] = {
    var random = RandomStream(seed: 7, label: "schema seeds")
    var out: [String] = []
    for info in Scheme.builtin.kinds {
      guard let type = info.type(version: info.gvk.version) else { continue }
      for _ in 0..<12 {
        var object = sample(type, 0, &random)
        object[.apiVersion] = .string(info.gvk.apiVersion)
        object[.kind] = .string(info.kind)
        object[.metadata] = ["name": "a", "labels": ["a": "b"]]
        let text = CanonicalJSON.string(object)
        if text.utf8.count < 3000 { out.append(text) }
      }
    }
    return out
  }()

  private static let texts = ["a", "b-c", "1Gi", "10.0.0.1", "/p", "Always", "50%", "x.y/z", "", "TCP", "v1"]

  private static func sample(_ type: SchemaType, _ depth: Int, _ random: inout RandomStream) -> Value {
    switch type.shape {
    case .object:
      var out = Value.emptyObject
      for field in type.fields where field.isRequired || random.below(UInt64(2 + depth * 2)) == 0 {
        if depth < 8 { out[field.key] = sample(field.type, depth + 1, &random) }
      }
      return out
    case .map: return ["k": type.element.map { sample($0, depth + 1, &random) } ?? "v"]
    case .list:
      return .array(
        (0..<random.below(3)).map { _ in
          type.element.map { sample($0, depth + 1, &random) } ?? "v"
        })
    case .bool: return .bool(random.below(2) == 0)
    case .int32, .int64, .double: return .int(Int(random.below(100)) - 5)
    case .time, .microTime: return "2026-01-02T03:04:05Z"
    case .bytes: return "YQ=="
    case .quantity: return "2"
    case .intOrString: return .int(1)
    case .any, .schemaOrArray, .schemaOrBool, .schemaOrStrings: return [:]
    case .string:
      let all = type.allowed.isEmpty ? texts : type.allowed
      return .string(all[Int(random.below(UInt64(all.count)))])
    }
  }

  private static func makeServer() -> APIServer {
    let server = APIServer(
      store: ObjectStore(), scheme: Scheme.builtin.copy(),
      clock: VirtualClock(Instant(seconds: 1_700_000_000)), seed: 1, resourceVersion: 1)
    for (kind, name) in [("Namespace", "default"), ("ServiceAccount", "default")] {
      _ = try? server.create(["apiVersion": "v1", "kind": .string(kind), "metadata": ["name": .string(name)]])
    }
    return server
  }

  /// Judges documents one after the other.
  static func judging() -> (Value) -> Bool {
    let server = makeServer()
    return { server.judge($0).error == nil }
  }
}
