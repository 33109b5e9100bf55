import APIMachinery

/// The CustomResourceDefinition object itself
/// (`apiextensions-apiserver/pkg/apis/apiextensions/v1/defaults.go`,
/// `pkg/registry/customresourcedefinition/strategy.go` and the naming and establishing controllers).
public enum CustomDefinition {
  /// Names that follow from the kind.
  public static func defaults(_ crd: inout Value) {
    var names = crd[.spec][.names]
    guard names.isObject, let kind = names[.kind].string, !kind.isEmpty else { return }
    if names[.singular].string ?? "" == "" { names[.singular] = .string(kind.lowercased()) }
    if names[.listKind].string ?? "" == "" { names[.listKind] = .string(kind + "List") }
    crd[.spec][.names] = names
  }

  /// The status of a new definition: nothing accepted yet, the storage version stored.
  public static func prepareForCreate(_ crd: inout Value) {
    let storage = crd[.spec][.versions].items.first { $0[.storage].bool == true }
    let stored = storage.map { [$0[.name]] }
    crd[.status] = [
      "acceptedNames": ["kind": "", "plural": ""], "conditions": .null,
      "storedVersions": stored.map { .array($0) } ?? .null,
    ]
  }

  /// The old status stays; a new storage version joins the stored ones.
  public static func prepareForUpdate(_ crd: inout Value, old: Value) {
    crd[.status] = old[.status]
    guard let storage = crd[.spec][.versions].items.first(where: { $0[.storage].bool == true })?[.name] else {
      return
    }
    let stored = crd[.status][.storedVersions]
    if !stored.items.contains(storage) {
      crd[.status][.storedVersions] = .array(Array(stored.items) + [storage])
    }
  }

  /// The definition as the naming and establishing controllers leave it, if no other kind of its group has
  /// its names; `now` is an RFC 3339 time. The same value if it is established already.
  public static func established(_ crd: Value, now: String) -> Value {
    let names = crd[.spec][.names]
    if crd[.status][.acceptedNames] == names, crd.condition("Established")?[.status].string == "True" {
      return crd
    }
    var result = crd
    result[.status][.acceptedNames] = names
    let made: [(String, String, String)] = [
      ("NamesAccepted", "NoConflicts", "no conflicts found"),
      ("Established", "InitialNamesAccepted", "the initial names have been accepted"),
    ]
    result[.status][.conditions] = .array(
      made.map { type, reason, message in
        Value.fields(
          (.lastTransitionTime, .string(now)), (.message, .string(message)), (.reason, .string(reason)),
          (.status, "True"), (.type, .string(type)))
      })
    return result
  }
}
