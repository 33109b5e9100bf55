public import APIMachinery

/// `set env` (`kubectl/pkg/cmd/set/set_env.go`, `env/env_parse.go`).
public struct SetEnv: Sendable {
  /// Variables to set, in order: a value, or where it comes from.
  var variables: [(name: String, value: Value)] = []
  var removed: [String] = []
  var overwrites = true

  public init(_ changes: PairArguments.Changes, overwrites: Bool) throws(KubectlError) {
    for (name, value) in changes.set {
      try Self.check(name)
      variables.append((name, ["name": .string(name), "value": .string(value)]))
    }
    removed = changes.remove
    self.overwrites = overwrites
  }

  private static func check(_ name: String) throws(KubectlError) {
    let wrong = Names.isEnvVarName(name)
    if !wrong.isEmpty {
      throw .client("\"\(name)\" is not a valid environment variable name: \(wrong.joined(separator: ";"))")
    }
  }

  /// Takes all keys of a ConfigMap or Secret as variables (`--from`).
  public mutating func add(from source: Value, keys: Set<String>, prefix: String) throws(KubectlError) {
    let isSecret = ObjectKey(of: source).kind == .secret
    for field in source[.data].fields where keys.isEmpty || keys.contains(field.key.string) {
      let name = prefix + Self.variable(field.key.string)
      try Self.check(name)
      let reference: Value = ["name": .string(source.name), "key": .string(field.key.string)]
      variables.append(
        (
          name,
          [
            "name": .string(name),
            "valueFrom": [isSecret ? .secretKeyRef : .configMapKeyRef: reference],
          ]
        ))
    }
  }

  /// `log-level` → `LOG_LEVEL`.
  static func variable(_ key: String) -> String {
    let text = key.uppercased().map { $0.isLetter || $0.isNumber || $0 == "_" ? $0 : "_" }
    return String(text)
  }

  public var isEmpty: Bool { variables.isEmpty && removed.isEmpty }

  /// The object with the variables of its containers set and removed.
  public func apply(to object: Value, containers: String) throws(KubectlError) -> Value {
    var missing = false
    var taken: [KubectlError] = []
    let next = try PodSpecPath.change(object) { spec throws(KubectlError) in
      let found = PodSpecPath.containers(in: &spec, containers) { container in
        var items = Array(container[.env].items)
        for (name, value) in variables {
          if let i = items.firstIndex(where: { $0[.name].string == name }) {
            if !overwrites {
              taken.append(
                .client(
                  "'\(name)' already has a value (\(items[i][.value].string ?? "")), and --overwrite is false"
                ))
              continue
            }
            items[i] = value
          } else {
            items.append(value)
          }
        }
        items.removeAll { removed.contains($0[.name].string ?? "") }
        container.set(.env, items.isEmpty ? nil : .array(items))
      }
      missing = found == 0
    }
    if let error = KubectlError.of(taken) { throw error }
    if missing { throw .client("\(object.name) has no containers matching \"\(containers)\"") }
    return next
  }

  /// `set env --list`: the variables of the containers.
  public static func list(_ object: Value, containers: String) throws(KubectlError) -> [String] {
    var lines: [String] = []
    _ = try PodSpecPath.change(object) { spec throws(KubectlError) in
      PodSpecPath.containers(in: &spec, containers) { container in
        let variables = container[.env].items
        for variable in variables {
          let name = variable[.name].string ?? ""
          guard let from = variable.get(.valueFrom) else {
            lines.append("\(name)=\(variable[.value].string ?? "")")
            continue
          }
          lines.append("# \(name) \(source(from))")
        }
      }
    }
    return lines
  }

  private static func source(_ from: Value) -> String {
    if let map = from.get(.configMapKeyRef) {
      return "from configmap \(map[.name].string ?? ""), key \(map[.key].string ?? "")"
    }
    if let secret = from.get(.secretKeyRef) {
      return "from secret \(secret[.name].string ?? ""), key \(secret[.key].string ?? "")"
    }
    if let field = from.get(.fieldRef) { return "from field path \(field[.fieldPath].string ?? "")" }
    return "from resource \(from[.resourceFieldRef][.resource].string ?? "")"
  }
}
