import API
import APIMachinery

/// Defaults and bounds of a namespace's LimitRanges for pods and claims (`plugin/pkg/admission/limitranger`).
enum LimitRanger: AdmissionPlugin {
  static let name = "LimitRanger"
  static let kinds: Set<GroupKind>? = [.pod, .persistentVolumeClaim]
  private static let annotation = Key("kubernetes.io/limit-ranger")

  static func mutate(_ server: APIServer, _ request: inout WriteRequest) throws(APIError) {
    guard request.kind == .pod, request.operation == .create else { return }
    for range in server.inNamespace(.limitRange, request.namespace) { setDefaults(range, &request.object) }
  }

  static func validate(_ server: APIServer, _ request: inout WriteRequest) throws(APIError) {
    guard request.subresource == .none,
      request.operation == .create || request.operation == .update && request.kind == .persistentVolumeClaim
    else { return }
    for range in server.inNamespace(.limitRange, request.namespace) {
      var errors: [String] = []
      for limit in range[.spec][.limits].items {
        errors += request.kind == .pod ? pod(request.object, limit) : claim(request.object, limit)
      }
      var seen: Set<String> = []
      errors = errors.filter { seen.insert($0).inserted }
      if errors.count == 1 { throw request.forbidden(errors[0]) }
      if !errors.isEmpty { throw request.forbidden("[" + errors.joined(separator: ", ") + "]") }
    }
  }

  // MARK: - Defaults

  private static func setDefaults(_ range: Value, _ pod: inout Value) {
    var requests: [Field] = []
    var limits: [Field] = []
    for limit in range[.spec][.limits].items where limit[.type].says("Container") {
      requests += limit[.defaultRequest].fields
      limits += limit[.`default`].fields
    }
    if requests.isEmpty && limits.isEmpty { return }
    var notes: [String] = []
    var spec = pod[.spec]
    for (list, word) in [(Key.containers, "container"), (Key.initContainers, "init container")] {
      guard let containers = spec.get(list) else { continue }
      let before = notes.count
      let changed = containers.items.map { container -> Value in
        var resources = container[.resources]
        let name = container[.name].string ?? ""
        if let note = fill(&resources, .requests, requests, "request for \(word) \(name)") {
          notes.append(note)
        }
        if let note = fill(&resources, .limits, limits, "limit for \(word) \(name)") { notes.append(note) }
        return resources == container[.resources] ? container : container.setting(.resources, resources)
      }
      if notes.count > before { spec[list] = .array(changed) }
    }
    if notes.isEmpty { return }
    pod[.spec] = spec
    pod.setAnnotation(annotation, "LimitRanger plugin set: " + notes.joined(separator: "; "))
  }

  /// Sets what is missing; the text that says so, or nil.
  private static func fill(_ resources: inout Value, _ list: Key, _ defaults: [Field], _ what: String)
    -> String?
  {
    var names: [String] = []
    for field in defaults where !resources[list].has(field.key) {
      resources[list] = resources[list].setting(field.key, field.value)
      names.append(field.key.string)
    }
    return names.isEmpty ? nil : names.sorted().joined(separator: ", ") + " " + what
  }

  // MARK: - Bounds

  private static func pod(_ pod: Value, _ limit: Value) -> [String] {
    switch limit[.type].string {
    case "Container":
      var errors: [String] = []
      for list in [Key.containers, Key.initContainers] {
        for container in pod[.spec][list].items {
          errors += LimitBounds(limit, container[.resources]).errors()
        }
      }
      return errors
    case "Pod":
      let total: Value = .fields(
        (.requests, total(pod, .requests)), (.limits, total(pod, .limits)))
      return LimitBounds(limit, total).errors()
    default: return []
    }
  }

  private static func total(_ pod: Value, _ part: Key) -> Value {
    .object(PodTotals.amounts(pod, part).map { Field($0.0, $0.1.apiValue) })
  }

