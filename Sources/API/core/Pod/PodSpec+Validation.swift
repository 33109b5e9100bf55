import APIMachinery

/// `ValidatePodSpec` of `pkg/apis/core/validation/validation.go`, in its order. Containers, volumes, security
/// and scheduling have files of their own.
struct PodSpecValidation {
  let spec: Value
  let metadata: Value
  let path: Path
  /// A pod, not a template.
  let isPod: Bool

  /// `ValidatePodCreate` without the metadata.
  static func pod(_ pod: Value, _ out: inout Findings) {
    metadataAndSpec(pod, &out)
    let spec = pod[.spec]
    if !spec[.ephemeralContainers].isEmpty {
      out.forbidden(Path.spec.child("ephemeralContainers"), "cannot be set on create")
    }
    if !spec[.nodeName].string.isNilOrEmpty, !spec[.schedulingGates].isEmpty {
      out.forbidden(Path.spec.child("nodeName"), "cannot be set until all schedulingGates have been cleared")
    }
    PodAnnotationValidation.agree(pod[.metadata], spec, .spec, &out)
  }

  /// `validatePodMetadataAndSpec`, which updates obey too.
  static func metadataAndSpec(_ pod: Value, _ out: inout Findings) {
    let spec = pod[.spec]
    PodAnnotationValidation.check(
      pod[.metadata][.annotations], spec, Path.metadata.child("annotations"), &out)
    let this = PodSpecValidation(spec: spec, metadata: pod[.metadata], path: .spec, isPod: true)
    this.run(&out)
    if spec[.serviceAccountName].string.isNilOrEmpty {
      for (i, volume) in spec[.volumes].items.enumerated() {
        for (j, source) in volume[.projected][.sources].items.enumerated()
        where source.has(.serviceAccountToken) {
          out.forbidden(
            Path.spec.child("volumes").index(i).child("projected").child("sources").index(j)
              .child("serviceAccountToken"), "must not be specified when serviceAccountName is not set")
        }
      }
    }
    let containers = ContainerValidation(spec: spec, volumes: [:], isPod: true)
    for key in ["containers", "initContainers"] {
      for (i, container) in spec[Key(key)].items.enumerated() {
        containers.image(container, Path.spec.child(key).index(i), &out)
      }
    }
  }

  /// `ValidatePodTemplateSpec`.
  static func template(_ template: Value, _ path: Path, _ out: inout Findings) {
    if SoundTemplates.shared.contains(template) { return }
    let before = out.causes.count
    judge(template, path, &out)
    if out.causes.count == before { SoundTemplates.shared.insert(template) }
  }

  private static func judge(_ template: Value, _ path: Path, _ out: inout Findings) {
    let meta = template[.metadata]
    ObjectMetaValidation.labels(meta[.labels], path.child("labels"), &out)
    ObjectMetaValidation.annotations(meta[.annotations], path.child("annotations"), &out)
    PodAnnotationValidation.check(meta[.annotations], template[.spec], path.child("annotations"), &out)
    PodSpecValidation(spec: template[.spec], metadata: meta, path: path.child("spec"), isPod: false).run(&out)
    PodAnnotationValidation.agree(meta, template[.spec], path.child("spec"), &out)
    if !template[.spec][.ephemeralContainers].isEmpty {
      out.forbidden(
        path.child("spec").child("ephemeralContainers"), "ephemeral containers not allowed in pod template")
    }
  }

  /// Templates that many objects share are judged once, and so are pods that are made of them (`DerivedPod`).
  func run(_ out: inout Findings) {
    let sound = isPod ? SoundTemplates.ofPods : .shared
    if sound.contains(spec) { return }
    let before = out.causes.count
    judge(&out)
    if !isPod, out.causes.count == before { SoundTemplates.shared.insert(spec) }
  }

