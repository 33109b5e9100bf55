import APIMachinery

/// `validateContainers`, `validateInitContainers` and what they call (`pkg/apis/core/validation`).
struct ContainerValidation {
  let spec: Value
  /// The sound volumes by name.
  let volumes: Set<String>
  let isPod: Bool

  func run(_ path: Path, _ out: inout Findings) {
    let place = path.child("containers")
    var names: Set<String> = []
    if spec[.containers].isEmpty { out.required(place) }
    for (i, container) in spec[.containers].items.enumerated() {
      let at = place.index(i)
      common(container, at, &out)
      name(container, &names, at, &out)
      lifecycle(container[.lifecycle], at.child("lifecycle"), &out)
      probes(container, at, &out)
    }
    hostPorts(spec[.containers], place, &out)
    let initPlace = path.child("initContainers")
    for (i, container) in spec[.initContainers].items.enumerated() {
      let at = initPlace.index(i)
      common(container, at, &out)
      name(container, &names, at, &out)
      if container[.restartPolicy].string == "Always" {
        lifecycle(container[.lifecycle], at.child("lifecycle"), &out)
        probes(container, at, &out)
        continue
      }
      for key in ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"]
      where container.has(Key(key)) {
        out.forbidden(at.child(key), "may not be set for init containers without restartPolicy=Always")
      }
    }
    hostPorts(spec[.initContainers], initPlace, &out)
  }

  private func name(_ container: Value, _ names: inout Set<String>, _ at: Path, _ out: inout Findings) {
    let name = container[.name].string ?? ""
    if !name.isEmpty, !names.insert(name).inserted { out.duplicate(at.child("name"), .string(name)) }
  }

  private func common(_ container: Value, _ at: Path, _ out: inout Findings) {
    let name = container[.name].string ?? ""
    if name.isEmpty {
      out.required(at.child("name"))
    } else {
      out.invalid(at.child("name"), name, all: Names.isDNS1123Label(name))
    }
    let image = container[.image].string ?? ""
    if image.isEmpty {
      out.required(at.child("image"))
    } else if isPod, image.first?.isWhitespace == true || image.last?.isWhitespace == true {
      out.invalid(at.child("image"), image, "must not have leading or trailing whitespace")
    }
    if let policy = container.get(.terminationMessagePolicy) {
      out.oneOf(at.child("terminationMessagePolicy"), policy, ["FallbackToLogsOnError", "File"])
    }
    ports(container[.ports], at.child("ports"), &out)
    EnvironmentValidation.env(container[.env], at.child("env"), &out)
    EnvironmentValidation.envFrom(container["envFrom"], at.child("envFrom"), &out)
    mounts(container, at.child("volumeMounts"), &out)
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
      if spec[.hostNetwork].bool == true, isPod, port[.hostPort].int ?? 0 != number, number != 0 {
        out.invalid(
          at.child("containerPort"), port[.containerPort], "must match `hostPort` when `hostNetwork` is true")
      }
    }
  }

  private func hostPorts(_ containers: Value, _ path: Path, _ out: inout Findings) {
    var taken: Set<String> = []
    for (i, container) in containers.items.enumerated() {
      for (j, port) in container[.ports].items.enumerated() {
        guard let number = port[.hostPort].int, number != 0 else { continue }
        let text = "\(port[.protocol].string ?? "")/\(port[.hostIP].string ?? "")/\(number)"
        if !taken.insert(text).inserted {
          out.duplicate(path.index(i).child("ports").index(j).child("hostPort"), .string(text))
        }
      }
    }
  }

  private func mounts(_ container: Value, _ path: Path, _ out: inout Findings) {
    var points: Set<String> = []
    for (i, mount) in container[.volumeMounts].items.enumerated() {
      let at = path.index(i)
      let name = mount[.name].string ?? ""
      if name.isEmpty { out.required(at.child("name")) }
      if !volumes.contains(name) { out.notFound(at.child("name"), .string(name)) }
      let point = mount[.mountPath].string ?? ""
      if point.isEmpty { out.required(at.child("mountPath")) }
      if !points.insert(point).inserted { out.invalid(at.child("mountPath"), point, "must be unique") }
      if let sub = mount[.subPath].string, !sub.isEmpty {
        VolumeValidation.descending(sub, path.child("subPath"), &out)
      }
      if let sub = mount[.subPathExpr].string, !sub.isEmpty {
        if !mount[.subPath].string.isNilOrEmpty {
          out.invalid(at.child("subPathExpr"), sub, "subPathExpr and subPath are mutually exclusive")
        }
        VolumeValidation.descending(sub, path.child("subPathExpr"), &out)
      }
      if let propagation = mount.get("mountPropagation") {
        let place = path.child("mountPropagation")
        if propagation.string == "Bidirectional", container[.securityContext][.privileged].bool != true {
          out.forbidden(place, "Bidirectional mount propagation is available only to privileged containers")
        } else {
          out.oneOf(place, propagation, ["Bidirectional", "HostToContainer", "None"])
        }
      }
    }
  }

  private func resizePolicy(_ container: Value, _ path: Path, _ out: inout Findings) {
    for policy in container["resizePolicy"].items {
      out.oneOf(path, policy["resourceName"], ["cpu", "memory"])
      out.oneOf(path, policy[.restartPolicy], ["NotRequired", "RestartContainer"])
    }
  }

  // MARK: - Handlers

  private func lifecycle(_ lifecycle: Value, _ path: Path, _ out: inout Findings) {
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
    if let count = probe.get("successThreshold"), count.int != 1 {
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
        for header in body["httpHeaders"].items {
          out.invalid(
            at.child("httpHeaders"), header[.name], all: Names.isHTTPHeaderName(header[.name].string ?? ""))
        }
      case "tcpSocket": PortRule.numberOrName(body[.port], at.child("port"), &out)
      case "grpc": out.invalid(at.child("port"), body[.port], all: Names.isPortNumber(body[.port].int ?? 0))
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
