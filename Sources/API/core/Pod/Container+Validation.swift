import APIMachinery

/// `validateContainers`, `validateInitContainers`, `validateEphemeralContainers` and what they call
/// (`pkg/apis/core/validation`).
struct ContainerValidation {
  let spec: Value
  /// The sound volumes by name.
  let volumes: [String: Value]
  let isPod: Bool

  func run(_ path: Path, _ out: inout Findings) {
    containers(path.child("containers"), &out)
    var names = Set(spec[.containers].items.map { $0[.name].string ?? "" })
    let place = path.child("initContainers")
    for (i, container) in spec[.initContainers].items.enumerated() {
      initContainer(container, place.index(i), place, &names, &out)
    }
    ephemeral(path.child("ephemeralContainers"), &out)
  }

  private func containers(_ place: Path, _ out: inout Findings) {
    if spec[.containers].isEmpty { return out.required(place) }
    var names: Set<String> = []
    for (i, container) in spec[.containers].items.enumerated() {
      let at = place.index(i)
      common(container, at, &out)
      let name = container[.name].string ?? ""
      if !names.insert(name).inserted { out.duplicate(at.child("name"), .string(name)) }
      lifecycle(container, at, &out)
      probes(container, at, &out)
      RestartRulesValidation.check(container, at, &out)
    }
    hostPorts(spec[.containers].items.enumerated().map { ($0.offset, $0.element) }, place, &out)
  }

  private func initContainer(
    _ container: Value, _ at: Path, _ place: Path, _ names: inout Set<String>, _ out: inout Findings
  ) {
    common(container, at, &out)
    RestartRulesValidation.check(container, at, &out)
    let name = container[.name].string ?? ""
    if names.contains(name) { out.duplicate(at.child("name"), .string(name)) }
    if !name.isEmpty { names.insert(name) }
    hostPorts([(0, container)], place, &out)
    let isSidecar = container[.restartPolicy].says("Always")
    if isSidecar {
      lifecycle(container, at, &out)
      probes(container, at, &out)
      return
    }
    for key in ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"] where container.has(Key(key))
    {
      out.forbidden(at.child(key), "may not be set for init containers without restartPolicy=Always")
    }
  }

  private static let ephemeralFields: Set<String> = [
    "name", "image", "command", "args", "workingDir", "envFrom", "env", "volumeMounts", "volumeDevices",
    "terminationMessagePath", "terminationMessagePolicy", "imagePullPolicy", "securityContext", "stdin",
    "stdinOnce", "tty", "targetContainerName",
  ]
  /// In the order of the fields of a container.
  private static let otherFields = [
    "ports", "resources", "resizePolicy", "restartPolicy", "restartPolicyRules", "livenessProbe",
    "readinessProbe", "startupProbe", "lifecycle",
  ]

  private func ephemeral(_ place: Path, _ out: inout Findings) {
    let others = Set(
      (Array(spec[.containers].items) + Array(spec[.initContainers].items)).map { $0[.name].string ?? "" })
    var names = others
    for (i, container) in spec[.ephemeralContainers].items.enumerated() {
      let at = place.index(i)
      common(container, at, &out)
      image(container, at, &out)
      let name = container[.name].string ?? ""
      if !names.insert(name).inserted { out.duplicate(at.child("name"), .string(name)) }
      if let target = container[.targetContainerName].string, !target.isEmpty, !others.contains(target) {
        out.notFound(at.child("targetContainerName"), .string(target))
      }
      let why = "cannot be set for an Ephemeral Container"
      for key in Self.otherFields {
        guard let value = container.get(Key(key)), !value.isEmpty else { continue }
        out.forbidden(at.child(key), why)
      }
      for (j, mount) in container[.volumeMounts].items.enumerated() {
        for key in ["subPath", "subPathExpr"] where !mount[Key(key)].string.isNilOrEmpty {
          out.forbidden(at.child("volumeMounts").index(j).child(key), why)
        }
      }
    }
  }

  /// `validateContainerOnlyForPod`.
  func image(_ container: Value, _ at: Path, _ out: inout Findings) {
    let image = container[.image].string ?? ""
    if image.first?.isWhitespace == true || image.last?.isWhitespace == true {
      out.invalid(at.child("image"), image, "must not have leading or trailing whitespace")
    }
  }