  private static func claim(_ claim: Value, _ limit: Value) -> [String] {
    guard limit[.type].says("PersistentVolumeClaim") else { return [] }
    return LimitBounds(limit, .fields((.requests, claim[.spec][.resources].get(.requests)))).claimErrors()
  }
}

/// Holds one container, pod or claim against one entry of a LimitRange.
private struct LimitBounds {
  let limit: Value
  let type: String
  let requests: Value
  let limits: Value

  init(_ limit: Value, _ resources: Value) {
    self.limit = limit
    type = limit[.type].string ?? ""
    requests = resources[.requests]
    limits = resources[.limits]
  }

  func errors() -> [String] {
    limit[.min].fields.compactMap { minimum($0.key, $0.value) }
      + limit[.max].fields.compactMap { maximum($0.key, $0.value) }
      + limit[.maxLimitRequestRatio].fields.compactMap { ratio($0.key, $0.value) }
  }

  func claimErrors() -> [String] {
    limit[.min].fields.compactMap { minimum($0.key, $0.value) }
      + limit[.max].fields.compactMap { maximumRequest($0.key, $0.value) }
  }

  private func minimum(_ name: Key, _ bound: Value) -> String? {
    let rule = "minimum \(name) usage per \(type) is \(bound.quantityText)"
    guard let enforced = Quantity(bound) else { return nil }
    guard let request = Quantity(requests[name]) else { return rule + ".  No request is specified" }
    if request < enforced { return rule + ", but request is \(requests[name].quantityText)" }
    if let most = Quantity(limits[name]), most < enforced {
      return rule + ", but limit is \(limits[name].quantityText)"
    }
    return nil
  }

  private func maximum(_ name: Key, _ bound: Value) -> String? {
    let rule = "maximum \(name) usage per \(type) is \(bound.quantityText)"
    guard let enforced = Quantity(bound) else { return nil }
    guard let most = Quantity(limits[name]) else { return rule + ".  No limit is specified" }
    if enforced < most { return rule + ", but limit is \(limits[name].quantityText)" }
    if let request = Quantity(requests[name]), enforced < request {
      return rule + ", but request is \(requests[name].quantityText)"
    }
    return nil
  }

  private func maximumRequest(_ name: Key, _ bound: Value) -> String? {
    let rule = "maximum \(name) usage per \(type) is \(bound.quantityText)"
    guard let enforced = Quantity(bound) else { return nil }
    guard let request = Quantity(requests[name]) else { return rule + ".  No request is specified" }
    return enforced < request ? rule + ", but request is \(requests[name].quantityText)" : nil
  }

  private func ratio(_ name: Key, _ bound: Value) -> String? {
    let rule = "\(name) max limit to request ratio per \(type) is \(bound.quantityText)"
    guard let enforced = Quantity(bound) else { return nil }
    guard let request = Quantity(requests[name]), !request.isZero else {
      return rule + ", but no request is specified or request is 0"
    }
    guard let most = Quantity(limits[name]), !most.isZero else {
      return rule + ", but no limit is specified or limit is 0"
    }
    let provided = Double(most.milliValue) / Double(request.milliValue)
    if provided * 1000 <= Double(enforced.milliValue) { return nil }
    return rule + ", but provided ratio is \(FixedPoint.sixPlaces(provided))"
  }
}

extension Value {
  /// A quantity's canonical text.
  fileprivate var quantityText: String { Quantity(self)?.canonical ?? string ?? "" }
}

/// Go's `%f`.
enum FixedPoint {
  static func sixPlaces(_ number: Double) -> String {
    guard number.isFinite, abs(number) < 1e12 else { return "\(number)" }
    let micros = Int64((number * 1e6).rounded(.toNearestOrEven))
    let fraction = String(abs(micros % 1_000_000))
    return "\(micros / 1_000_000)." + String(repeating: "0", count: 6 - fraction.utf8.count) + fraction
  }
}
