import API
import APIMachinery

/// How the server refuses a patch after which the object does not decode
/// (`apiserver/pkg/endpoints/handlers/patch.go`).
enum PatchRefusal {
  /// Unless `isStrict`, unknown fields are no reason: they are dropped with a warning.
  static func decoding(_ merged: Value, patch: Value, _ info: KindInfo, isStrict: Bool = true) -> APIError? {
    var findings = SchemaCheck.check(merged, info)
    if !isStrict { findings.removeAll { $0.code == .unknownField } }
    guard let first = findings.first else { return nil }
    let shown = info.isCustom ? CanonicalJSON.string(merged) : goText(patch)
    let why: String
    if let wrong = findings.first(where: { $0.code != .unknownField }) {
      why = info.isCustom ? wrong.message : conversion(wrong, merged)
    } else {
      let unknown = findings.filter { $0.code == first.code }.map(\.message)
      why = "strict decoding error: " + unknown.joined(separator: ", ")
    }
    let cause = APIError.Cause(
      reason: "FieldValueInvalid", message: "Invalid value: \(quoted(shown)): \(why)", field: "patch")
    return .invalid("", "", [cause])
  }

  /// In the words of `runtime.DefaultUnstructuredConverter`.
  private static func conversion(_ finding: SchemaFinding, _ root: Value) -> String {
    if finding.code == .malformed { return finding.message }
    var value = root
    for step in finding.steps {
      switch step {
      case .field(let key): value = value[key]
      case .index(let i): value = value[i]
      }
    }
    let given: String =
      switch value {
      case .bool: "bool"
      case .small: "int64"
      case .number: value.int == nil ? "float64" : "int64"
      case .string: "string"
      case .array: "[]interface {}"
      case .object: "map[string]interface {}"
      case .null: "nil"
      }
    switch finding.type {
    case "string", "bool": return "cannot convert \(given) to \(finding.type)"
    case "int32", "int64", "float64":
      return value.text != nil
        ? "unrecognized type: \(finding.type)" : "cannot convert \(given) to \(finding.type)"
    default: return finding.message
    }
  }

  /// Go's `%v` of a decoded JSON value.
  static func goText(_ value: Value) -> String {
    switch value {
    case .null: return "<nil>"
    case .bool(let b): return b ? "true" : "false"
    case .small(let n): return String(n)
    case .number(let t), .string(let t): return t.string
    case .array: return "[" + value.items.map(goText).joined(separator: " ") + "]"
    case .object:
      return "map[" + value.fields.map { "\($0.key):\(goText($0.value))" }.joined(separator: " ") + "]"
    }
  }

  /// Go's `%q`.
  private static func quoted(_ text: String) -> String {
    var out = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": out += "\\\""
      case "\\": out += "\\\\"
      case "\n": out += "\\n"
      case "\t": out += "\\t"
      case "\r": out += "\\r"
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out + "\""
  }
}
