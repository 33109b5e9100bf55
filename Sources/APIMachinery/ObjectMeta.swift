/// `metadata` of any object, read and written in place on the tree (`apimachinery/pkg/apis/meta/v1.ObjectMeta`).
extension Value {
  public var metadata: Value {
    get { self[.metadata] }
    set { self[.metadata] = newValue }
  }
  public var name: String { self[.metadata, .name].string ?? "" }
  public var namespace: String { self[.metadata, .namespace].string ?? "" }
  /// The name as an interned key.
  public var nameKey: Key { metaKey(.name) }
  public var namespaceKey: Key { metaKey(.namespace) }
  public var uid: String { self[.metadata, .uid].string ?? "" }
  public var uidKey: Key { metaKey(.uid) }
  public var labels: Value { self[.metadata, .labels] }
  public var annotations: Value { self[.metadata, .annotations] }
  public var generation: Int { self[.metadata, .generation].int ?? 0 }
  public var resourceVersion: String { self[.metadata, .resourceVersion].string ?? "" }
  public var spec: Value {
    get { self[.spec] }
    set { self[.spec] = newValue }
  }
  public var status: Value {
    get { self[.status] }
    set { self[.status] = newValue }
  }
  public var kindName: String { self[.kind].string ?? "" }
  public var apiVersion: String { self[.apiVersion].string ?? "" }
  public var groupVersionKind: GroupVersionKind { GroupVersionKind(apiVersion: apiVersion, kind: kindName) }
  public var key: Key {
    defer { withExtendedLifetime(self) {} }
    return ValueView.of(self).key
  }

  /// A text of `metadata` as an interned key.
  private func metaKey(_ field: Key) -> Key {
    defer { withExtendedLifetime(self) {} }
    return ValueView.of(self).get(.metadata).get(field).key
  }

  /// Whether deletion has been requested.
  public var isTerminating: Bool { !self[.metadata, .deletionTimestamp].isNull }

  public func label(_ key: Key) -> String? { self[.metadata, .labels][key].string }
  public func annotation(_ key: Key) -> String? { self[.metadata, .annotations][key].string }

  /// Sets or (with nil) removes a label; an empty map of labels goes too.
  public mutating func setLabel(_ key: Key, _ value: String?) { setMeta(.labels, key, value) }
  public mutating func setAnnotation(_ key: Key, _ value: String?) { setMeta(.annotations, key, value) }

  private mutating func setMeta(_ map: Key, _ key: Key, _ value: String?) {
    var all = self[.metadata][map]
    // What is there already is not made again.
    if let value { if all.get(key)?.text?.equals(value) ?? false { return } } else if !all.has(key) { return }
    all.set(key, value.map { .string($0) })
    self[.metadata].set(map, all.isEmpty ? nil : all)
  }

  /// The owner reference with `controller: true`, or nil (`metav1.GetControllerOf`).
  public var controllerReference: Value? {
    defer { withExtendedLifetime(self) {} }
    return ValueView(place(of: .metadata, .ownerReferences)).first { reference in
      if case .bool(true) = reference.get(.controller) { true } else { false }
    }
  }

  /// The condition of this type in `status.conditions`, or nil.
  public func condition(_ type: String) -> Value? {
    Condition.find(self[.status, .conditions], type)
  }
}
