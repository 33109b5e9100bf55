public import APIMachinery

/// What ends a verb, told as kubectl tells it (`kubectl/pkg/cmd/util/helpers.go`, checkErr).
public indirect enum KubectlError: Error, Sendable {
  /// The API refused.
  case api(APIError)
  /// kubectl itself refused.
  case client(String)
  /// Several things went wrong, each told on a line of its own.
  case aggregate([KubectlError])

  /// The lines for standard error, without the last line end.
  public var text: String {
    switch self {
    case .api(let error) where error.reason == .invalid: return Self.invalid(error)
    case .api, .aggregate: return message
    case .client(let text): return text.hasPrefix("error: ") ? text : "error: " + text
    }
  }

  /// The error within a line of other text.
  public var message: String {
    switch self {
    case .api(let error): return "Error from server (\(error.reason.rawValue)): \(error.message)"
    case .client(let text): return text
    case .aggregate(let errors): return errors.map(\.message).joined(separator: "\n")
    }
  }

  /// One error of what visiting several objects came to; nil if all went well.
  public static func of(_ errors: [KubectlError]) -> KubectlError? {
    errors.count > 1 ? .aggregate(errors) : errors.first
  }

  /// `The Deployment "web" is invalid: …`; several findings stand below each other.
  private static func invalid(_ error: APIError) -> String {
    var head = "The request is invalid"
    if let end = error.message.firstRange(of: "\" is invalid")?.lowerBound,
      let quote = error.message.firstIndex(of: "\""), quote < end
    {
      let kind = error.message[..<quote].split(separator: ".").first.map(String.init) ?? ""
      let name = String(error.message[error.message.index(after: quote)..<end])
      let trimmed = kind.hasSuffix(" ") ? String(kind.dropLast()) : kind
      if !trimmed.isEmpty || !name.isEmpty { head = "The \(trimmed) \"\(name)\" is invalid" }
    }
    var seen: Set<String> = []
    let causes = error.causes.map { $0.field.isEmpty ? $0.message : "\($0.field): \($0.message)" }
      .filter { seen.insert($0).inserted }
    switch causes.count {
    case 0: return head == "The request is invalid" ? "\(head): \(error.message)" : head
    case 1: return "\(head): \(causes[0])"
    default: return "\(head): \n" + causes.map { "* \($0)" }.joined(separator: "\n")
    }
  }
}
