import APIMachinery

/// `kube-aggregator/pkg/apis/apiregistration/validation`.
enum APIServiceValidation {
  static func service(_ object: Value, _ out: inout Findings) {
    let spec = object[.spec]
    let path = Path.spec
    let group = spec[.group].string ?? ""
    let version = spec[.version].string ?? ""
    let isLegacy = group.isEmpty && version == "v1"
    if group.isEmpty {
      if !isLegacy {
        out.required(path.child("group"), "only v1 may have an empty group and it better be legacy kube")
      }
    } else {
      let problems = Names.isDNS1123Subdomain(group)
      if !problems.isEmpty { out.invalid(path.child("group"), group, problems.joined(separator: ",")) }
    }
    let problems = Names.isDNS1035Label(version)
    if !problems.isEmpty { out.invalid(path.child("version"), version, problems.joined(separator: ",")) }
    for (key, most) in [("groupPriorityMinimum", 20000), ("versionPriority", 1000)] {
      let number = spec[Key(key)].int ?? 0
      if number <= 0 || number > most {
        out.invalid(path.child(key), .int(number), "must be positive and less than \(most)")
      }
    }
    let hasBundle = !spec[.caBundle].string.isNilOrEmpty
    let skips = spec[.insecureSkipTLSVerify].bool == true
    guard let service = spec.get(.service) else {
      if hasBundle {
        out.invalid(path.child("caBundle"), spec[.caBundle], "local APIServices may not have a caBundle")
      }
      if skips {
        out.invalid(
          path.child("insecureSkipTLSVerify"), true,
          "local APIServices may not have insecureSkipTLSVerify")
      }
      return
    }
    if service[.namespace].string.isNilOrEmpty { out.required(path.child("service").child("namespace")) }
    if service[.name].string.isNilOrEmpty { out.required(path.child("service").child("name")) }
    let port = service[.port].int ?? 443
    if !Names.isPortNumber(port).isEmpty {
      out.invalid(
        path.child("service").child("port"), .int(port),
        "port is not valid: \(Names.isPortNumber(port).joined(separator: ","))")
    }
    if skips, hasBundle {
      out.invalid(
        path.child("insecureSkipTLSVerify"), true, "may not be true if caBundle is present")
    }
  }

  /// An API that the server itself serves is available at once.
  static func prepare(_ object: inout Value) {
    object[.status] = [:]
    guard object[.spec].get(.service) == nil else { return }
    object[.status][.conditions] = [
      [
        "type": "Available", "status": "True", "reason": "Local",
        "message": "Local APIServices are always available",
        "lastTransitionTime": object[.metadata][.creationTimestamp],
      ]
    ]
  }

  /// The name is made of version and group.
  static func nameProblems(_ name: String, _ object: Value) -> [String] {
    let spec = object[.spec]
    let wanted = "\(spec[.version].string ?? "").\(spec[.group].string ?? "")"
    return name == wanted ? [] : ["must be `spec.version+\".\"+spec.group`: \"\(wanted)\""]
  }
}
