public import APIMachinery

/// What a kind does when one of its objects is written (`registry/rest.RESTCreateStrategy` and
/// `RESTUpdateStrategy`, with the defaults of its group's `defaults.go`).
public protocol Strategy: Sendable {
  /// Defaults that depend on other fields; the unconditional ones are data of the schema.
  func defaults(_ object: inout Value)
  /// Clears what a client may not set and adds what the server derives; runs after mutating admission.
  func prepareForCreate(_ object: inout Value)
  func prepareForUpdate(_ new: inout Value, old: Value)
  func validateCreate(_ object: Value) -> [APIError.Cause]
  func validateUpdate(_ new: Value, old: Value) -> [APIError.Cause]
  func validateStatusUpdate(_ new: Value, old: Value) -> [APIError.Cause]
}

extension Strategy {
  public func defaults(_ object: inout Value) {}
  public func prepareForCreate(_ object: inout Value) {}
  public func prepareForUpdate(_ new: inout Value, old: Value) {}
  public func validateCreate(_ object: Value) -> [APIError.Cause] { [] }
  public func validateUpdate(_ new: Value, old: Value) -> [APIError.Cause] { [] }
  public func validateStatusUpdate(_ new: Value, old: Value) -> [APIError.Cause] { [] }
}

/// How a kind's names are judged (`ValidateXName` of each group's validation).
enum NameRule: Sendable {
  case subdomain, label, label1035, path, any

  func problems(_ name: String) -> [String] {
    switch self {
    case .subdomain: Names.isDNS1123Subdomain(name)
    case .label: Names.isDNS1123Label(name)
    case .label1035: Names.isDNS1035Label(name)
    case .path: Names.isPathSegmentName(name)
    case .any: []
    }
  }
}

/// The strategy of one kind, put together from its parts.
struct KindStrategy: Strategy {
  var nameRule = NameRule.subdomain
  /// The status of a new object; nil where the kind has none or keeps what is given.
  var clearedStatus: Value?
  var defaulting: (@Sendable (inout Value) -> Void)?
  var preparing: (@Sendable (inout Value) -> Void)?
  var preparingUpdate: (@Sendable (inout Value, Value) -> Void)?
  var validating: (@Sendable (Value, inout Findings) -> Void)?
  var validatingUpdate: (@Sendable (Value, Value, inout Findings) -> Void)?

  func defaults(_ object: inout Value) { defaulting?(&object) }

  func prepareForCreate(_ object: inout Value) {
    if let clearedStatus, object.get(.status) != clearedStatus { object[.status] = clearedStatus }
    preparing?(&object)
  }

  func prepareForUpdate(_ new: inout Value, old: Value) { preparingUpdate?(&new, old) }

  func validateCreate(_ object: Value) -> [APIError.Cause] {
    var findings = Findings()
    findings.append(ObjectMetaValidation.causes(object, name: nameRule.problems))
    validating?(object, &findings)
    return findings.causes
  }

  func validateUpdate(_ new: Value, old: Value) -> [APIError.Cause] {
    var findings = Findings()
    findings.append(ObjectMetaValidation.causes(new, name: nil))
    validatingUpdate?(new, old, &findings)
    return findings.causes
  }
}
