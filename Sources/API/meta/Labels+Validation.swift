import APIMachinery

/// Labels and annotations elsewhere than in `metadata`.
extension ObjectMetaValidation {
  static func labels(_ labels: Value, _ path: Path, _ out: inout Findings) {
    for field in labels.fields {
      out.invalid(path, field.key.string, all: Names.isQualifiedName(field.key.string))
      out.invalid(path, field.value, all: Names.isLabelValue(field.value.string ?? ""))
    }
  }

  static func annotations(_ annotations: Value, _ path: Path, _ out: inout Findings) {
    for field in annotations.fields {
      let name = field.key.string
      out.invalid(path, name, all: Names.isQualifiedName(name.lowercased()))
    }
  }
}
