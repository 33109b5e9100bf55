import APIMachinery

/// `apimachinery/pkg/api/validation/objectmeta.go`.
enum ObjectMetaValidation {
  private static let annotationLimit = 256 * 1024

  static func create(_ meta: Value, _ rule: NameRule, _ namespaced: Bool, _ out: inout Findings) {
    validate(meta, rule, namespaced, Path.metadata, &out)
  }

  static func validate(
    _ meta: Value, _ rule: NameRule, _ namespaced: Bool, _ path: Path, _ out: inout Findings
  ) {
    let prefix = meta[.generateName].string ?? ""
    if !prefix.isEmpty {
      out.invalid(path.child("generateName"), prefix, all: rule.problems(prefix, isPrefix: true))
    }
    let name = meta[.name].string ?? ""
    if name.isEmpty {
      out.required(path.child("name"), "name or generateName is required")
    } else {
      out.invalid(path.child("name"), name, all: rule.problems(name, isPrefix: false))
    }
    let namespace = meta[.namespace].string ?? ""
    if namespaced {
      if namespace.isEmpty {
        out.required(path.child("namespace"))
      } else {
        out.invalid(path.child("namespace"), namespace, all: Names.isDNS1123Label(namespace))
      }
    } else if !namespace.isEmpty {
      out.forbidden(path.child("namespace"), "not allowed on this type")
    }
    common(meta, path, &out)
  }

  /// `ValidateObjectMetaAccessorUpdate`: name, namespace and uid are held by the server before this.
  static func update(_ new: Value, _ old: Value, _ out: inout Findings) {
    out.immutable(Path.metadata.child("name"), new[.name], old[.name])
    out.immutable(Path.metadata.child("namespace"), new[.namespace], old[.namespace])
    common(new, Path.metadata, &out)
  }

  private static func common(_ meta: Value, _ path: Path, _ out: inout Findings) {
    out.nonNegative(path.child("generation"), meta[.generation])
    labels(meta[.labels], path.child("labels"), &out)
    annotations(meta[.annotations], path.child("annotations"), &out)
    owners(meta[.ownerReferences], path.child("ownerReferences"), &out)
    for (i, finalizer) in meta[.finalizers].items.enumerated() {
      let place = path.child("finalizers")
      let text = finalizer.string ?? ""
      let problems = Names.isQualifiedName(text)
      out.invalid(place, finalizer, all: problems)
      if problems.isEmpty, !text.contains("/"), !standardFinalizers.contains(text) {
        out.invalid(
          place.index(i), finalizer, "name is neither a standard finalizer name nor is it fully qualified")
      }
    }
  }

  private static let standardFinalizers: Set<String> = ["kubernetes", "orphan", "foregroundDeletion"]

  static func labels(_ labels: Value, _ path: Path, _ out: inout Findings) {
    for field in labels.fields {
      out.invalid(path, field.key.string, all: Names.isQualifiedName(field.key.string))
      out.invalid(path, field.value, all: Names.isLabelValue(field.value.string ?? ""))
    }
  }

  static func annotations(_ annotations: Value, _ path: Path, _ out: inout Findings) {
    var total = 0
    for field in annotations.fields {
      let name = field.key.string
      out.invalid(path, name, all: Names.isQualifiedName(name.lowercased()))
      total += name.utf8.count + (field.value.text?.count ?? 0)
    }
    if total > annotationLimit { out.tooLong(path, most: annotationLimit) }
  }

  private static func owners(_ owners: Value, _ path: Path, _ out: inout Findings) {
    var controller: String?
    for (i, owner) in owners.items.enumerated() {
      let place = path.index(i)
      let version = owner[.apiVersion].string ?? ""
      if version.isEmpty {
        out.invalid(place.child("apiVersion"), version, "version must not be empty")
      }
      if owner[.kind].string?.isEmpty ?? true { out.invalid(place.child("kind"), "", "must not be empty") }
      if owner[.name].string?.isEmpty ?? true { out.invalid(place.child("name"), "", "must not be empty") }
      if owner[.uid].string?.isEmpty ?? true { out.invalid(place.child("uid"), "", "must not be empty") }
      guard owner[.controller].bool == true else { continue }
      let text = "\(owner[.kind].string ?? "")/\(owner[.name].string ?? "")"
      if let controller {
        out.invalid(
          path, owners,
          "Only one reference can have Controller set to true. Found \"true\" in references for \(controller) "
            + "and \(text)")
      } else {
        controller = text
      }
    }
  }
}
