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
    let rule =
      object.apiVersion.hasPrefix("rbac.") ? Names.isPathSegmentName : Names.isDNS1123Subdomain
    return ObjectMetaValidation.causes(object, name: rule)
  }
  func validateUpdate(_ new: Value, old: Value) -> [APIError.Cause] {
    ObjectMetaValidation.causes(new, name: nil)
  }
  func validateStatusUpdate(_ new: Value, old: Value) -> [APIError.Cause] { [] }
}

enum StrategyRegistry {
  static func strategy(for kind: GroupKind) -> any Strategy { GenericStrategy() }
}
