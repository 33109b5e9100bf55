/// A refusal of the API, as `metav1.Status` has it. Messages are the API server's own.
public struct APIError: Error, Hashable, Sendable {
  /// `metav1.StatusReason` with its HTTP code.
  public enum Reason: String, Sendable {
    case badRequest = "BadRequest"
    case unauthorized = "Unauthorized"
    case forbidden = "Forbidden"
    case notFound = "NotFound"
    case alreadyExists = "AlreadyExists"
    case conflict = "Conflict"
    case gone = "Gone"
    case invalid = "Invalid"
    case tooManyRequests = "TooManyRequests"
    case methodNotAllowed = "MethodNotAllowed"
    case requestEntityTooLarge = "RequestEntityTooLarge"
    case unsupportedMediaType = "UnsupportedMediaType"
    case internalError = "InternalError"

    public var code: Int {
      switch self {
      case .badRequest: 400
      case .unauthorized: 401
      case .forbidden: 403
      case .notFound: 404
      case .methodNotAllowed: 405
      case .alreadyExists, .conflict: 409
      case .gone: 410
      case .requestEntityTooLarge: 413
      case .unsupportedMediaType: 415
      case .invalid: 422
      case .tooManyRequests: 429
      case .internalError: 500
      }
    }
  }

  /// `metav1.StatusCause`: one finding of a validation.
  public struct Cause: Hashable, Sendable {
    /// `FieldValueInvalid`, `FieldValueRequired`, …
    public var reason: String
    public var message: String
    /// The field path, `spec.containers[0].name`.
    public var field: String
    public init(reason: String, message: String, field: String) {
      self.reason = reason
      self.message = message
      self.field = field
    }
  }

  public var reason: Reason
  public var message: String
  public var causes: [Cause]
  /// The fields of the manifest that a refusal without causes is about; no part of what the API server says.
  public var places: [Place] = []

  /// A field by its path, and the name that was probably meant.
  public struct Place: Hashable, Sendable {
    public var path: String
    public var suggestion: String?
  }

  public init(_ reason: Reason, _ message: String, causes: [Cause] = []) {
    self.reason = reason
    self.message = message
    self.causes = causes
  }

  public static func == (a: APIError, b: APIError) -> Bool {
    a.reason == b.reason && a.message == b.message && a.causes == b.causes
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(reason)
    hasher.combine(message)
    hasher.combine(causes)
  }

  public var code: Int { reason.code }

  /// `deployments.apps "web" not found`. `resource` is the plural with its group.
  public static func notFound(_ resource: String, _ name: String) -> APIError {
    APIError(.notFound, "\(resource) \"\(name)\" not found")
  }
  public static func alreadyExists(_ resource: String, _ name: String) -> APIError {
    APIError(.alreadyExists, "\(resource) \"\(name)\" already exists")
  }
  public static func forbidden(_ resource: String, _ name: String, _ why: String) -> APIError {
    APIError(.forbidden, "\(resource) \"\(name)\" is forbidden: \(why)")
  }
  /// The object was changed since it was read.
  public static func conflict(_ resource: String, _ name: String) -> APIError {
    APIError(
      .conflict,
      "Operation cannot be fulfilled on \(resource) \"\(name)\": the object has been modified; "
        + "please apply your changes to the latest version and try again")
  }
  /// `Pod "x" is invalid: <one cause, or [a, b]>` from the findings in their order; `kind` as `Kind.group`.
  public static func invalid(_ kind: String, _ name: String, _ causes: [Cause]) -> APIError {
    // Equal texts are told once, as an aggregate of errors does.
    var seen: Set<String> = []
    let texts = causes.map { "\($0.field): \($0.message)" }.filter { seen.insert($0).inserted }
    let all = texts.count == 1 ? texts[0] : "[" + texts.joined(separator: ", ") + "]"
    return APIError(.invalid, "\(kind) \"\(name)\" is invalid: \(all)", causes: causes)
  }
}
