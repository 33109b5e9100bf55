public import APIMachinery

/// The rules that hold for the metadata of every object (`apimachinery/pkg/api/validation/objectmeta.go`).
public enum ObjectMetaValidation {
  typealias Cause = APIError.Cause
  private static let annotationLimit = 256 * 1024

  /// What is wrong; `name` gives the sentences against a name, nil leaves it unchecked.
  public static func causes(
    _ object: Value, checksPrefix: Bool = true, name rule: ((String) -> [String])?
  ) -> [APIError.Cause] {
    let meta = object[.metadata]
    var causes: [Cause] = []
    if let rule {
      if checksPrefix, let prefix = meta[.generateName].string, !prefix.isEmpty {
        let trimmed = prefix.hasSuffix("-") ? String(prefix.dropLast()) + "a" : prefix
        causes += rule(trimmed).map { invalid("metadata.generateName", prefix, $0) }
      }
      if object.name.isEmpty {
        causes.append(
          Cause(
            reason: "FieldValueRequired", message: "Required value: name or generateName is required",
            field: "metadata.name"))
      } else {
        causes += rule(object.name).map { invalid("metadata.name", object.name, $0) }
      }
    }
    causes += labels(meta[.labels]) + annotations(meta[.annotations]) + owners(meta[.ownerReferences])
    if !meta[.finalizers].isEmpty {
      let kind = GroupKind(apiVersion: object.apiVersion, kind: object.kindName)
      causes += finalizers(meta[.finalizers], needDomain: needDomain(kind))
    }
    return causes
  }

  /// What is wrong in an update of `old`, which was judged when it was written: what both share is passed over.
  static func causes(_ new: Value, replacing old: Value) -> [APIError.Cause] {
    let (meta, before) = (new[.metadata], old[.metadata])
    func differs(_ key: Key) -> Bool {
      guard let value = meta.get(key) else { return false }
      return value.identity == nil || value.identity != before[key].identity
    }
    var causes: [Cause] = []
    if differs(.labels) { causes += labels(meta[.labels]) }
    if differs(.annotations) { causes += annotations(meta[.annotations]) }
    if differs(.ownerReferences) { causes += owners(meta[.ownerReferences]) }
    if differs(.finalizers) {
      let kind = GroupKind(apiVersion: new.apiVersion, kind: new.kindName)
      causes += finalizers(meta[.finalizers], needDomain: needDomain(kind))
    }
    return causes
  }

  private static func invalid(_ field: String, _ value: String, _ why: String) -> Cause {
    let quoted = CanonicalJSON.string(.string(value))
    return Cause(reason: "FieldValueInvalid", message: "Invalid value: \(quoted): \(why)", field: field)
  }

  static func labels(_ labels: Value) -> [Cause] {
    var causes: [Cause] = []
    for field in labels.fields {
      if !SoundNames.shared.isSound(field.key) {
        causes += Names.isQualifiedName(field.key.string).map {
          invalid("metadata.labels", field.key.string, $0)
        }
      }
      if let text = field.value.text, Names.isWord(text.utf8), text.count <= 63 { continue }
      let value = field.value.string ?? ""
      causes += Names.isLabelValue(value).map { invalid("metadata.labels", value, $0) }
    }
    return causes
  }

  private static func annotations(_ annotations: Value) -> [Cause] {
    var causes: [Cause] = []
    var size = 0
    for field in annotations.fields {
      let hasCapitals = field.key.utf8.contains { $0 < 0x21 || $0 > 0x7E || $0 >= 0x41 && $0 <= 0x5A }
      if hasCapitals || !SoundNames.shared.isSound(field.key) {
        let name = hasCapitals ? field.key.string.lowercased() : field.key.string
        causes += Names.isQualifiedName(name).map {
          invalid("metadata.annotations", field.key.string, $0)
        }
      }
      size += field.key.utf8.count + (field.value.text?.count ?? 0)
    }
    if size > annotationLimit {
      causes.append(
        Cause(
          reason: "FieldValueTooLong", message: "Too long: may not be more than \(annotationLimit) bytes",
          field: "metadata.annotations"))
    }
    return causes
  }

  private static func owners(_ owners: Value) -> [Cause] {
    var causes: [Cause] = []
    var controller: String?
    for owner in owners.items {
      for (key, name) in [(Key.apiVersion, "apiVersion"), (.kind, "kind"), (.name, "name"), (.uid, "uid")]
      where owner[key].text?.count ?? 0 == 0 {
        let why = name == "apiVersion" ? "version must not be empty" : "must not be empty"
        causes.append(invalid("metadata.ownerReferences.\(name)", "", why))
      }
      let version = owner[.apiVersion].string
      if owner[.kind].says("Event"), version == "v1" || version == "events.k8s.io/v1" {
        let group = version == "v1" ? "/v1" : "events.k8s.io/v1"
        causes.append(
          Cause(
            reason: "FieldValueInvalid",
            message: "Invalid value: \(CanonicalJSON.string(owner)): \(group), Kind=Event is disallowed from "
              + "being an owner", field: "metadata.ownerReferences"))
      }
      guard owner[.controller].bool == true else { continue }
      let name = owner[.name].string ?? ""
      if let controller {
        causes.append(
          Cause(
            reason: "FieldValueInvalid",
            message:
              "Invalid value: \(CanonicalJSON.string(owners)): Only one reference can have Controller set "
              + "to true. Found \"true\" in references for \(controller) and \(name)",
            field: "metadata.ownerReferences"))
      }
      controller = name
    }
    return causes
  }

  /// The core rule for finalizers holds for built-in kinds, but not for definitions and custom objects.
  private static func needDomain(_ kind: GroupKind) -> Bool {
    !genericGroups.contains(kind.group) && Scheme.builtin.info(kind) != nil
  }

  /// Groups whose validation uses apimachinery's rules for metadata, not those of the core group.
  private static let genericGroups: Set<String> = [
    "admissionregistration.k8s.io", "apiextensions.k8s.io", "apiregistration.k8s.io",
    "node.k8s.io",
  ]

  static let standardFinalizers: Set<String> = ["kubernetes", "orphan", "foregroundDeletion"]

  private static func finalizers(_ finalizers: Value, needDomain: Bool) -> [Cause] {
    var causes: [Cause] = []
    var names: Set<String> = []
    for (i, finalizer) in finalizers.items.compactMap(\.string).enumerated() {
      names.insert(finalizer)
      causes += Names.isQualifiedName(finalizer).map { invalid("metadata.finalizers", finalizer, $0) }
      if needDomain && !finalizer.contains("/") && !standardFinalizers.contains(finalizer) {
        causes.append(
          invalid(
            "metadata.finalizers[\(i)]", finalizer,
            "name is neither a standard finalizer name nor is it fully qualified"))
      }
    }
    if names.contains("orphan") && names.contains("foregroundDeletion") {
      causes.append(
        Cause(
          reason: "FieldValueInvalid",
          message:
            "Invalid value: \(CanonicalJSON.string(finalizers)): finalizer orphan and foregroundDeletion "
            + "cannot be both set", field: "metadata.finalizers"))
    }
    return causes
  }
}
