public import APIMachinery

/// The texts of the `Warning` headers that a kind's strategy gives with an answer
/// (`WarningsOnCreate`, `WarningsOnUpdate` of `pkg/registry/*/*/strategy.go`).
public enum ObjectWarnings {
  private typealias Rule = @Sendable (_ new: Value, _ old: Value?) -> [String]

  public static func texts(_ new: Value, old: Value?, _ info: KindInfo) -> [String] {
    if info.isCustom { return CustomWarnings.finalizers(new, old) }
    return rules[info.groupKind]?(new, old) ?? []
  }

  /// Versions that are on their way out.
  public static func version(_ info: KindInfo, _ version: String) -> [String] {
    if info.isCustom { return CustomWarnings.version(info, version) }
    return info.groupKind == .endpoints
      ? ["v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"] : []
  }

  private static let rules: [GroupKind: Rule] = {
    var table: [GroupKind: Rule] = [
      .pod: { new, old in
        old == nil ? name(new, "the Pod's hostname") + PodWarnings.pod(new) : []
      },
      .daemonSet: { new, old in workload(new, old) },
      .statefulSet: { new, old in statefulSet(new, old) },
      .job: { new, old in
        (old == nil ? name(new) : [])
          + ifChanged(new, old) { job(new[.spec], Path.spec) }
      },
      .cronJob: { new, old in
        let path = Path.spec.child("jobTemplate").child("spec")
        return (old == nil ? name(new) : []) + job(new[.spec][.jobTemplate][.spec], path)
      },
      .service: { new, _ in ServiceWarnings.service(new) },
      .persistentVolume: { new, _ in ClaimWarnings.volume(new) },
      .persistentVolumeClaim: { new, _ in ClaimWarnings.claim(new) },
      .endpoints: { new, _ in ServiceWarnings.endpoints(new) },
      .secret: { new, _ in SecretWarnings.secret(new) }, .node: { new, _ in OtherWarnings.node(new) },
      .runtimeClass: { new, _ in OtherWarnings.runtimeClass(new) },
      .storageClass: { new, _ in OtherWarnings.storageClass(new) },
      .customResourceDefinition: { new, old in CustomWarnings.definition(new, old) },
      GroupKind(group: "", kind: "PodTemplate"): { new, _ in
        PodWarnings.template(new[.template], Path("template"))
      },
      GroupKind(group: "discovery.k8s.io", kind: "EndpointSlice"): { new, _ in ServiceWarnings.slice(new) },
      GroupKind(group: "networking.k8s.io", kind: "Ingress"): { new, old in
        old == nil ? OtherWarnings.ingress(new) : []
      },
      GroupKind(group: "networking.k8s.io", kind: "NetworkPolicy"): { new, _ in
        OtherWarnings.networkPolicy(new)
      },
      GroupKind(group: "storage.k8s.io", kind: "CSIStorageCapacity"): { new, _ in
        NodeLabelWarnings.selector(new[.nodeTopology], Path("nodeTopology"))
      },
    ]
    for kind in [GroupKind.deployment, .replicaSet, .replicationController] {
      table[kind] = { new, old in (old == nil ? name(new) : []) + workload(new, old) }
    }
    return table
  }()

  /// Names that get into names of pods and hosts should fit there.
  private static func name(_ object: Value, _ use: String = "Pod names and hostnames") -> [String] {
    let problems = Names.isDNS1123Label(object.name)
    if problems.isEmpty { return [] }
    return [
      "metadata.name: this is used in \(use), which can result in surprising behavior; a DNS label is "
        + "recommended: [\(problems.joined(separator: " "))]"
    ]
  }

  /// Updates are warned of when they change what is wanted.
  private static func ifChanged(_ new: Value, _ old: Value?, _ texts: () -> [String]) -> [String] {
    guard let old else { return texts() }
    return new.generation == old.generation ? [] : texts()
  }

  private static func workload(_ new: Value, _ old: Value?) -> [String] {
    ifChanged(new, old) { PodWarnings.template(new[.spec][.template], Path.spec.child("template")) }
  }

  private static func statefulSet(_ new: Value, _ old: Value?) -> [String] {
    var out = workload(new, old)
    let claims = Path.spec.child("volumeClaimTemplates")
    for (i, claim) in new[.spec][.volumeClaimTemplates].items.enumerated() {
      let at = claims.index(i)
      out += ClaimWarnings.spec(claim[.spec], old == nil ? at : at.child("Spec"))
    }
    if let limit = new[.spec][.revisionHistoryLimit].int, limit < 0 {
      out.append(
        "spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is "
          + "recommended")
    }
    return out
  }

  private static func job(_ spec: Value, _ path: Path) -> [String] {
    var out: [String] = []
    if spec[.completionMode].says("Indexed"), spec[.completions].int ?? 0 > 100_000,
      spec[.parallelism].int ?? 0 > 10_000
    {
      out.append(
        "\(path.text): In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher "
          + "than 10^4, Kubernetes might not be able to track completedIndexes when a big number of indexes "
          + "fail")
    }
    return out + PodWarnings.template(spec[.template], path.child("template"))
  }
}
