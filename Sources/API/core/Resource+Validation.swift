import APIMachinery

/// Names and amounts of resources (`validateResourceRequirements`, `pkg/apis/core/helper`).
enum ResourceRule {
  static func isNative(_ name: String) -> Bool { !name.contains("/") || name.contains("kubernetes.io/") }
  static func isHugePage(_ name: String) -> Bool { name.hasPrefix("hugepages-") }
  static func isExtended(_ name: String) -> Bool {
    !isNative(name) && !name.hasPrefix("requests.") && Names.isQualifiedName("requests." + name).isEmpty
  }
  static func allowsOvercommit(_ name: String) -> Bool { isNative(name) && !isHugePage(name) }

  private static let standardOfContainers: Set<String> = ["cpu", "memory", "ephemeral-storage"]
  private static let standard: Set<String> = [
    "cpu", "memory", "ephemeral-storage", "storage", "requests.cpu", "requests.memory", "requests.storage",
    "requests.ephemeral-storage", "limits.cpu", "limits.memory", "limits.ephemeral-storage", "pods",
    "resourcequotas", "services", "replicationcontrollers", "secrets", "persistentvolumeclaims",
    "configmaps", "services.nodeports", "services.loadbalancers",
  ]
  private static let counts: Set<String> = [
    "pods", "resourcequotas", "services", "replicationcontrollers", "secrets", "configmaps",
    "persistentvolumeclaims", "services.nodeports", "services.loadbalancers",
  ]

  /// `ValidateResourceName`.
  static func name(_ name: String, _ path: Path, _ out: inout Findings) {
    let problems = Names.isQualifiedName(name)
    out.invalid(path, name, all: problems)
    if problems.isEmpty, !name.contains("/"), !standard.contains(name), !isHugePage(name) {
      out.invalid(path, name, "must be a standard resource type or fully qualified")
    }
  }

  static func containerName(_ name: String, _ path: Path, _ out: inout Findings) {
    self.name(name, path, &out)
    if !name.contains("/") {
      if !standardOfContainers.contains(name), !isHugePage(name) {
        out.invalid(path, name, "must be a standard resource for containers")
      }
    } else if !isNative(name), !isExtended(name) {
      out.invalid(path, name, "doesn't follow extended resource name standard")
    }
  }

  /// `ValidateResourceQuantityValue`.
  static func quantity(_ name: String, _ value: Value, _ path: Path, _ out: inout Findings) {
    guard let amount = Quantity(value) else { return }
    if amount.sign < 0 { out.invalid(path, amount.canonical, "must be greater than or equal to 0") }
    if counts.contains(name) || isExtended(name), !amount.isInteger {
      out.invalid(path, amount.canonical, "must be an integer")
    }
    if isHugePage(name), let size = Quantity(String(name.dropFirst("hugepages-".count))), size.value > 0,
      amount.value % size.value != 0
    {
      out.invalid(path, amount.canonical, "\(amount.canonical) is not positive integer multiple of \(name)")
    }
  }

  static func requirements(_ resources: Value, claims: Value, _ path: Path, _ out: inout Findings) {
    let limits = resources[.limits]
    let requests = resources[.requests]
    var hasHugePages = false
    let hasPlain = [Key.cpu, .memory].contains { limits.has($0) || requests.has($0) }
    for field in limits.fields {
      let at = path.child("limits").key(field.key.string)
      containerName(field.key.string, at, &out)
      quantity(field.key.string, field.value, at, &out)
      if isHugePage(field.key.string) { hasHugePages = true }
    }
    for field in requests.fields {
      let name = field.key.string
      let at = path.child("requests").key(name)
      containerName(name, at, &out)
      quantity(name, field.value, at, &out)
      if isHugePage(name) { hasHugePages = true }
      guard let amount = Quantity(field.value) else { continue }
      if let limit = Quantity(limits[field.key]) {
        if !(amount == limit), !allowsOvercommit(name) {
          out.invalid(
            path.child("requests"), amount.canonical, "must be equal to \(name) limit of \(limit.canonical)")
        } else if limit < amount {
          out.invalid(
            path.child("requests"), amount.canonical,
            "must be less than or equal to \(name) limit of \(limit.canonical)")
        }
      } else if !allowsOvercommit(name) {
        out.required(path.child("limits"), "Limit must be set for non overcommitable resources")
      }
    }
    if hasHugePages, !hasPlain { out.forbidden(path, "HugePages require cpu or memory") }
    self.claims(resources[.claims], known: claims, path.child("claims"), &out)
  }

  private static func claims(_ used: Value, known: Value, _ path: Path, _ out: inout Findings) {
    let names = known.items.compactMap { $0[.name].string }
    var seen: Set<String> = []
    for (i, claim) in used.items.enumerated() {
      let name = claim[.name].string ?? ""
      if name.isEmpty {
        out.required(path.index(i))
        continue
      }
      let request = claim[.request].string ?? ""
      let key = request.isEmpty ? name : "\(name)/\(request)"
      if seen.contains(name) {
        out.duplicate(path.index(i), .string(name))
      } else {
        if !request.isEmpty {
          out.invalid(path.index(i).child("request"), request, all: Names.isDNS1123Label(request))
        }
        if seen.contains(key) || request.isEmpty && seen.contains(where: { $0.hasPrefix(name + "/") }) {
          out.duplicate(path.index(i), .string(key))
        }
        seen.insert(key)
      }
      if names.contains(name) { continue }
      let tail = names.isEmpty ? " which is empty" : ": \(names.sorted().joined(separator: ", "))"
      out.add(
        "FieldValueNotFound", path.index(i),
        "Not found: \"\(name)\": must be one of the names in pod.spec.resourceClaims\(tail)")
    }
  }
}
