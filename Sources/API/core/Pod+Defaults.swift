import APIMachinery

/// Defaults of pods and pod templates that depend on other fields (`pkg/apis/core/v1/defaults.go`).
enum PodDefaults {
  /// `SetDefaults_Pod` with all that it covers.
  static func pod(_ object: inout Value) {
    var spec = object[.spec]
    dropOldInitContainers(&object)
    guard spec.isObject else { return }
    podSpec(&spec)
    map(&spec, .containers, requestsFromLimits)
    map(&spec, .initContainers, requestsFromLimits)
    podLevelRequests(&spec)
    if !spec.has(.enableServiceLinks) { spec[.enableServiceLinks] = true }
    if spec[.hostNetwork].bool == true { hostPorts(&spec) }
    if spec != object[.spec] { object[.spec] = spec }
  }

  /// A template at `key` of `object`.
  static func template(_ object: inout Value, at key: Key) {
    var spec = object[key][.spec]
    guard spec.isObject else { return }
    if object[key][.metadata].has(.annotations) { dropOldInitContainers(&object[key]) }
    podSpec(&spec)
    if spec != object[key][.spec] { object[key][.spec] = spec }
  }

  private static let oldInitContainers = ["beta", "alpha"].flatMap { stage in
    ["init-containers", "init-container-statuses"].map { Key("pod.\(stage).kubernetes.io/\($0)") }
  }

  /// Annotations that stood for fields once (`dropInitContainerAnnotations`).
  private static func dropOldInitContainers(_ object: inout Value) {
    let annotations = object[.metadata][.annotations]
    guard annotations.count > 0, oldInitContainers.contains(where: { annotations.has($0) }) else { return }
    var kept = annotations
    for key in oldInitContainers { kept.remove(key) }
    if kept.isEmpty { object[.metadata].remove(.annotations) } else { object[.metadata][.annotations] = kept }
  }

  private static let projected = Key.projected
  private static let sources = Key.sources
  private static let pullPolicyOfVolume = Key.pullPolicy
  private static let stopSignal = Key.stopSignal

  /// What templates and pods have in common.
  private static func podSpec(_ spec: inout Value) {
    for list in [Key.containers, .initContainers, .ephemeralContainers] { map(&spec, list, pullPolicy) }
    map(&spec, .volumes) { volume in
      if volume.count == 1, volume.has(.name) { volume[.emptyDir] = [:] }
      if let made = volume.get(projected), made.isObject, made[sources].isEmpty, !made[sources].isNull {
        volume[projected][sources] = .null
      }
      if let image = volume.get(.image), image.isObject, !image.has(pullPolicyOfVolume) {
        let always = ImageName.isLatest(image[.reference].string ?? "")
        volume[.image][pullPolicyOfVolume] = always ? "Always" : "IfNotPresent"
      }
    }
    let old = spec[.serviceAccount].string ?? ""
    let name = spec[.serviceAccountName].string ?? ""
    if name.isEmpty, !old.isEmpty { spec[.serviceAccountName] = .string(old) }
    if !name.isEmpty, old != name { spec[.serviceAccount] = .string(name) }
  }

  /// Changes the items of a list; one that stays as it is is shared.
  static func map(_ object: inout Value, _ key: Key, _ change: (inout Value) -> Void) {
    guard let list = object.get(key), !list.isEmpty else { return }
    var changed = false
    let items = list.items.map { item in
      var new = item
      change(&new)
      if new.identity != item.identity { changed = true }
      return new
    }
    if changed { object[key] = .array(items) }
  }

  private static func pullPolicy(_ container: inout Value) {
    // ContainerStopSignals is off in 1.36.
    if container[.lifecycle].has(stopSignal) {
      let rest = container[.lifecycle].removing(stopSignal)
      container.set(.lifecycle, rest.isEmpty ? nil : rest)
    }
    guard container[.imagePullPolicy].text?.count ?? 0 == 0 else { return }
    let always = ImageName.isLatest(container[.image].string ?? "")
    container[.imagePullPolicy] = always ? "Always" : "IfNotPresent"
  }

  private static func requestsFromLimits(_ container: inout Value) {
    let limits = container[.resources][.limits]
    if limits.isEmpty { return }
    var requests = container[.resources][.requests]
    for field in limits.fields where !requests.has(field.key) { requests[field.key] = field.value }
    if requests != container[.resources][.requests] { container[.resources][.requests] = requests }
  }

  /// The pod's own requests follow its containers' and then its limits (KEP-2837, `defaultPodRequests`).
  private static func podLevelRequests(_ spec: inout Value) {
    let limits = spec[.resources][.limits]
    if limits.isEmpty { return }
    var requests = spec[.resources][.requests]
    var bare = spec
    bare.remove(.resources)
    bare.remove(.overhead)
    for (name, amount) in PodTotals.amounts(["spec": bare], .requests)
    where !requests.has(name) && (name == .cpu || name == .memory) {
      requests[name] = amount.apiValue
    }
    for field in limits.fields where !requests.has(field.key) { requests[field.key] = field.value }
    spec[.resources][.requests] = requests
  }

  private static func hostPorts(_ spec: inout Value) {
    for list in [Key.containers, .initContainers] {
      map(&spec, list) { container in
        map(&container, .ports) { port in
          if port[.hostPort].int ?? 0 == 0, let number = port.get(.containerPort) { port[.hostPort] = number }
        }
      }
    }
  }
}

/// Image references as far as the pull policy needs them (`pkg/util/parsers.ParseImageName`).
enum ImageName {
  /// Whether the image has the tag `latest`, written or meant.
  static func isLatest(_ image: String) -> Bool {
    var rest = Substring(image)
    var hasDigest = false
    if let at = rest.firstIndex(of: "@") {
      hasDigest = true
      rest = rest[..<at]
    }
    var tag: Substring?
    if let colon = rest.lastIndex(of: ":"), !rest[colon...].contains("/") {
      tag = rest[rest.index(after: colon)...]
      rest = rest[..<colon]
    }
    guard isRepository(rest) else { return false }
    if let tag { return tag == "latest" }
    return !hasDigest
  }

  private static func isRepository(_ name: Substring) -> Bool {
    if name.isEmpty { return false }
    var parts = name.split(separator: "/", omittingEmptySubsequences: false)
    if parts.count > 1, let first = parts.first,
      first.contains(".") || first.contains(":") || first == "localhost" || first != first.lowercased()[...]
    {
      parts.removeFirst()
    }
    return parts.allSatisfy(isComponent)
  }

  /// Lower-case words joined by `.`, `_`, `__` or dashes.
  private static func isComponent(_ part: Substring) -> Bool {
    let bytes = Array(part.utf8)
    func isWord(_ c: UInt8) -> Bool { (c >= 97 && c <= 122) || (c >= 48 && c <= 57) }
    guard let first = bytes.first, let last = bytes.last, isWord(first), isWord(last) else { return false }
    var separator: [UInt8] = []
    for c in bytes {
      if isWord(c) {
        let text = String(decoding: separator, as: UTF8.self)
        let dashes = separator.allSatisfy { $0 == 45 }
        guard separator.isEmpty || dashes || text == "." || text == "_" || text == "__" else { return false }
        separator = []
      } else {
        guard c == 45 || c == 46 || c == 95 else { return false }
        separator.append(c)
      }
    }
    return true
  }
}
