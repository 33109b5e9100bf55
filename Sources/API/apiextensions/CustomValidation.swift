import APIMachinery

/// Validation of custom objects (`apiextensions-apiserver/pkg/registry/customresource`).
public enum CustomValidation {
  /// What the schema of the object's version says against it, what its scale sub-resource does, and what the
  /// rules in CEL do; `old` is the object before an update, in the same version.
  public static func validate(
    _ object: Value, _ info: KindInfo, old: Value? = nil
  ) -> [APIError.Cause] {
    let version = object.groupVersionKind.version
    guard info.isCustom, let type = info.type(version: version) else { return [] }
    var embedded = EmbeddedResourceValidation()
    embedded.check(object, type, "", isRoot: true)
    let found = SchemaValidation.validate(object, type) + embedded.causes
    var causes = found
    if let path = info.specReplicasPath, let problem = replicas(object, path) { causes.append(problem) }
    guard type.rules?.hasRules == true else { return causes }
    if SchemaValidation.blocksRules(found) {
      causes.append(SchemaValidation.rulesNotChecked)
    } else {
      causes += SchemaRuleCheck.check(object, type, old: old)
    }
    return causes
  }

  /// The number at `specReplicasPath` must be one that a Scale can show (`ValidateScaleSpec`).
  private static func replicas(_ object: Value, _ path: String) -> APIError.Cause? {
    func invalid(_ value: Int, _ why: String) -> APIError.Cause {
      APIError.Cause(reason: "FieldValueInvalid", message: "Invalid value: \(value): \(why)", field: path)
    }
    let names = path.split(separator: ".").map(String.init)
    var value = object
    for (i, name) in names.enumerated() {
      if value.isNull { return nil }
      guard value.isObject else {
        let place = "." + names[...i].joined(separator: ".")
        return invalid(0, accessorError(place, value, "map[string]interface{}"))
      }
      guard let next = value.get(Key(name)) else { return nil }
      value = next
    }
    guard let count = value.int else { return invalid(0, accessorError(path, value, "int64")) }
    if count < 0 { return invalid(count, "should be a non-negative integer") }
    if count > Int32.max { return invalid(count, "should be less than or equal to \(Int32.max)") }
    return nil
  }

  private static func accessorError(_ path: String, _ value: Value, _ wanted: String) -> String {
    let shown = value.string ?? CanonicalJSON.string(value)
    let type =
      switch value {
      case .null: "<nil>"
      case .bool: "bool"
      case .small: "int64"
      case .number: value.int == nil ? "float64" : "int64"
      case .string: "string"
      case .array: "[]interface {}"
      case .object: "map[string]interface {}"
      }
    return "\(path) accessor error: \(shown) is of the type \(type), expected \(wanted)"
  }
}
