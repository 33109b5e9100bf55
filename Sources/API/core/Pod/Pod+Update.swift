import APIMachinery

/// What of a pod may change (`ValidatePodUpdate`).
enum PodUpdateValidation {
  static func update(_ new: Value, _ old: Value, _ out: inout Findings) {
    PodSpecValidation.pod(new, &out)
    let a = new[.spec]
    let b = old[.spec]
    if a == b { return }
    for (key, name) in [(Key.containers, "containers"), (.initContainers, "initContainers")]
    where a[key].count != b[key].count {
      let what = name == "containers" ? "containers" : "init containers"
      return out.forbidden(Path.spec.child(name), "pod updates may not add or remove \(what)")
    }
    deadline(a, b, &out)
    if isRestOfSpecEqual(a, b, gated: !b[.schedulingGates].isEmpty) { return }
    out.forbidden(
      .spec,
      "pod updates may not change fields other than `spec.containers[*].image`,"
        + "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` "
        + "(only additions to existing tolerations),`spec.terminationGracePeriodSeconds` "
        + "(allow it to be set to 1 if it was previously negative)")
  }

  private static func deadline(_ a: Value, _ b: Value, _ out: inout Findings) {
    guard let before = b[.activeDeadlineSeconds].int else { return }
    let at = Path.spec.child("activeDeadlineSeconds")
    guard let after = a[.activeDeadlineSeconds].int else {
      return out.invalid(at, .null, "must not update from a positive integer to nil value")
    }
    if after > before {
      out.invalid(at, .int(after), "must be less than or equal to previous value")
    }
  }

  private static func isRestOfSpecEqual(_ a: Value, _ b: Value, gated: Bool) -> Bool {
    var a = a
    var b = b
    if b[.terminationGracePeriodSeconds].int ?? 0 < 0, a[.terminationGracePeriodSeconds].int == 1 {
      a[.terminationGracePeriodSeconds] = b[.terminationGracePeriodSeconds]
    }
    let wasThere = b[.tolerations].items.allSatisfy { old in
      a[.tolerations].items.contains { new in
        new.removing(.tolerationSeconds) == old.removing(.tolerationSeconds)
      }
    }
    guard wasThere else { return false }
    var dropped: [Key] = [.activeDeadlineSeconds, .tolerations]
    if gated {
      let gates = b[.schedulingGates].items
      guard a[.schedulingGates].items.allSatisfy({ gates.contains($0) }) else { return false }
      dropped += [.schedulingGates, .nodeSelector, .affinity]
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
}
