import APIMachinery

/// `ValidatePodSpec` of `pkg/apis/core/validation/validation.go`, in its order. Containers, volumes, security
/// and scheduling have files of their own.
struct PodSpecValidation {
  let spec: Value
  let metadata: Value
  let path: Path
  /// A pod, not a template.
  let isPod: Bool

  static func pod(_ pod: Value, _ out: inout Findings) {
    let this = PodSpecValidation(spec: pod[.spec], metadata: pod[.metadata], path: .spec, isPod: true)
    this.run(&out)
    if !pod[.spec][.nodeName].string.isNilOrEmpty, !pod[.spec][.schedulingGates].isEmpty {
      out.forbidden(Path.spec.child("nodeName"), "cannot be set until all schedulingGates have been cleared")
    }
  }

  /// `ValidatePodTemplateSpec`.
  static func template(_ template: Value, _ path: Path, _ out: inout Findings) {
    ObjectMetaValidation.labels(template[.metadata][.labels], path.child("labels"), &out)
    ObjectMetaValidation.annotations(template[.metadata][.annotations], path.child("annotations"), &out)
    PodSpecValidation(
      spec: template[.spec], metadata: template[.metadata], path: path.child("spec"), isPod: false
    ).run(&out)
  }

  func run(_ out: inout Findings) {
    let volumes = VolumeValidation.volumes(spec[.volumes], path.child("volumes"), &out)
    podResources(&out)
    resourceClaims(&out)
    ContainerValidation(spec: spec, volumes: volumes, isPod: isPod).run(path, &out)
    restartPolicy(&out)
    dns(&out)
    ObjectMetaValidation.labels(spec[.nodeSelector], path.child("nodeSelector"), &out)
    SecurityValidation.pod(spec, path, &out)
    for (i, secret) in spec[.imagePullSecrets].items.enumerated() where secret[.name].string.isNilOrEmpty {
      out.required(path.child("imagePullSecrets").index(i).child("name"))
    }
    AffinityValidation.affinity(spec[.affinity], path.child("affinity"), &out)
    dnsConfig(&out)
    gates(&out)
    SchedulingValidation.spread(
      spec[.topologySpreadConstraints], path.child("topologySpreadConstraints"), &out)
    hostUsers(&out)
    names(&out)
    SchedulingValidation.tolerations(spec[.tolerations], path.child("tolerations"), &out)
    hostAliases(&out)
    SecurityValidation.operatingSystem(spec, path, &out)
  }

  private func restartPolicy(_ out: inout Findings) {
    let place = path.child("restartPolicy")
    let policy = spec[.restartPolicy].string ?? ""
    if policy.isEmpty { return out.required(place) }
    out.oneOf(place, spec[.restartPolicy], ["Always", "OnFailure", "Never"])
  }

  private func dns(_ out: inout Findings) {
    let policies = ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"]
    out.oneOf(path.child("dnsPolicy"), spec[.dnsPolicy], policies)
  }

  private func dnsConfig(_ out: inout Findings) {
    let place = path.child("dnsConfig")
    let config = spec[.dnsConfig]
    if spec[.dnsPolicy].string == "None" {
      if config.isNull { return out.required(place, "must provide `dnsConfig` when `dnsPolicy` is None") }
      if config[.nameservers].isEmpty {
        return out.required(
          place.child("nameservers"), "must provide at least one DNS nameserver when `dnsPolicy` is None")
      }
    }
    if config[.nameservers].count > 3 {
      out.invalid(place.child("nameservers"), config[.nameservers], "must not have more than 3 nameservers")
    }
    for (i, server) in config[.nameservers].items.enumerated() {
      AddressRule.check(server, place.child("nameservers").index(i), &out)
    }
    if config[.searches].count > 32 {
      out.invalid(place.child("searches"), config[.searches], "must not have more than 32 search paths")
    }
    for (i, option) in config[.options].items.enumerated() where option[.name].string.isNilOrEmpty {
      out.required(place.child("options").index(i), "must not be empty")
    }
  }

  private func gates(_ out: inout Findings) {
    for (i, gate) in spec["readinessGates"].items.enumerated() {
      out.invalid(
        path.child("readinessGates").index(i).child("conditionType"), gate["conditionType"],
        all: Names.isQualifiedName(gate["conditionType"].string ?? ""))
    }
    var seen: Set<String> = []
    for (i, gate) in spec[.schedulingGates].items.enumerated() {
      let name = gate[.name].string ?? ""
      let place = path.child("schedulingGates").index(i)
      out.invalid(place, name, all: Names.isQualifiedName(name))
      if !seen.insert(name).inserted { out.duplicate(place, .string(name)) }
    }
  }

  private func hostUsers(_ out: inout Findings) {
    guard spec[.hostUsers].bool == false else { return }
    for key in ["hostNetwork", "hostIPC", "hostPID"] where spec[Key(key)].bool == true {
      if key == "hostPID" || key == "hostIPC" || key == "hostNetwork" {
        out.forbidden(path.child(key), "when `hostUsers` is false")
      }
    }
  }

