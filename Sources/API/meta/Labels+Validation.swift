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

  /// `ValidateTemplateObjectMeta`: only labels and annotations may be given.
  static func template(_ metadata: Value, _ path: Path, _ out: inout Findings) {
    annotations(metadata[.annotations], path.child("annotations"), &out)
    labels(metadata[.labels], path.child("labels"), &out)
    for field in metadata.fields
    where field.key != .annotations && field.key != .labels && field.key != .creationTimestamp {
      out.forbidden(path.child(field.key.string), "cannot be set")
    }
  }
}
