public import APIMachinery

/// A pod that a controller makes from a template. Its template was judged when the controller was stored; of the pod's
/// spec only what admission adds to every pod is new, and that is made by the server itself.
public enum DerivedPod {
  /// Notes that the spec needs not be judged, if it is a judged template's but for the account, its token, the
  /// tolerations of nodes in trouble, the priority and a default that templates do not have. What depends on the
  /// pod's name or node is none of these.
  public static func note(_ spec: Value, of template: Value) {
    guard SoundTemplates.shared.contains(template), template[.hostNetwork].bool != true,
      !template.has(.nodeName), !template[.volumes].items.contains(where: { $0.has(.ephemeral) })
    else { return }
    var added = 0
    for field in spec.fields {
      let given = template.get(field.key)
      if given == nil { added += 1 }
      if let given, given == field.value { continue }
      guard isOfAdmission(field, given ?? .null) else { return }
    }
    if spec.count == template.count + added { SoundTemplates.ofPods.insert(spec) }
  }

  private static func isOfAdmission(_ field: Field, _ given: Value) -> Bool {
    switch field.key {
    case .serviceAccount, .serviceAccountName: given.isNull && field.value.says("default")
    case .priority: given.isNull
    case .enableServiceLinks: given.isNull && field.value.bool != nil
    case .preemptionPolicy: given.isNull
    case .tolerations:
      isLonger(field.value, given, by: 1...2) { starts($0[.key], with: "node.kubernetes.io/") }
    case .volumes: isLonger(field.value, given, by: 1...1, isToken)
    case .containers, .initContainers:
      field.value.count == given.count && zip(field.value.items, given.items).allSatisfy(isMounted)
    default: false
    }
  }

  private static func isToken(_ volume: Value) -> Bool {
    volume.has(.projected) && starts(volume[.name], with: ServiceAccountToken.volumePrefix)
  }

  private static func starts(_ value: Value, with prefix: String) -> Bool {
    value.text?.utf8.starts(with: prefix.utf8) ?? false
  }

  /// Whether the list has a few more items at its end, all of which are as they should be.
  private static func isLonger(
    _ list: Value, _ given: Value, by more: ClosedRange<Int>, _ isExpected: (Value) -> Bool
  ) -> Bool {
    let (all, old) = (list.items, given.items)
    guard more.contains(all.count - old.count), zip(all, old).allSatisfy(==) else { return false }
    return all.dropFirst(old.count).allSatisfy(isExpected)
  }

  /// Whether the container is as given but for the token's mount.
  private static func isMounted(_ container: Value, _ given: Value) -> Bool {
    if container == given { return true }
    return isLonger(container[.volumeMounts], given[.volumeMounts], by: 1...1) {
      $0[.mountPath].text?.equals(ServiceAccountToken.mountPath) ?? false
    } && container.removing(.volumeMounts) == given.removing(.volumeMounts)
  }
}
