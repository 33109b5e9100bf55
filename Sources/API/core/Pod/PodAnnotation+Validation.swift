import APIMachinery

/// Annotations of pods that the server reads (`ValidatePodSpecificAnnotations` and the checks that an annotation
/// and its field agree).
enum PodAnnotationValidation {
  private static let mirror = "kubernetes.io/config.mirror"
  private static let cost = "controller.kubernetes.io/pod-deletion-cost"
  private static let seccompPod = "seccomp.security.alpha.kubernetes.io/pod"
  private static let seccomp = "container.seccomp.security.alpha.kubernetes.io/"
  private static let appArmor = "container.apparmor.security.beta.kubernetes.io/"

  static func check(_ annotations: Value, _ spec: Value, _ at: Path, _ out: inout Findings) {
    guard !annotations.isEmpty else { return }
    if let value = annotations[Key(mirror)].string, spec[.nodeName].string.isNilOrEmpty {
      out.invalid(at.key(mirror), value, "must set spec.nodeName if mirror pod annotation is set")
    }
    if let value = annotations[Key(cost)].string, !isCost(value) {
      out.invalid(at.key(cost), value, "must be a 32bit integer")
    }
    if let value = annotations[Key(seccompPod)].string { profile(value, at.child(seccompPod), &out) }
    for field in annotations.fields where field.key.string.hasPrefix(seccomp) {
      profile(field.value.string ?? "", at.child(field.key.string), &out)
    }
    for field in annotations.fields {
      let key = field.key.string
      guard key.hasPrefix(appArmor) else { continue }
      let name = String(key.dropFirst(appArmor.count))
      let value = field.value.string ?? ""
      let lists = [spec[.containers], spec[.initContainers], spec[.ephemeralContainers]]
      if !lists.contains(where: { $0.items.contains { $0[.name].string == name } }) {
        out.invalid(at.key(key), name, "container not found")
      }
      let isKnown = ["", "runtime/default", "unconfined"].contains(value) || value.hasPrefix("localhost/")
      if !isKnown {
        out.invalid(at.key(key), value, "invalid AppArmor profile name: \(ScalarText.quoted(value))")
      }
    }
  }

  private static func isCost(_ text: String) -> Bool {
    guard let number = Int32(text) else { return false }
    // A sign, or zeros before the number, are not how it is written.
    return text == String(number)
  }

  private static func profile(_ value: String, _ at: Path, _ out: inout Findings) {
    if ["runtime/default", "docker/default", "unconfined"].contains(value) { return }
    if value.hasPrefix("localhost/") {
      VolumeValidation.descending(String(value.dropFirst("localhost/".count)), at, &out)
    } else {
      out.invalid(at, value, "must be a valid seccomp profile")
    }
  }

  /// `validateSeccompAnnotationsAndFields`, `validateAppArmorAnnotationsAndFieldsMatchOnCreate`.
  static func agree(_ metadata: Value, _ spec: Value, _ path: Path, _ out: inout Findings) {
    let annotations = metadata[.annotations]
    guard !annotations.isEmpty else { return }
    let own = spec[.securityContext]
    if let value = annotations[Key(seccompPod)].string, let field = own.get(.seccompProfile) {
      agree(value, field, "seccomp", path.child("securityContext").child("seccompProfile"), &out)
    }
    WindowsValidation.containers(spec, path) { container, at in
      let name = container[.name].string ?? ""
      if let value = annotations[Key(seccomp + name)].string,
        let field = container[.securityContext].get(.seccompProfile)
      {
        agree(value, field, "seccomp", at.child("securityContext").child("seccompProfile"), &out)
      }
    }
    if spec[.os][.name].says("windows") { return }
    WindowsValidation.containers(spec, path) { container, at in
      let name = container[.name].string ?? ""
      let field = container[.securityContext].get(.appArmorProfile) ?? own.get(.appArmorProfile)
      if let value = annotations[Key(appArmor + name)].string, let field {
        agree(value, field, "apparmor", at.child("securityContext").child("appArmorProfile"), &out)
      }
    }
  }

  private static func agree(
    _ value: String, _ field: Value, _ what: String, _ at: Path, _ out: inout Findings
  ) {
    var types = ["unconfined": "Unconfined", "runtime/default": "RuntimeDefault"]
    if what == "seccomp" { types["docker/default"] = "RuntimeDefault" }
    let isLocal = value.hasPrefix("localhost/")
    let type = isLocal ? "Localhost" : types[value]
    let given = field[.type].string ?? ""
    guard ["Unconfined", "RuntimeDefault", "Localhost"].contains(given) else { return }
    if given != type {
      out.forbidden(at.child("type"), "\(what) type in annotation and field must match")
    } else if isLocal, field[.localhostProfile].string != String(value.dropFirst("localhost/".count)) {
      out.forbidden(at.child("localhostProfile"), "\(what) profile in annotation and field must match")
    }
  }
}