  private func judge(_ out: inout Findings) {
    let name = isPod ? metadata[.name].string ?? "" : ""
    let volumes = VolumeValidation.volumes(spec[.volumes], pod: name, path.child("volumes"), &out)
    resourceClaims(&out)
    let containers = ContainerValidation(spec: spec, volumes: volumes, isPod: isPod)
    containers.run(path, &out)
    podResources(&out)
    containers.hostNetwork(path, &out)
    restartPolicy(&out)
    dns(&out)
    ObjectMetaValidation.labels(spec[.nodeSelector], path.child("nodeSelector"), &out)
    SecurityValidation.pod(spec, path, &out)
    AffinityValidation.affinity(spec[.affinity], path.child("affinity"), &out)
    dnsConfig(&out)
    gates(&out)
    SchedulingValidation.spread(
      spec[.topologySpreadConstraints], path.child("topologySpreadConstraints"), &out)
    WindowsValidation.hostProcess(spec, path, &out)
    hostUsers(&out)
    hostnameOverride(&out)
    names(&out)
    SchedulingValidation.tolerations(spec[.tolerations], path.child("tolerations"), &out)
    hostAliases(&out)
    classes(&out)
    WindowsValidation.operatingSystem(spec, path, &out)
    fileVolumes(&out)
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
    if spec[.dnsPolicy].says("None") {
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
    let searches = config[.searches]
    if searches.count > 32 {
      out.invalid(place.child("searches"), searches, "must not have more than 32 search paths")
    }
    let length = searches.items.reduce(searches.count - 1) { $0 + ($1.text?.count ?? 0) }
    if length > 2048 {
      out.invalid(
        place.child("searches"), searches,
        "must not have more than 2048 characters (including spaces) in the search list")
    }
    for (i, search) in searches.items.enumerated() {
      let text = search.string ?? ""
      if text == "." { continue }
      let name = text.hasSuffix(".") ? String(text.dropLast()) : text
      out.invalid(
        place.child("searches").index(i), name, all: Names.isDNS1123SubdomainWithUnderscore(name))
    }
    for (i, option) in config[.options].items.enumerated() where option[.name].string.isNilOrEmpty {
      out.required(place.child("options").index(i), "must not be empty")
    }
  }

  private func gates(_ out: inout Findings) {
    for (i, gate) in spec[.readinessGates].items.enumerated() {
      out.invalid(
        path.child("readinessGates").index(i).child("conditionType"), gate[.conditionType],
        all: Names.isQualifiedName(gate[.conditionType].string ?? ""))
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
    for (key, name) in [("hostNetwork", "hostNetwork"), ("hostPID", "HostPID"), ("hostIPC", "HostIPC")]
    where spec[Key(key)].bool == true {
      out.forbidden(path.child(name), "when `hostUsers` is false")
    }
    WindowsValidation.containers(spec, path) { container, at in
      if !container[.volumeDevices].isEmpty {
        out.forbidden(at.child("volumeDevices"), "when `hostUsers` is false")
      }
    }
  }

  private func hostnameOverride(_ out: inout Findings) {
    guard let name = spec[.hostnameOverride].string else { return }
    let at = path.child("hostnameOverride")
    if spec[.setHostnameAsFQDN].bool == true {
      out.forbidden(at, "may not be specified when setHostnameAsFQDN is true")
    }
    if spec[.hostNetwork].bool == true { out.forbidden(at, "may not be specified when hostNetwork is true") }
    if name.utf8.count > 64 { out.tooLong(at, most: 64) }
    out.invalid(at, name, all: Names.isDNS1123Subdomain(name))
  }

  /// `validateFileKeyRefVolumes`.
  private func fileVolumes(_ out: inout Findings) {
    WindowsValidation.containers(spec, path) { container, at in
      for (i, variable) in container[.env].items.enumerated() {
        guard let ref = variable[.valueFrom].get(.fileKeyRef) else { continue }
        let name = ref[.volumeName].string ?? ""
        let place = at.child("env").index(i).child("valueFrom").child("fileKeyRef").child("volumeName")
        if let volume = spec[.volumes].items.last(where: { $0[.name].string == name }) {
          if !volume.has(.emptyDir) {
            out.invalid(place, name, "referenced volume must be of type emptyDir")
          }
        } else {
          out.notFound(place, .string(name))
        }
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
    for (key, child) in [(Key.hostname, "hostname"), (Key.subdomain, "subdomain")] {
      if let name = spec[key].string, !name.isEmpty {
        out.invalid(path.child(child), name, all: Names.isDNS1123Label(name))
      }
    }
  }

  private func classes(_ out: inout Findings) {
    if let name = spec[.priorityClassName].string, !name.isEmpty {
      out.invalid(path.child("priorityClassName"), name, all: Names.isDNS1123Subdomain(name))
    }
    if let name = spec[.runtimeClassName].string {
      out.invalid(path.child("runtimeClassName"), name, all: Names.isDNS1123Subdomain(name))
    }
    if let policy = spec.get(.preemptionPolicy) {
      if policy == "" {
        out.required(path.child("preemptionPolicy"))
      } else {
        out.oneOf(path.child("preemptionPolicy"), policy, ["PreemptLowerPriority", "Never"])
      }
    }
    if spec[.overhead].isObject {
      ResourceRule.requirements(["limits": spec[.overhead]], claims: .null, path.child("overhead"), &out)
    }
  }

  private func hostAliases(_ out: inout Findings) {
    for (i, alias) in spec[.hostAliases].items.enumerated() {
      let place = path.child("hostAliases").index(i)
      AddressRule.check(alias[.ip], place.child("ip"), &out)
      for (j, host) in alias[.hostnames].items.enumerated() {
        out.invalid(place.child("hostnames").index(j), host, all: Names.isDNS1123Subdomain(host.string ?? ""))
      }
    }
  }

  // MARK: - Resources of the pod as a whole

  private func podResources(_ out: inout Findings) {
    let resources = spec[.resources]
    guard resources.isObject else { return }
    let place = path.child("resources")
    if spec[.os][.name].says("windows") {
      return out.forbidden(place, "may not be set for a windows pod")
    }
    if resources.has(.claims) {
      out.forbidden(place.child("claims"), "claims may not be set for Resources at pod-level")
    }
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
    for (i, container) in spec[.containers].items.enumerated() {
      for field in container[.resources][.limits].fields {
        guard let most = Quantity(resources[.limits][field.key]), let limit = Quantity(field.value),
          most < limit
        else { continue }
        out.invalid(
          place.child("containers").index(i).key(field.key.string).child("limits"), limit.canonical,
          "must be less than or equal to pod limits of \(most.canonical)")
      }
    }
  }

  private func resourceClaims(_ out: inout Findings) {
    var seen: Set<String> = []
    for (i, claim) in spec[.resourceClaims].items.enumerated() {
      let place = path.child("resourceClaims").index(i)
      let name = claim[.name].string ?? ""
      if name.isEmpty {
        out.required(place.child("name"))
      } else if !seen.insert(name).inserted {
        out.duplicate(place.child("name"), .string(name))
      } else {
        out.invalid(place.child("name"), name, all: Names.isDNS1123Label(name))
      }
      let direct = claim.get(.resourceClaimName)
      let template = claim.get(.resourceClaimTemplateName)
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
