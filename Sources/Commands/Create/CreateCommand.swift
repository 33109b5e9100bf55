import API
import APIMachinery
import APIServer
import Foundation
import Kubectl
import ManifestReader

/// `create -f FILE`, and `create KIND NAME …` for common kinds (`kubectl/pkg/cmd/create`).
struct CreateCommand: VerbCommand {
  static let name = "create"
  static let summary = "Create objects from files, or of a few words"
  static let usage = "-f FILE | KIND NAME [FLAGS] [-- COMMAND…]"
  static let discussion = """
    KIND is one of namespace, serviceaccount, configmap, secret generic, deployment, job, cronjob, service clusterip,
    service nodeport, service loadbalancer.
    """
  static let flags =
    [
      Option("image", value: "IMAGE", "deployment, job, cronjob: the image of a container", repeats: true),
      Option("replicas", value: "COUNT", "deployment: how many pods (default 1)"),
      Option("port", value: "PORT", "deployment: the port of the container"),
      Option("schedule", value: "CRON", "cronjob: when"),
      Option("from", value: "cronjob/NAME", "job: of this CronJob's template"),
      Option("from-literal", value: "KEY=VALUE", "configmap, secret: an entry", repeats: true),
      Option("from-file", value: "[KEY=]FILE", "configmap, secret: an entry from a file", repeats: true),
      Option("type", value: "TYPE", "secret: its type (default Opaque)"),
      Option("tcp", value: "PORT[:TARGET]", "service: a port", repeats: true),
    ] + VerbFlags.files

  func perform(_ verb: Verb) throws {
    if verb.arguments.has("filename") { return try fromFiles(verb) }
    var words = verb.arguments.positional
    guard var kind = words.first else {
      throw Arguments.UsageError(message: "name a kind, or a file with -f")
    }
    words.removeFirst()
    if ["secret", "service", "svc"].contains(kind), let second = words.first {
      kind += " " + second
      words.removeFirst()
    }
    guard let name = words.first else {
      throw KubectlError.client("exactly one NAME is required, got 0")
    }
    verb.done(
      try verb.server.create(try object(kind, name, Array(words.dropFirst()), verb)), "created")
  }

  private func fromFiles(_ verb: Verb) throws {
    if !verb.arguments.positional.isEmpty {
      throw Arguments.UsageError(message: "either files or words, not both")
    }
    try verb.each(try verb.named([])) { target in
      guard var manifest = target.manifest else { return }
      if target.info.namespaced, manifest.namespace.isEmpty {
        manifest.metadata[.namespace] = .string(target.key.namespace.string)
      }
      verb.done(try verb.server.create(manifest), "created")
    }
  }

  private func object(_ kind: String, _ name: String, _ command: [String], _ verb: Verb) throws -> Value {
    var words = Generators.Container()
    words.images = verb.arguments.strings("image")
    words.port = try verb.arguments.int("port")
    words.command = command
    let place = verb.namespace
    func plain(_ kind: String, _ namespace: String?) -> Value {
      var meta: Value = ["name": .string(name)]
      if let namespace { meta[.namespace] = .string(namespace) }
      return ["apiVersion": "v1", "kind": .string(kind), "metadata": meta]
    }
    switch kind {
    case "namespace", "ns": return plain("Namespace", nil)
    case "serviceaccount", "sa": return plain("ServiceAccount", place)
    case "configmap", "cm": return try filled(plain("ConfigMap", place), verb, encoded: false)
    case "secret generic":
      var secret = try filled(plain("Secret", place), verb, encoded: true)
      if let type = verb.arguments.string("type") { secret[.type] = .string(type) }
      return secret
    case "deployment", "deploy":
      return try Generators.deployment(
        name, place, words, replicas: try verb.arguments.int("replicas") ?? 1)
    case "job":
      guard let from = verb.arguments.string("from") else { return try Generators.job(name, place, words) }
      return Generators.job(name, from: try cronJob(from, verb))
    case "cronjob", "cj":
      return try Generators.cronJob(
        name, place, words, schedule: verb.arguments.string("schedule") ?? "")
    case "service clusterip", "svc clusterip", "service nodeport", "svc nodeport", "service loadbalancer",
      "svc loadbalancer":
      let types = ["clusterip": "ClusterIP", "nodeport": "NodePort", "loadbalancer": "LoadBalancer"]
      let type = types[kind.split(separator: " ").last.map(String.init) ?? ""] ?? "ClusterIP"
      return try Generators.service(name, place, type: type, tcp: verb.arguments.strings("tcp"))
    default:
      throw Arguments.UsageError(
        message: "create makes no \(kind) of words: write it into a file and name that with -f")
    }
  }

  private func cronJob(_ text: String, _ verb: Verb) throws -> Value {
    guard case .named(let names) = try ResourceArguments.parse([text], verb.scheme, lists: false),
      let (info, name) = names.first, info.groupKind == .cronJob
    else { throw KubectlError.client("from must be an existing cronjob") }
    let key = ObjectKey(.cronJob, namespace: verb.namespace, name: name)
    guard let object = verb.server.get(key) else { throw APIError.notFound(info.resourceName, name) }
    return object
  }

  /// The object with the entries of `--from-literal` and `--from-file`.
  private func filled(_ object: Value, _ verb: Verb, encoded: Bool) throws -> Value {
    var out = object
    var data = try Generators.data(verb.arguments.strings("from-literal")).map {
      ($0.key, Data($0.value.utf8))
    }
    for text in verb.arguments.strings("from-file") {
      let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
      let path = parts[parts.count - 1]
      guard let content = FileManager.default.contents(atPath: path) else {
        throw KubectlError.client("error reading \(path): no such file or directory")
      }
      data.append(
        (parts.count == 2 ? parts[0] : path.split(separator: "/").last.map(String.init) ?? path, content))
    }
    for (key, content) in data {
      if !encoded, let text = String(data: content, encoding: .utf8) {
        out[.data][Key(key)] = .string(text)
      } else {
        out[encoded ? .data : .binaryData][Key(key)] = .string(content.base64EncodedString())
      }
    }
    return out
  }
}
