import APIMachinery

/// Defaults of the kinds that make pods (`pkg/apis/apps/v1/defaults.go`, for controllers `core/v1`).
enum WorkloadDefaults {
  static func replicationController(_ object: inout Value) {
    let labels = object[.spec][.template][.metadata][.labels]
    if !labels.isEmpty {
      if object[.spec][.selector].isEmpty { object[.spec][.selector] = labels }
      if object.labels.isEmpty { object[.metadata][.labels] = labels }
    }
    if !object[.spec].has(.replicas) { object[.spec][.replicas] = 1 }
    PodDefaults.template(&object[.spec], at: .template)
  }

  static func replicaSet(_ object: inout Value) { PodDefaults.template(&object[.spec], at: .template) }

  static func deployment(_ object: inout Value) {
    PodDefaults.template(&object[.spec], at: .template)
    guard object[.spec][.strategy][.type].says("RollingUpdate") else { return }
    fill(&object[.spec], .strategy, [(.maxUnavailable, "25%"), (.maxSurge, "25%")])
  }

  static func daemonSet(_ object: inout Value) {
    PodDefaults.template(&object[.spec], at: .template)
    guard object[.spec][.updateStrategy][.type].says("RollingUpdate") else { return }
    fill(&object[.spec], .updateStrategy, [(.maxUnavailable, 1), (.maxSurge, 0)])
  }

  private static let templateGeneration = Key("deprecated.daemonset.template.generation")

  /// The annotation counts the templates a daemon set has had.
  static func prepareDaemonSet(_ object: inout Value) {
    if let given = object.annotation(templateGeneration).flatMap({ Int($0) }), given >= 1 { return }
    object.setAnnotation(templateGeneration, "1")
  }

  static func prepareDaemonSetUpdate(_ new: inout Value, _ old: Value) {
    let before = old.annotation(templateGeneration).flatMap { Int($0) } ?? 1
    let isSame = new[.spec][.template] == old[.spec][.template]
    let count = String(isSame ? before : before &+ 1)
    if new.annotation(templateGeneration) != count { new.setAnnotation(templateGeneration, count) }
  }

  static func statefulSet(_ object: inout Value) {
    PodDefaults.template(&object[.spec], at: .template)
    if object[.spec][.updateStrategy][.type].string ?? "" == "" {
      object[.spec][.updateStrategy][.type] = "RollingUpdate"
      fill(&object[.spec], .updateStrategy, [(.partition, 0)])
    } else if object[.spec][.updateStrategy][.type] == "RollingUpdate",
      object[.spec][.updateStrategy].has(.rollingUpdate)
    {
      fill(&object[.spec], .updateStrategy, [(.partition, 0)])
    }
    PodDefaults.map(&object[.spec], .volumeClaimTemplates) { claim in
      if claim[.apiVersion].string ?? "" == "" { claim[.apiVersion] = "v1" }
      if claim[.kind].string ?? "" == "" { claim[.kind] = "PersistentVolumeClaim" }
      if claim[.status][.phase].string ?? "" == "" { claim[.status][.phase] = "Pending" }
      PersistentVolumeClaimDefaults.claim(&claim)
    }
  }

  /// Missing parameters of a rolling update.
  private static func fill(_ spec: inout Value, _ strategy: Key, _ parts: [(Key, Value)]) {
    var rolling = spec[strategy][.rollingUpdate]
    for (key, value) in parts where !rolling.has(key) { rolling[key] = value }
    if rolling != spec[strategy][.rollingUpdate] { spec[strategy][.rollingUpdate] = rolling }
  }
}
