public import APIMachinery

/// Objects that `create`, `run`, `expose` and `autoscale` make of a few words
/// (`kubectl/pkg/cmd/create`, `run`, `expose`, `autoscale`).
public enum Generators {
  static func object(_ apiVersion: String, _ kind: String, _ name: String, _ namespace: String?) -> Value {
    [
      "apiVersion": .string(apiVersion), "kind": .string(kind),
      "metadata": .fields((.name, .string(name)), (.namespace, namespace.map { .string($0) })),
    ]
  }

  /// The words of a container: image, port and command.
  public struct Container: Sendable {
    public var images: [String] = []
    public var port: Int?
    public var command: [String] = []
    public init() {}

    /// `registry/team/app:1.2@sha256:…` → `app`.
    static func name(_ image: String) -> String {
      var name = image.split(separator: "/").last.map(String.init) ?? image
      for mark in ["@", ":"] {
        name = name.split(separator: mark, maxSplits: 1).first.map { String($0) } ?? name
      }
      return name.replacing("_", with: "-").replacing(".", with: "-").lowercased()
    }

    /// Containers named after their images, with numbers where two would have one name.
    func containers(named given: String? = nil) -> Value {
      var taken: [String: Int] = [:]
      return .array(
        images.map { image in
          let base = given ?? Self.name(image)
          taken[base, default: 0] += 1
          let count = taken[base] ?? 1
          var container: Value = [
            "name": .string(count == 1 ? base : "\(base)-\(count)"), "image": .string(image),
            "resources": [:],
          ]
          if let port { container[.ports] = [["containerPort": .int(port)]] }
          if !command.isEmpty { container[.command] = .array(command.map { .string($0) }) }
          return container
        })
    }
  }

  public static func deployment(_ name: String, _ namespace: String, _ words: Container, replicas: Int)
    throws(KubectlError) -> Value
  {
    try needImage(words)
    let labels: Value = ["app": .string(name)]
    var object = object("apps/v1", "Deployment", name, namespace)
    object[.metadata][.labels] = labels
    object[.spec] = [
      "replicas": .int(replicas), "selector": ["matchLabels": labels],
      "template": ["metadata": ["labels": labels], "spec": ["containers": words.containers()]],
    ]
    return object
  }

  public static func job(_ name: String, _ namespace: String, _ words: Container) throws(KubectlError)
    -> Value
  {
    try needImage(words)
    var object = object("batch/v1", "Job", name, namespace)
    object[.spec] = [
      "template": ["spec": ["restartPolicy": "Never", "containers": words.containers(named: name)]]
    ]
    return object
  }

  /// A job of a CronJob's template, as if its time had come.
  public static func job(_ name: String, from cronJob: Value) -> Value {
    var object = object("batch/v1", "Job", name, cronJob.namespace)
    let template = cronJob.spec[.jobTemplate]
    let annotations = template.annotations.isObject ? template.annotations : Value.emptyObject
    object[.metadata][.annotations] = annotations.setting("cronjob.kubernetes.io/instantiate", "manual")
    if !template.labels.isEmpty { object[.metadata][.labels] = template.labels }
    object[.metadata][.ownerReferences] = [
      [
        "apiVersion": "batch/v1", "kind": "CronJob", "name": .string(cronJob.name),
        "uid": .string(cronJob.uid),
        "controller": true,
      ]
    ]
    object[.spec] = template[.spec]
    return object
  }

  public static func cronJob(_ name: String, _ namespace: String, _ words: Container, schedule: String)
    throws(KubectlError) -> Value
  {
    try needImage(words)
    if schedule.isEmpty { throw .client("required flag(s) \"schedule\" not set") }
    var object = object("batch/v1", "CronJob", name, namespace)
    let pod: Value = ["restartPolicy": "OnFailure", "containers": words.containers(named: name)]
    object[.spec] = [
      "schedule": .string(schedule),
      "jobTemplate": ["metadata": ["name": .string(name)], "spec": ["template": ["spec": pod]]],
    ]
    return object
  }

  private static func needImage(_ words: Container) throws(KubectlError) {
    if words.images.isEmpty { throw .client("required flag(s) \"image\" not set") }
  }

  /// `run`: one pod.
  public static func pod(
    _ name: String, _ namespace: String, _ words: Container, labels: Value, env: [String], restart: String
  ) throws(KubectlError) -> Value {
    if words.images.isEmpty { throw .client("--image is required") }
    var object = object("v1", "Pod", name, namespace)
    object[.metadata][.labels] = labels.isEmpty ? ["run": .string(name)] : labels
    var container = words.containers(named: name)[0]
    let variables = try env.map { text throws(KubectlError) -> Value in
      guard let equal = text.firstIndex(of: "="), equal != text.startIndex else {
        throw .client("invalid env: \(text)")
      }
      return [
        "name": .string(String(text[..<equal])), "value": .string(String(text[text.index(after: equal)...])),
      ]
    }
    if !variables.isEmpty { container[.env] = .array(variables) }
    guard ["Always", "OnFailure", "Never"].contains(restart) else {
      throw .client("invalid restart policy: \(restart)\nSee 'plimsoll help run' for help and examples")
    }
    object[.spec] = [
      "containers": [container], "dnsPolicy": "ClusterFirst", "restartPolicy": .string(restart),
    ]
    return object
  }

