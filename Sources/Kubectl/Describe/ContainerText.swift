import APIMachinery

/// Containers with their states (`describe.go`, describeContainers).
struct ContainerText {
  var indent = ""
  /// `status.containerStatuses` of a pod.
  var statuses: Value = .null
  /// The pod, to resolve fields that variables refer to.
  var pod: Value?

  func write(_ title: String, _ containers: Value, _ writer: inout DescribeWriter) {
    writer.line(0, "\(indent)\(title):\(containers.isEmpty ? " <none>" : "")")
    for container in containers.items {
      let status = statuses.items.first { $0[.name] == container[.name] }
      head(container, status, &writer)
      command(container, &writer)
      if let status { state(status, &writer) }
      ContainerText.resources(container[.resources], level: 2, &writer)
      for (title, key) in [("Liveness", Key.livenessProbe), ("Readiness", .readinessProbe)] {
        if let probe = container.get(key) { writer.field(title, Self.probe(probe), level: 2) }
      }
      if let probe = container.get(.startupProbe) { writer.field("Startup", Self.probe(probe), level: 2) }
      environmentFrom(container, &writer)
      environment(container, &writer)
      mounts(container, &writer)
    }
  }

  private func head(_ container: Value, _ status: Value?, _ writer: inout DescribeWriter) {
    writer.line(1, "\(indent.isEmpty ? "" : " ")\(container[.name].string ?? ""):")
    if let status { writer.field("Container ID", status[.containerID], level: 2) }
    writer.field("Image", container[.image], level: 2)
    if let status { writer.field("Image ID", status[.imageID], level: 2) }
    for (title, key) in [("Port", Key.containerPort), ("Host Port", .hostPort)] {
      let ports = container[.ports].items.map { port in
        let name = port[.name].string.map { $0.isEmpty ? "" : " (\($0))" } ?? ""
        return "\(port[key].int ?? 0)/\(port[.protocol].string ?? "TCP")\(name)"
      }
      writer.field(
        ports.count > 1 ? title + "s" : title, ports.isEmpty ? "<none>" : ports.joined(separator: ", "),
        level: 2)
    }
    let seccomp = container[.securityContext][.seccompProfile]
    writer.optional("SeccompProfile", seccomp.get(.type), level: 2)
    writer.optional("LocalhostProfile", seccomp.get(.localhostProfile), level: 3)
  }

  private func command(_ container: Value, _ writer: inout DescribeWriter) {
    for (title, key) in [("Command", Key.command), ("Args", .args)] where !container[key].isEmpty {
      writer.line(2, "\(title):")
      for word in container[key].items {
        for line in (word.string ?? "").split(separator: "\n", omittingEmptySubsequences: false) {
          writer.line(3, String(line))
        }
      }
    }
  }

  private func state(_ status: Value, _ writer: inout DescribeWriter) {
    state("State", status[.state], &writer)
    if status[.lastState].has(.terminated) { state("Last State", status[.lastState], &writer) }
    writer.field("Ready", status[.ready].bool == true ? "True" : "False", level: 2)
    writer.field("Restart Count", String(status[.restartCount].int ?? 0), level: 2)
  }

  private func state(_ title: String, _ state: Value, _ writer: inout DescribeWriter) {
    if let running = state.get(.running) {
      writer.field(title, "Running", level: 2)
      writer.field("Started", DescribeWriter.time(running[.startedAt]), level: 3)
    } else if let ended = state.get(.terminated) {
      writer.field(title, "Terminated", level: 2)
      writer.optional("Reason", ended.get(.reason), level: 3)
      writer.optional("Message", ended.get(.message), level: 3)
      writer.field("Exit Code", String(ended[.exitCode].int ?? 0), level: 3)
      if let signal = ended[.signal].int, signal > 0 { writer.field("Signal", String(signal), level: 3) }
      writer.field("Started", DescribeWriter.time(ended[.startedAt]), level: 3)
      writer.field("Finished", DescribeWriter.time(ended[.finishedAt]), level: 3)
    } else {
      writer.field(title, "Waiting", level: 2)
      writer.optional("Reason", state[.waiting].get(.reason), level: 3)
    }
  }

  static func resources(_ resources: Value, level: Int, _ writer: inout DescribeWriter) {
    for (title, key) in [("Limits", Key.limits), ("Requests", .requests)] where !resources[key].isEmpty {
      writer.line(level, "\(title):")
      for field in resources[key].fields {
        writer.field(field.key.string, field.value, level: level + 1)
      }
    }
  }

