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
  /// An address in its canonical form.
  case address
  /// Version and group of an APIService.
  case apiService

  func problems(_ name: String, _ object: Value) -> [String] {
    switch self {
    case .address:
      guard let address = IPBytes(name) else { return [AddressRule.message] }
      return address.text == name ? [] : ["must be in canonical form (\"\(address.text)\")"]
    case .apiService: return APIServiceValidation.nameProblems(name, object)
    case .subdomain: return Names.isDNS1123Subdomain(name)
    case .label: return Names.isDNS1123Label(name)
    case .label1035: return Names.isDNS1035Label(name)
    case .path: return Names.isPathSegmentName(name)
    case .any: return []
    }
  }
}

/// The strategy of one kind, put together from its parts.
struct KindStrategy: Strategy {
  var nameRule = NameRule.subdomain
  /// The prefix of a generated name is judged too.
  var checksPrefix = true
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
    findings.append(
      ObjectMetaValidation.causes(object, checksPrefix: checksPrefix) { nameRule.problems($0, object) })
    validating?(object, &findings)
    return findings.causes
  }

  func validateUpdate(_ new: Value, old: Value) -> [APIError.Cause] {
    var findings = Findings()
    findings.append(ObjectMetaValidation.causes(new, replacing: old))
    validatingUpdate?(new, old, &findings)
    return findings.causes
  }
}
