import Synchronization

/// The rules of `x-kubernetes-validations` in CEL
/// (`apiextensions-apiserver/pkg/apiserver/schema/cel/validation.go`).
public struct SchemaRuleCheck {
  private var causes: [APIError.Cause] = []

  /// What the rules say against `object`; rules with `oldSelf` only run where there is an old value.
  public static func check(_ object: Value, _ type: SchemaType, old: Value?) -> [APIError.Cause] {
    var check = SchemaRuleCheck()
    check.node(object, type, old, "")
    return check.causes
  }

  private mutating func node(_ value: Value, _ type: SchemaType, _ old: Value?, _ path: String) {
    guard let rules = type.rules, rules.hasRules, !value.isNull else { return }
    for rule in rules.source["x-kubernetes-validations"].items { run(rule, value, type, old, path) }
    switch type.shape {
    case .object:
      for field in value.fields {
        guard let known = type.field(field.key), known.type.rules?.hasRules == true else { continue }
        let inner = path.isEmpty ? field.key.string : "\(path).\(field.key.string)"
        node(field.value, known.type, old?.get(field.key), inner)
      }
    case .map:
      guard let element = type.element else { return }
      for field in value.fields {
        node(field.value, element, old?.get(field.key), "\(path)[\(field.key.string)]")
      }
    case .list:
      guard let element = type.element else { return }
      for (i, item) in value.items.enumerated() {
        node(item, element, Self.counterpart(item, type, old), "\(path)[\(i)]")
      }
    default: return
    }
  }

  /// Items of a map list correspond by their keys, others not at all.
  private static func counterpart(_ item: Value, _ type: SchemaType, _ old: Value?) -> Value? {
    guard let old, type.listType == .map else { return nil }
    return old.items.first { other in type.listKeys.allSatisfy { other[$0] == item[$0] } }
  }

  private mutating func run(_ rule: Value, _ value: Value, _ type: SchemaType, _ old: Value?, _ path: String)
  {
    guard let source = rule["rule"].string, let program = CELCache.shared.program(source) else { return }
    var variables: [(name: String, value: CELValue)] = [("self", CELValue(value, type))]
    if program.mentions("oldSelf") {
      let isOptional = rule["optionalOldSelf"].bool == true
      let before = old.flatMap { $0.isNull ? nil : CELValue($0, type) }
      if isOptional {
        variables.append(("oldSelf", .optional(before)))
      } else if let before {
        variables.append(("oldSelf", before))
      } else {
        return
      }
    }
    let place = (path + (rule[Key("fieldPath")].string ?? ""))
    let field = place.hasPrefix(".") ? String(place.dropFirst()) : place
    let name =
      (rule[.message].string ?? "").isEmpty ? Self.trimmed(source) : Self.trimmed(rule[.message].string ?? "")
    do {
      if try program.holds(variables) { return }
      add(
        rule[.reason].string ?? "FieldValueInvalid", field, message(rule, source, variables), shown: value)
    } catch {
      let why =
        error == CELError.overload
        ? "'no such overload': call arguments did not match a supported operator, function or macro "
          + "signature for rule: \(name)"
        : "\(error.message) evaluating rule: \(name)"
      let kind = ScalarText.quoted(SchemaValidation.jsonType(value).type)
      add("FieldValueInvalid", field, "\(kind): \(why)")
    }
  }

  private func message(
    _ rule: Value, _ source: String, _ variables: [(name: String, value: CELValue)]
  ) -> String {
    if let expression = rule[Key("messageExpression")].string,
      let program = CELCache.shared.program(expression),
      let made = try? program.evaluate(variables), let text = made.plain, !Self.trimmed(text).isEmpty
    {
      return Self.trimmed(text)
    }
    let given = Self.trimmed(rule[.message].string ?? "")
    return given.isEmpty ? "failed rule: " + Self.trimmed(source) : given
  }

  private static func trimmed(_ text: String) -> String {
    let isBlank: (UInt8) -> Bool = { $0 == 0x20 || $0 >= 0x09 && $0 <= 0x0D }
    let bytes = text.utf8.drop(while: isBlank).reversed().drop(while: isBlank).reversed()
    return String(decoding: Array(bytes), as: UTF8.self)
  }

  /// A refusal; invalid scalars are shown, whole objects and lists are not.
  private mutating func add(_ reason: String, _ field: String, _ message: String, shown: Value? = nil) {
    let known = [
      "FieldValueRequired": "Required value", "FieldValueForbidden": "Forbidden",
      "FieldValueDuplicate": "Duplicate value",
    ]
    var words = known[reason] ?? "Invalid value"
    if reason == "FieldValueInvalid", let shown, !shown.isObject, !shown.isArray {
      words += ": \(CanonicalJSON.string(shown))"
    }
    causes.append(
      APIError.Cause(
        reason: reason, message: "\(words): \(message)",
        field: field.isEmpty ? "<nil>" : field))
  }
}

/// Compiled expressions; each is read once for the process.
public final class CELCache: Sendable {
  public static let shared = CELCache()
  private let known = Mutex<[String: CELProgram?]>([:])

  /// The program of an expression, or nil if it is none.
  public func program(_ source: String) -> CELProgram? {
    known.withLock { all -> CELProgram? in
      if let found = all[source] { return found }
      let made = try? CELProgram(source)
      all[source] = .some(made)
      return made
    }
  }
}