  private func names(_ out: inout Findings) {
    if let name = spec[.serviceAccountName].string, !name.isEmpty {
      out.invalid(path.child("serviceAccountName"), name, all: Names.isDNS1123Subdomain(name))
    }
    if let name = spec[.nodeName].string, !name.isEmpty {
      out.invalid(path.child("nodeName"), name, all: Names.isDNS1123Subdomain(name))
    }
    if let seconds = spec[.activeDeadlineSeconds].int, seconds < 1 || seconds > 2_147_483_647 {
      out.invalid(
        path.child("activeDeadlineSeconds"), spec[.activeDeadlineSeconds], Names.inRange(1, 2_147_483_647))
    }
    for (key, child) in [(Key.hostname, "hostname"), (Key("subdomain"), "subdomain")] {
      if let name = spec[key].string, !name.isEmpty {
        out.invalid(path.child(child), name, all: Names.isDNS1123Label(name))
      }
    }
    if let name = spec[.priorityClassName].string, !name.isEmpty {
      out.invalid(path.child("priorityClassName"), name, all: Names.isDNS1123Subdomain(name))
    }
    if let name = spec[.runtimeClassName].string {
      out.invalid(path.child("runtimeClassName"), name, all: Names.isDNS1123Subdomain(name))
    }
  }

  private func hostAliases(_ out: inout Findings) {
    for (i, alias) in spec["hostAliases"].items.enumerated() {
      let place = path.child("hostAliases").index(i)
      AddressRule.check(alias["ip"], place.child("ip"), &out)
      for host in alias["hostnames"].items {
        out.invalid(place.child("hostnames"), host, all: Names.isDNS1123Subdomain(host.string ?? ""))
      }
    }
  }

  // MARK: - Resources of the pod as a whole

  private func podResources(_ out: inout Findings) {
    let resources = spec[.resources]
    guard resources.isObject else { return }
    let place = path.child("resources")
    for (part, name) in [(Key.limits, "limits"), (.requests, "requests")] {
      for field in resources[part].fields {
        let text = field.key.string
        let at = place.child(name).key(text)
        if text != "cpu", text != "memory", !text.hasPrefix("hugepages-") {
          out.notSupported(at, .string(text), ["cpu", "hugepages-", "memory"])
        }
        ResourceRule.quantity(text, field.value, at, &out)
      }
    }
    var bare = spec
    bare.remove(.resources)
    bare.remove(.overhead)
    for (name, sum) in PodTotals.amounts(["spec": bare], .requests) {
      guard let own = Quantity(resources[.requests][name]), own < sum else { continue }
      out.invalid(
        place.child("requests").key(name.string), own.canonical,
        "must be greater than or equal to aggregate container requests of \(sum.canonical)")
    }
    for field in resources[.requests].fields {
      guard let limit = Quantity(resources[.limits][field.key]), let request = Quantity(field.value),
        limit < request
      else { continue }
      out.invalid(
        place.child("requests"), request.canonical,
        "must be less than or equal to \(field.key.string) limit of \(limit.canonical)")
    }
  }

  private func resourceClaims(_ out: inout Findings) {
    var seen: Set<String> = []
    for (i, claim) in spec[.resourceClaims].items.enumerated() {
      let place = path.child("resourceClaims").index(i)
      let name = claim[.name].string ?? ""
      if !seen.insert(name).inserted {
        out.duplicate(place.child("name"), .string(name))
      } else {
        if name.isEmpty { out.required(place.child("name")) }
        out.invalid(place.child("name"), name, all: name.isEmpty ? [] : Names.isDNS1123Label(name))
      }
      let direct = claim.get("resourceClaimName")
      let template = claim.get("resourceClaimTemplateName")
      if direct != nil, template != nil {
        let shown: Value = [
          "Name": .string(name), "ResourceClaimName": direct ?? .null,
          "ResourceClaimTemplateName": template ?? .null,
        ]
        out.invalid(
          place, shown,
          "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified")
      }
      if direct == nil, template == nil {
        let shown: Value = [
          "Name": .string(name), "ResourceClaimName": .null, "ResourceClaimTemplateName": .null,
        ]
        out.invalid(
          place, shown, "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`")
      }
      for (value, key) in [(direct, "resourceClaimName"), (template, "resourceClaimTemplateName")] {
        guard let value else { continue }
        out.invalid(place.child(key), value, all: Names.isDNS1123Subdomain(value.string ?? ""))
      }
    }
  }
}

extension String? {
  var isNilOrEmpty: Bool { self?.isEmpty ?? true }
}

/// IP addresses in fields (`validation.IsValidIP`).
enum AddressRule {
  static let message = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"

  static func check(_ value: Value, _ path: Path, _ out: inout Findings) {
    if IPBytes(value.string ?? "") == nil { out.invalid(path, value.isNull ? "" : value, message) }
  }
}
