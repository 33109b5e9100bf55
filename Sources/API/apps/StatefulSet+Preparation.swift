import APIMachinery

/// What the server does to a StatefulSet before it judges it (`registry/apps/statefulset/strategy.go`).
enum StatefulSetPreparation {
  /// `maxUnavailable` is behind the gate MaxUnavailableStatefulSet, which is off in 1.36: it is dropped unless
  /// the stored object has it.
  static func dropDisabled(_ set: inout Value, old: Value) {
    let before = old[.spec][.updateStrategy][.rollingUpdate]
    let rolling = set[.spec][.updateStrategy][.rollingUpdate]
    guard rolling.has(.maxUnavailable), !before.has(.maxUnavailable) else { return }
    set[.spec][.updateStrategy][.rollingUpdate] = rolling.removing(.maxUnavailable)
  }
}