  private func common(_ container: Value, _ at: Path, _ out: inout Findings) {
    let name = container[.name].string ?? ""
    if name.isEmpty {
      out.required(at.child("name"))
    } else {
      out.invalid(at.child("name"), name, all: Names.isDNS1123Label(name))
    }
    if container[.image].string.isNilOrEmpty { out.required(at.child("image")) }
    if let policy = container.get(.terminationMessagePolicy) {
      out.oneOf(at.child("terminationMessagePolicy"), policy, ["FallbackToLogsOnError", "File"])
    }
    ports(container[.ports], at.child("ports"), &out)
    EnvironmentValidation.env(container[.env], at.child("env"), &out)
    EnvironmentValidation.envFrom(container[.envFrom], at.child("envFrom"), &out)
    let mounts = MountValidation(container: container, volumes: volumes, isFinal: true)
    mounts.mounts(at.child("volumeMounts"), &out)
    mounts.devices(at.child("volumeDevices"), &out)
    if let policy = container.get(.imagePullPolicy) {
      out.oneOf(at.child("imagePullPolicy"), policy, ["Always", "IfNotPresent", "Never"])
    }
    ResourceRule.requirements(
      container[.resources], claims: spec[.resourceClaims], at.child("resources"), &out)
    resizePolicy(container, at.child("resizePolicy"), &out)
    SecurityValidation.container(
      container[.securityContext], hostUsers: spec[.hostUsers].bool ?? true, at.child("securityContext"), &out
    )
  }

  private func ports(_ ports: Value, _ path: Path, _ out: inout Findings) {
    var names: Set<String> = []
    for (i, port) in ports.items.enumerated() {
      let at = path.index(i)
      if let name = port[.name].string, !name.isEmpty {
        let problems = Names.isPortName(name)
        out.invalid(at.child("name"), name, all: problems)
        if problems.isEmpty, !names.insert(name).inserted { out.duplicate(at.child("name"), .string(name)) }
      }
      let number = port[.containerPort].int ?? 0
      if number == 0 {
        out.required(at.child("containerPort"))
      } else {
        out.invalid(at.child("containerPort"), port[.containerPort], all: Names.isPortNumber(number))
      }
      if let host = port[.hostPort].int, host != 0 {
        out.invalid(at.child("hostPort"), port[.hostPort], all: Names.isPortNumber(host))
      }
      out.oneOf(at.child("protocol"), port[.protocol], ["SCTP", "TCP", "UDP"])
    }
  }

  /// `validatePodHostNetworkDeps`: a port of the host's network is the host's port.
  func hostNetwork(_ path: Path, _ out: inout Findings) {
    guard spec[.hostNetwork].bool == true else { return }
    for (i, container) in spec[.containers].items.enumerated() {
      for (j, port) in container[.ports].items.enumerated() {
        let host = port[.hostPort].int ?? 0
        guard isPod || host != 0, host != port[.containerPort].int ?? 0 else { continue }
        out.invalid(
          path.child("containers").index(i).child("ports").index(j).child("hostPort"), .int(host),
          "must match `containerPort` when `hostNetwork` is true")
      }
    }
  }

  private func hostPorts(_ containers: [(Int, Value)], _ path: Path, _ out: inout Findings) {
    var taken: Set<String> = []
    for (i, container) in containers {
      for (j, port) in container[.ports].items.enumerated() {
        guard let number = port[.hostPort].int, number != 0 else { continue }
        let text = "\(port[.protocol].string ?? "")/\(port[.hostIP].string ?? "")/\(number)"
        if !taken.insert(text).inserted {
          out.duplicate(path.index(i).child("ports").index(j).child("hostPort"), .string(text))
        }
      }
    }
  }