  /// `create configmap` and `create secret generic`: data of `KEY=VALUE` literals.
  public static func data(_ literals: [String]) throws(KubectlError) -> [(key: String, value: String)] {
    var out: [(key: String, value: String)] = []
    for literal in literals {
      guard let equal = literal.firstIndex(of: "="), equal != literal.startIndex else {
        throw .client("invalid literal source \(literal), expected key=value")
      }
      let key = String(literal[..<equal])
      if out.contains(where: { $0.key == key }) {
        throw .client("cannot add key \"\(key)\", another key by that name already exists in Data")
      }
      out.append((key, String(literal[literal.index(after: equal)...])))
    }
    return out
  }

  /// `create service`: ports as `80:8080`, `80`.
  public static func service(_ name: String, _ namespace: String, type: String, tcp: [String])
    throws(KubectlError) -> Value
  {
    if tcp.isEmpty { throw .client("at least one tcp port specifier must be provided") }
    let ports = try tcp.map { text throws(KubectlError) -> Value in
      let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
      guard parts.count <= 2, let port = Int(parts[0]) else { throw .client("invalid port \(text)") }
      let target: Value = parts.count == 2 ? Int(parts[1]).map { .int($0) } ?? .string(parts[1]) : .int(port)
      return [
        "name": .string(parts.joined(separator: "-")), "port": .int(port), "protocol": "TCP",
        "targetPort": target,
      ]
    }
    var object = object("v1", "Service", name, namespace)
    object[.metadata][.labels] = ["app": .string(name)]
    object[.spec] = ["type": .string(type), "selector": ["app": .string(name)], "ports": .array(ports)]
    return object
  }

  /// `expose`: a service for the pods of a workload, of a pod, or of another service.
  public static func expose(
    _ target: Value, name: String, port: Int?, targetPort: String?, type: String?, selector: Value?
  ) throws(KubectlError) -> Value {
    let labels: Value
    if let selector { labels = selector } else { labels = try podLabels(of: target) }
    var ports: [Value] = []
    if let port {
      let inside: Value = targetPort.map { text in Int(text).map { .int($0) } ?? .string(text) } ?? .int(port)
      ports = [["port": .int(port), "protocol": "TCP", "targetPort": inside]]
    } else {
      let path = PodSpecPath.of(target) ?? []
      let spec = path.reduce(target) { $0[$1] }
      let found =
        spec[.containers].items.flatMap { Array($0[.ports].items) } + Array(target.spec[.ports].items)
      if found.isEmpty {
        throw .client("couldn't find port via --port flag or introspection")
      }
      for (i, item) in found.enumerated() {
        let number = item[.containerPort].int ?? item[.port].int ?? 0
        var made: Value = [
          "port": .int(number), "protocol": .string(item[.protocol].string ?? "TCP"),
          "targetPort": targetPort.map { text in Int(text).map { .int($0) } ?? .string(text) }
            ?? .int(number),
        ]
        if found.count > 1 { made[.name] = .string("port-\(i + 1)") }
        ports.append(made)
      }
    }
    var object = object("v1", "Service", name, target.namespace)
    if !target.labels.isEmpty { object[.metadata][.labels] = target.labels }
    object[.spec] = ["selector": labels, "ports": .array(ports)]
    if let type { object[.spec][.type] = .string(type) }
    return object
  }

  private static func podLabels(of target: Value) throws(KubectlError) -> Value {
    switch ObjectKey(of: target).kind {
    case .replicationController, .service:
      if target.spec[.selector].isEmpty {
        throw .client("invalid service '\(target.name)': no selectors, therefore cannot be exposed")
      }
      return target.spec[.selector]
    case .pod:
      if target.labels.isEmpty {
        throw .client("the pod has no labels and cannot be exposed")
      }
      return target.labels
    case .deployment, .replicaSet, .statefulSet:
      if !target.spec[.selector][.matchExpressions].isEmpty {
        throw .client("couldn't convert expressions - \"\(target.name)\" to map-based selector format")
      }
      return target.spec[.selector][.matchLabels]
    default: throw .client("cannot expose a \(target.kindName)")
    }
  }

  /// `autoscale`: a HorizontalPodAutoscaler for a workload.
  public static func autoscaler(_ target: Value, name: String, least: Int?, most: Int, cpu: Int?)
    throws(KubectlError) -> Value
  {
    if most < 1 {
      throw .client("--max=MAXPODS is required and must be at least 1, max: \(most)")
    }
    if let least, least > most {
      throw .client("--max=MAXPODS must be larger or equal to --min=MINPODS, max: \(most), min: \(least)")
    }
    var object = object("autoscaling/v2", "HorizontalPodAutoscaler", name, target.namespace)
    object[.spec] = .fields(
      (.maxReplicas, .int(most)), (.minReplicas, least.map { .int($0) }),
      (
        .scaleTargetRef,
        [
          "apiVersion": .string(target.apiVersion), "kind": .string(target.kindName),
          "name": .string(target.name),
        ]
      ))
    if let cpu {
      let goal: Value = ["type": "Utilization", "averageUtilization": .int(cpu)]
      object[.spec][.metrics] = [["type": "Resource", "resource": ["name": "cpu", "target": goal]]]
    }
    return object
  }
}
