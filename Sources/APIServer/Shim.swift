import API
import APIMachinery

/// What a kind's strategy does (interim, until API has it).
public protocol Strategy: Sendable {
  func defaults(_ object: inout Value)
  func prepareForCreate(_ object: inout Value)
  func prepareForUpdate(_ new: inout Value, old: Value)
  func validateCreate(_ object: Value) -> [APIError.Cause]
  func validateUpdate(_ new: Value, old: Value) -> [APIError.Cause]
  func validateStatusUpdate(_ new: Value, old: Value) -> [APIError.Cause]
}

struct GenericStrategy: Strategy {
  func defaults(_ object: inout Value) {
    if object.kindName == "Namespace" {
      object.setLabel(Key("kubernetes.io/metadata.name"), object.name)
    }
  }
  func prepareForCreate(_ object: inout Value) {
    if object.kindName == "Namespace" {
      object[.status] = ["phase": "Active"]
      if object[.spec][.finalizers].isEmpty { object[.spec][.finalizers] = ["kubernetes"] }
    }
    if object.kindName == "Pod" { object[.status] = ["phase": "Pending"] }
  }
  func prepareForUpdate(_ new: inout Value, old: Value) {}
  func validateCreate(_ object: Value) -> [APIError.Cause] {
    if object.name.isEmpty {
      return [
        .init(
          reason: "FieldValueRequired", message: "Required value: name or generateName is required",
          field: "metadata.name")
      ]
    }
    return Names.isDNS1123Subdomain(object.name).map {
      .init(
        reason: "FieldValueInvalid", message: "Invalid value: \"\(object.name)\": \($0)",
        field: "metadata.name")
    }
  }
  func validateUpdate(_ new: Value, old: Value) -> [APIError.Cause] { [] }
  func validateStatusUpdate(_ new: Value, old: Value) -> [APIError.Cause] { [] }
}

enum StrategyRegistry {
  static func strategy(for kind: GroupKind) -> any Strategy { GenericStrategy() }
}

/// Objects by key (interim, until Store has it).
public final class ObjectStore: ObjectReader {
  private var objects: [ObjectKey: Value] = [:]
  public init() {}
  public func get(_ key: ObjectKey) -> Value? { objects[key] }
  public func put(_ key: ObjectKey, _ value: Value) { objects[key] = value }
  public func remove(_ key: ObjectKey) { objects[key] = nil }
  public func list(_ kind: GroupKind, namespace: Key?) -> [Value] {
    objects.keys.filter { $0.kind == kind && (namespace == nil || $0.namespace == namespace!) }.sorted()
      .compactMap { objects[$0] }
  }
  public func owned(by uid: Key) -> [ObjectKey] {
    objects.filter { $0.value[.metadata][.ownerReferences].items.contains { $0[.uid].key == uid } }
      .map(\.key).sorted()
  }
  public func pods(onNode node: Key) -> [Value] {
    list(.pod, namespace: nil).filter { $0[.spec][.nodeName].key == node }
  }
}