  private func resizePolicy(_ container: Value, _ path: Path, _ out: inout Findings) {
    var seen: Set<String> = []
    for (i, policy) in container[.resizePolicy].items.enumerated() {
      let name = policy[.resourceName].string ?? ""
      if !seen.insert(name).inserted { out.duplicate(path.index(i), .string(name)) }
      if name.isEmpty {
        out.required(path)
      } else {
        out.oneOf(path, policy[.resourceName], ["cpu", "memory"])
      }
      let restart = policy[.restartPolicy].string ?? ""
      if restart.isEmpty {
        out.required(path)
      } else {
        out.oneOf(path, policy[.restartPolicy], ["NotRequired", "RestartContainer"])
      }
      if spec[.restartPolicy].says("Never"), restart != "NotRequired" {
        out.invalid(path, restart, "must be 'NotRequired' when pod `restartPolicy` is 'Never'")
      }
    }
  }

  // MARK: - Handlers

  private func lifecycle(_ container: Value, _ at: Path, _ out: inout Findings) {
    let lifecycle = container[.lifecycle]
    let path = at.child("lifecycle")
    for key in ["postStart", "preStop"] {
      if let handler = lifecycle.get(Key(key)) { self.handler(handler, path.child(key), &out) }
    }
  }

  private func probes(_ container: Value, _ at: Path, _ out: inout Findings) {
    if let liveness = container.get(.livenessProbe) {
      probe(liveness, at.child("livenessProbe"), &out)
      once(liveness, at.child("livenessProbe"), &out)
    }
    if let readiness = container.get(.readinessProbe) {
      probe(readiness, at.child("readinessProbe"), &out)
      if let grace = readiness.get(.terminationGracePeriodSeconds) {
        out.invalid(
          at.child("readinessProbe").child("terminationGracePeriodSeconds"), grace,
          "must not be set for readinessProbes")
      }
    }
    if let startup = container.get(.startupProbe) {
      probe(startup, at.child("startupProbe"), &out)
      once(startup, at.child("startupProbe"), &out)
    }
  }

  private func once(_ probe: Value, _ path: Path, _ out: inout Findings) {
    if let count = probe.get(.successThreshold), count.int != 1 {
      out.invalid(path.child("successThreshold"), count, "must be 1")
    }
  }

  private func probe(_ probe: Value, _ path: Path, _ out: inout Findings) {
    handler(probe, path, &out)
    for key in [
      "initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold",
    ] {
      out.nonNegative(path.child(key), probe[Key(key)])
    }
    if let grace = probe[.terminationGracePeriodSeconds].int, grace <= 0 {
      out.invalid(path.child("terminationGracePeriodSeconds"), .int(grace), "must be greater than 0")
    }
  }

  private func handler(_ handler: Value, _ path: Path, _ out: inout Findings) {
    var count = 0
    for key in ["exec", "httpGet", "tcpSocket", "grpc", "sleep"] {
      guard let body = handler.get(Key(key)) else { continue }
      let at = path.child(key)
      count += 1
      if count > 1 {
        out.forbidden(at, "may not specify more than 1 handler type")
        continue
      }
      switch key {
      case "exec":
        if body[.command].isEmpty { out.required(at.child("command")) }
      case "httpGet":
        if body[.path].string.isNilOrEmpty { out.required(at.child("path")) }
        PortRule.numberOrName(body[.port], at.child("port"), &out)
        out.oneOf(at.child("scheme"), body[.scheme], ["HTTP", "HTTPS"])
        for header in body[.httpHeaders].items {
          out.invalid(
            at.child("httpHeaders"), header[.name], all: Names.isHTTPHeaderName(header[.name].string ?? ""))
        }
      case "tcpSocket": PortRule.numberOrName(body[.port], at.child("port"), &out)
      case "grpc": PortRule.numberOrName(.int(body[.port].int ?? 0), at.child("port"), &out)
      case "sleep":
        let seconds = body[.seconds].int ?? 0
        if let grace = spec[.terminationGracePeriodSeconds].int, seconds < 0 || seconds > grace {
          out.invalid(
            at, .int(seconds),
            "must be non-negative and less than terminationGracePeriodSeconds (\(grace))")
        }
      default: break
      }
    }
    if count == 0 { out.required(path, "must specify a handler type") }
  }
}

/// `ValidatePortNumOrName`.
enum PortRule {
  static func numberOrName(_ port: Value, _ path: Path, _ out: inout Findings) {
    if let name = port.string {
      out.invalid(path, port, all: Names.isPortName(name))
    } else {
      out.invalid(path, .int(port.int ?? 0), all: Names.isPortNumber(port.int ?? 0))
    }
  }
}
