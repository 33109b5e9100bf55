import APIMachinery
import Basics
import ManifestReader

/// A refusal of the API as diagnostics that point into the manifest.
public enum Refusals {
  /// One diagnostic for the refusal, with a note for each further cause and its place.
  public static func diagnostics(_ error: APIError, _ manifest: Manifest, exists: Bool) -> [Diagnostic] {
    let causes = error.causes.filter { !$0.field.isEmpty && $0.field != "<nil>" }
    let path = causes.first?.field ?? error.places.first?.path
    let first = path.map { manifest.spans.span(path: $0) }
    let span = first ?? manifest.spans.span([])
    var remedy: String?
    if exists, error.causes.contains(where: { $0.message.contains("field is immutable") }) {
      remedy = "keep the field as it is, or pass --replace to delete the object and create it anew"
    }
    if error.causes.contains(where: { $0.reason == "FieldManagerConflict" }) {
      remedy =
        "pass --force-conflicts to manage these fields, leave them out of the manifest to keep their managers, "
        + "or give them the existing values to co-own them"
    }
    if causes.isEmpty, let meant = error.places.first?.suggestion { remedy = "did you mean `\(meant)`?" }
    let others = causes.isEmpty ? error.places.dropFirst() : []
    let notes =
      causes.dropFirst().map {
        Diagnostic.Note("\($0.field): \($0.message)", at: manifest.spans.place(path: $0.field))
      }
      + others.map { place in
        Diagnostic.Note(
          place.path + (place.suggestion.map { ": did you mean `\($0)`?" } ?? ""),
          at: manifest.spans.place(path: place.path))
      }
    return [
      Diagnostic(
        .error, code(error), error.message, at: span.place, remedy: remedy, notes: Array(notes),
        excerpt: span.excerpt)
    ]
  }

  /// What the API server warns of, each at the field that it names.
  public static func warnings(_ texts: [String], _ manifest: Manifest) -> [Diagnostic] {
    texts.map { text in
      let path = text.firstRange(of: ": ").map { String(text[..<$0.lowerBound]) } ?? ""
      let isPath = !path.isEmpty && !path.contains(" ")
      let span = isPath ? manifest.spans.span(path: path) : manifest.spans.span([])
      return Diagnostic(.warning, "api-warning", text, at: span.place)
    }
  }

  static func code(_ error: APIError) -> String {
    switch error.reason {
    case .badRequest: "bad-request"
    case .invalid: "invalid"
    case .forbidden: "forbidden"
    case .notFound: "not-found"
    case .conflict: "conflict"
    case .alreadyExists: "already-exists"
    default: "refused"
    }
  }
}
