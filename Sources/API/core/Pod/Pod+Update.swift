import APIMachinery

/// What of a pod may change (`ValidatePodUpdate`).
enum PodUpdateValidation {
  static func update(_ new: Value, _ old: Value, _ out: inout Findings) {
    PodSpecValidation.metadataAndSpec(new, &out)
    annotations(new, old, &out)
    let a = new[.spec]
    let b = old[.spec]
    for key in ["containers", "initContainers"] {
      let at = Path.spec.child(key)
      guard a[Key(key)].count == b[Key(key)].count else {
        return out.forbidden(at, "pod updates may not add or remove containers")
      }
      let check = ContainerValidation(spec: a, volumes: [:], isPod: true)
      for (i, container) in a[Key(key)].items.enumerated() {
        if container[.image].string.isNilOrEmpty { out.required(at.index(i).child("image")) }
        check.image(container, at.index(i), &out)
      }
    }
    guard deadline(a, b, &out) else { return }
    tolerations(a, b, &out)
    let gates = b[.schedulingGates].items.map { $0[.name] }
    for (i, gate) in a[.schedulingGates].items.enumerated() where !gates.contains(gate[.name]) {
      out.forbidden(
        Path.spec.child("schedulingGates").index(i).child("name"),
        "only deletion is allowed, but found new scheduling gate '\(gate[.name].string ?? "")'")
    }
    if a == b { return }
    let isGated = !gates.isEmpty
    if isGated { gated(a, b, &out) }
    if isRestOfSpecEqual(a, b, gated: isGated) { return }
    out.forbidden(
      .spec,
      "pod updates may not change fields other than `spec.containers[*].image`,"
        + "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` "
        + "(only additions to existing tolerations),`spec.terminationGracePeriodSeconds` "
        + "(allow it to be set to 1 if it was previously negative)")
  }

  /// `ValidatePodSpecificAnnotationUpdates`.
  private static func annotations(_ new: Value, _ old: Value, _ out: inout Findings) {
    let a = new[.metadata][.annotations]
    let b = old[.metadata][.annotations]
    if a == b { return }
    let at = Path.metadata.child("annotations")
    let appArmor = "container.apparmor.security.beta.kubernetes.io/"
    let mirror = "kubernetes.io/config.mirror"
    for field in b.fields where a.get(field.key) != field.value {
      let key = field.key.string
      if key.hasPrefix(appArmor) {
        out.forbidden(at.key(key), "may not remove or update AppArmor annotations")
      }
      if key == mirror { out.forbidden(at.key(key), "may not remove or update mirror pod annotation") }
    }
    for field in a.fields where !b.has(field.key) {
      let key = field.key.string
      if key.hasPrefix(appArmor) { out.forbidden(at.key(key), "may not add AppArmor annotations") }
      if key == mirror { out.forbidden(at.key(key), "may not add mirror pod annotation") }
    }
  }

  /// False if the validation ends here.
  private static func deadline(_ a: Value, _ b: Value, _ out: inout Findings) -> Bool {
    let at = Path.spec.child("activeDeadlineSeconds")
    guard let after = a[.activeDeadlineSeconds].int else {
      if b.has(.activeDeadlineSeconds) {
        out.invalid(at, .null, "must not update from a positive integer to nil value")
      }
      return true
    }
    if after < 0 || after > 2_147_483_647 {
      out.invalid(at, .int(after), Names.inRange(0, 2_147_483_647))
      return false
    }
    if let before = b[.activeDeadlineSeconds].int, after > before {
      out.invalid(at, .int(after), "must be less than or equal to previous value")
      return false
    }
    return true
  }

  private static func tolerations(_ a: Value, _ b: Value, _ out: inout Findings) {
    let at = Path.spec.child("tolerations")
    for old in b[.tolerations].items {
      let isThere = a[.tolerations].items.contains {
        $0.removing(.tolerationSeconds) == old.removing(.tolerationSeconds)
      }
      if !isThere {
        return out.forbidden(at, "existing toleration can not be modified except its tolerationSeconds")
      }
    }
    SchedulingValidation.tolerations(a[.tolerations], at, &out)
  }

  /// What may be added to a pod that waits at a gate.
  private static func gated(_ a: Value, _ b: Value, _ out: inout Findings) {
    let selector = a[.nodeSelector]
    for field in b[.nodeSelector].fields where selector.get(field.key) != field.value {
      out.invalid(
        Path.spec.child("nodeSelector"), selector,
        "only additions to spec.nodeSelector are allowed (no mutations or deletions)")
      break
    }
    let hard = Key.requiredDuringSchedulingIgnoredDuringExecution
    let old = b[.affinity][.nodeAffinity][hard][.nodeSelectorTerms]
    let new = a[.affinity][.nodeAffinity][hard][.nodeSelectorTerms]
    if old.isEmpty || old == new { return }
    let at = Path.spec.child("affinity").child("nodeAffinity")
      .child("requiredDuringSchedulingIgnoredDuringExecution").child("nodeSelectorTerms")
    guard old.count == new.count else {
      return out.invalid(
        at, shown: new.isEmpty ? "null" : GoForm.nodeSelectorTerms(new),
        "no additions/deletions to non-empty NodeSelectorTerms list are allowed")
    }
    for (i, term) in old.items.enumerated() where !hasOnlyAdditions(new[i], term) {
      out.invalid(
        at.index(i), shown: GoForm.nodeSelectorTerm(new[i]),
        "only additions are allowed (no mutations or deletions)")
    }
  }

  private static func hasOnlyAdditions(_ new: Value, _ old: Value) -> Bool {
    let keys = [Key.matchExpressions, .matchFields]
    if keys.allSatisfy({ old[$0].isEmpty }) { return keys.allSatisfy { new[$0].isEmpty } }
    return keys.allSatisfy { Array(new[$0].items.prefix(old[$0].count)) == Array(old[$0].items) }
  }

  private static func isRestOfSpecEqual(_ a: Value, _ b: Value, gated: Bool) -> Bool {
    var a = a
    var b = b
    if b[.terminationGracePeriodSeconds].int ?? 0 < 0, a[.terminationGracePeriodSeconds].int == 1 {
      a[.terminationGracePeriodSeconds] = b[.terminationGracePeriodSeconds]
    }
    let dropped: [Key] = [.activeDeadlineSeconds, .tolerations, .schedulingGates]
    if gated {
      a.remove(.nodeSelector)
      b.remove(.nodeSelector)
      a = withoutNodeAffinity(a)
      b = withoutNodeAffinity(b)
    }
    for key in dropped {
      a.remove(key)
      b.remove(key)
    }
    for key in [Key.containers, .initContainers] {
      PodDefaults.map(&a, key) { $0.remove(.image) }
      PodDefaults.map(&b, key) { $0.remove(.image) }
    }
    return a == b
  }

  private static func withoutNodeAffinity(_ spec: Value) -> Value {
    guard spec.has(.affinity) else { return spec }
    let rest = spec[.affinity].removing(.nodeAffinity)
    return rest.isEmpty ? spec.removing(.affinity) : spec.setting(.affinity, rest)
  }
}