  /// One line for a probe (DescribeProbe).
  static func probe(_ probe: Value) -> String {
    let attributes =
      "delay=\(probe[.initialDelaySeconds].int ?? 0)s timeout=\(probe[.timeoutSeconds].int ?? 0)s "
      + "period=\(probe[.periodSeconds].int ?? 0)s #success=\(probe[.successThreshold].int ?? 0) "
      + "#failure=\(probe[.failureThreshold].int ?? 0)"
    if let exec = probe.get(.exec) {
      return "exec \(DescribeWriter.text(exec[.command])) \(attributes)"
    }
    if let http = probe.get(.httpGet) {
      let host = http[.host].string ?? ""
      let path = http[.path].string ?? ""
      return "http-get \((http[.scheme].string ?? "HTTP").lowercased())://\(host):"
        + "\(DescribeWriter.text(http[.port]))\(path.hasPrefix("/") ? "" : "/")\(path) \(attributes)"
    }
    if let tcp = probe.get(.tcpSocket) {
      return "tcp-socket \(tcp[.host].string ?? ""):\(DescribeWriter.text(tcp[.port])) \(attributes)"
    }
    if let grpc = probe.get(.grpc) {
      return "grpc <pod>:\(grpc[.port].int ?? 0) \(grpc[.service].string ?? "") \(attributes)"
    }
    return "unknown \(attributes)"
  }

  private func environmentFrom(_ container: Value, _ writer: inout DescribeWriter) {
    if container[.envFrom].isEmpty { return }
    writer.line(2, "Environment Variables from:")
    for source in container[.envFrom].items {
      let isMap = source.has(.configMapRef)
      let reference = source[isMap ? .configMapRef : .secretRef]
      let prefix = source[.prefix].string ?? ""
      writer.line(
        3,
        "\(reference[.name].string ?? "")\t\(isMap ? "ConfigMap" : "Secret")"
          + "\(prefix.isEmpty ? "" : " with prefix '\(prefix)'")\tOptional: \(reference[.optional].bool ?? false)"
      )
    }
  }

  private func environment(_ container: Value, _ writer: inout DescribeWriter) {
    writer.line(2, "Environment:\(container[.env].isEmpty ? "\t<none>" : "")")
    for variable in container[.env].items {
      let name = variable[.name].string ?? ""
      guard let source = variable.get(.valueFrom) else {
        let lines = (variable[.value].string ?? "").split(separator: "\n", omittingEmptySubsequences: false)
        for (i, line) in lines.enumerated() { writer.line(3, (i == 0 ? "\(name):\t" : "\t") + line) }
        continue
      }
      writer.line(3, "\(name):\t\(value(from: source, container))")
    }
  }

  private func value(from source: Value, _ container: Value) -> String {
    if let field = source.get(.fieldRef) {
      let path = field[.fieldPath].string ?? ""
      return "\(pod.map { Self.field(path, of: $0) } ?? "") (\(field[.apiVersion].string ?? "v1"):\(path))"
    }
    if let resource = source.get(.resourceFieldRef) {
      let name = resource[.resource].string ?? ""
      let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
      let amount = parts.count == 2 ? container[.resources][Key(parts[0])].get(Key(parts[1])) : nil
      let text = amount.map(DescribeWriter.text) ?? (parts.first == "limits" ? "node allocatable" : "0")
      return "\(text) (\(name))"
    }
    for (key, what) in [(Key.secretKeyRef, "in secret"), (.configMapKeyRef, "of config map")] {
      guard let reference = source.get(key) else { continue }
      return "<set to the key '\(reference[.key].string ?? "")' \(what) '\(reference[.name].string ?? "")'>"
        + "\tOptional: \(reference[.optional].bool ?? false)"
    }
    return ""
  }

  /// What a field path of the downward API gives.
  private static func field(_ path: String, of pod: Value) -> String {
    if path.hasSuffix("']"), let bracket = path.firstIndex(of: "[") {
      let key = path[path.index(bracket, offsetBy: 2)...].dropLast(2)
      return pod[.metadata][path.contains("labels") ? .labels : .annotations][Key(String(key))].string ?? ""
    }
    var value = pod
    for step in path.split(separator: ".") { value = value[Key(String(step))] }
    return DescribeWriter.text(value)
  }

  private func mounts(_ container: Value, _ writer: inout DescribeWriter) {
    writer.line(2, "Mounts:\(container[.volumeMounts].isEmpty ? "\t<none>" : "")")
    let sorted = container[.volumeMounts].items.sorted {
      ($0[.mountPath].string ?? "") < ($1[.mountPath].string ?? "")
    }
    for mount in sorted {
      var flags = mount[.readOnly].bool == true ? "ro" : "rw"
      if let path = mount[.subPath].string, !path.isEmpty { flags += ",path=\"\(path)\"" }
      writer.line(3, "\(mount[.mountPath].string ?? "") from \(mount[.name].string ?? "") (\(flags))")
    }
    if container[.volumeDevices].isEmpty { return }
    writer.line(2, "Devices:")
    for device in container[.volumeDevices].items {
      writer.line(3, "\(device[.devicePath].string ?? "") from \(device[.name].string ?? "")")
    }
  }
}
