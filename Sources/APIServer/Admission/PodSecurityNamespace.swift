import API
import APIMachinery
import Store

/// The labels of a namespace that set Pod Security Standards, and what a change of them means for the pods there
/// (`pod-security-admission/admission.ValidateNamespace`).
enum PodSecurityNamespace {
  private static let levels = ["privileged", "baseline", "restricted"]

  static func validate(_ server: APIServer, _ request: inout WriteRequest) throws(APIError) {
    let labels = request.object[.metadata][.labels]
    let found = problems(labels)
    if !found.isEmpty, request.old == nil || problems(request.old?[.metadata][.labels] ?? .null) != found {
      throw .invalid("Namespace", request.object.name, found)
    }
    guard let old = request.old?[.metadata][.labels] else { return }
    let level = labels[PodSecurity.enforce].string ?? "privileged"
    let before = old[PodSecurity.enforce].string ?? "privileged"
    guard (levels.firstIndex(of: level) ?? 0) > (levels.firstIndex(of: before) ?? 0) else { return }
    warn(server, &request, level, PodSecurity.version(labels, "enforce"))
  }

  /// Pods that are already there are not touched; the answer names them.
  private static func warn(
    _ server: APIServer, _ request: inout WriteRequest, _ level: String, _ version: String
  ) {
    var order: [String] = []
    var first: [String: (name: String, others: Int)] = [:]
    for pod in server.store.list(.pod, namespace: request.object.nameKey) {
      let why = PodSecurity.violations(pod[.spec], pod[.metadata][.annotations], level, version)
      if why.isEmpty { continue }
      let text = why.joined(separator: ", ")
      if first[text] == nil {
        order.append(text)
        first[text] = (pod.name, 0)
      } else {
        first[text]?.others += 1
      }
    }
    if order.isEmpty { return }
    request.warnings.append(
      "existing pods in namespace \"\(request.object.name)\" violate the new PodSecurity enforce level "
        + "\"\(level):\(version)\"")
    let lines = order.map { text -> String in
      let (name, others) = first[text] ?? ("", 0)
      let more = others == 0 ? "" : " (and \(others) other pod\(others == 1 ? "" : "s"))"
      return "\(name)\(more): \(text)"
    }
    request.warnings += lines.sorted()
  }

  private static func problems(_ labels: Value) -> [APIError.Cause] {
    var causes: [APIError.Cause] = []
    for mode in ["enforce", "audit", "warn"] {
      for (suffix, isVersion) in [("", false), ("-version", true)] {
        let key = "\(PodSecurity.prefix)\(mode)\(suffix)"
        guard let text = labels[Key(key)].string, !text.isEmpty else { continue }
        let isGood = isVersion ? Self.isVersion(text) : levels.contains(text)
        if isGood { continue }
        let why =
          isVersion ? "must be \"latest\" or \"v1.x\"" : "must be one of privileged, baseline, restricted"
        causes.append(
          APIError.Cause(
            reason: "FieldValueInvalid",
            message: "Invalid value: \(CanonicalJSON.string(.string(text))): \(why)",
            field: "metadata.labels[\(key)]"))
      }
    }
    return causes
  }

  private static func isVersion(_ text: String) -> Bool {
    if text == "latest" { return true }
    guard text.hasPrefix("v1.") else { return false }
    let minor = text.dropFirst(3)
    return !minor.isEmpty && minor.utf8.allSatisfy { (0x30...0x39).contains($0) }
      && (minor == "0" || minor.first != "0")
  }
}
