/// What a plan does with one object. The raw values are the words of Terraform's plan format.
public enum Action: String, Sendable, CaseIterable {
  case create, update, replace, delete
  case noop = "no-op"

  /// The mark in front of the object in text.
  public var symbol: String {
    switch self {
    case .create: "+"
    case .update: "~"
    case .replace: "-/+"
    case .delete: "-"
    case .noop: " "
    }
  }

  /// `change.actions` of Terraform's JSON.
  public var jsonActions: [String] {
    switch self {
    case .replace: ["delete", "create"]
    default: [rawValue]
    }
  }
}

/// Why: a closed list.
public enum ActionReason: String, Sendable {
  /// The manifests hold an object that the state has not.
  case notInState = "not_in_state"
  /// The manifest asks for other values than are stored.
  case fieldsChanged = "fields_changed"
  /// A field that cannot be changed was changed and replacing was allowed.
  case replaceBecauseImmutable = "replace_because_cannot_update"
  /// An earlier apply made it and the manifests no longer hold it.
  case notInManifests = "delete_because_not_in_manifests"
  /// Stored as the manifest has it.
  case upToDate = "up_to_date"
  /// The API refused it.
  case refused = "refused"

  /// For a reader of the text.
  public var sentence: String {
    switch self {
    case .notInState: "new in the manifests"
    case .fieldsChanged: "changed in the manifests"
    case .replaceBecauseImmutable: "an immutable field changes"
    case .notInManifests: "no longer in the manifests"
    case .upToDate: "up to date"
    case .refused: "refused"
    }
  }
}

/// What changing a field brings about.
public enum FieldEffect: String, Sendable {
  case inPlace = "in place"
  case forcesRollout = "forces rollout"
  case forcesReplacement = "forces replacement"
  case scales = "scales"
}
