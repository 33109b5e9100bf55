import APIMachinery

/// A place in an object while it is validated, written `spec.containers[0].name`; made text only when told.
final class Path: Sendable {
  private enum Step {
    case field(String)
    case key(Key)
    case index(Int)
    case bracket(String)
  }
  private let parent: Path?
  private let step: Step

  init(_ name: String) {
    parent = nil
    step = .field(name)
  }

  private init(_ parent: Path, _ step: Step) {
    self.parent = parent
    self.step = step
  }

  func child(_ name: String) -> Path { Path(self, .field(name)) }
  func child(_ key: Key) -> Path { Path(self, .key(key)) }
  func index(_ i: Int) -> Path { Path(self, .index(i)) }
  func key(_ key: String) -> Path { Path(self, .bracket(key)) }

  static let spec = Path("spec")
  static let metadata = Path("metadata")

  var text: String {
    let before = parent?.text ?? ""
    return switch step {
    case .field(let name): parent == nil ? name : "\(before).\(name)"
    case .key(let key): parent == nil ? key.string : "\(before).\(key)"
    case .index(let i): "\(before)[\(i)]"
    case .bracket(let key): "\(before)[\(key)]"
    }
  }
}

/// What a validation finds, in order (`apimachinery/pkg/util/validation/field.ErrorList`).
struct Findings {
  private(set) var causes: [APIError.Cause] = []

  var isEmpty: Bool { causes.isEmpty }

  mutating func append(_ more: [APIError.Cause]) { causes += more }

  mutating func add(_ reason: String, _ path: @autoclosure () -> Path, _ message: String) {
    causes.append(APIError.Cause(reason: reason, message: message, field: path().text))
  }

  /// `value` as the message shows it: text in quotes, everything else as JSON.
  mutating func invalid(_ path: @autoclosure () -> Path, _ value: Value, _ why: String) {
    add("FieldValueInvalid", path(), "Invalid value: \(CanonicalJSON.string(value)): \(why)")
  }
  mutating func invalid(_ path: @autoclosure () -> Path, _ value: String, _ why: String) {
    invalid(path(), .string(value), why)
  }
  /// A value that is printed as it is.
  mutating func invalid(_ path: @autoclosure () -> Path, shown: String, _ why: String) {
    add("FieldValueInvalid", path(), "Invalid value: \(shown): \(why)")
  }
  mutating func invalid(_ path: @autoclosure () -> Path, _ value: Value, all whys: [String]) {
    for why in whys { invalid(path(), value, why) }
  }
  mutating func invalid(_ path: @autoclosure () -> Path, _ value: String, all whys: [String]) {
    for why in whys { invalid(path(), .string(value), why) }
  }
  mutating func required(_ path: @autoclosure () -> Path, _ why: String = "") {
    add("FieldValueRequired", path(), why.isEmpty ? "Required value" : "Required value: \(why)")
  }
  mutating func forbidden(_ path: @autoclosure () -> Path, _ why: String) {
    add("FieldValueForbidden", path(), "Forbidden: \(why)")
  }
  mutating func duplicate(_ path: @autoclosure () -> Path, _ value: Value) {
    add("FieldValueDuplicate", path(), "Duplicate value: \(CanonicalJSON.string(value))")
  }
  mutating func notFound(_ path: @autoclosure () -> Path, _ value: Value) {
    add("FieldValueNotFound", path(), "Not found: \(CanonicalJSON.string(value))")
  }
  mutating func notSupported(_ path: @autoclosure () -> Path, _ value: Value, _ supported: [String]) {
    notSupported(path(), shown: CanonicalJSON.string(value), supported)
  }
  mutating func notSupported(_ path: @autoclosure () -> Path, shown: String, _ supported: [String]) {
    let list = supported.map { CanonicalJSON.string(.string($0)) }.joined(separator: ", ")
    let tail = supported.isEmpty ? "" : ": supported values: \(list)"
    add("FieldValueNotSupported", path(), "Unsupported value: \(shown)\(tail)")
  }
  mutating func tooLong(_ path: @autoclosure () -> Path, most: Int) {
    add("FieldValueTooLong", path(), "Too long: may not be more than \(most) bytes")
  }
  mutating func tooMany(_ path: @autoclosure () -> Path, _ count: Int, most: Int) {
    add("FieldValueTooMany", path(), "Too many: \(count): must have at most \(most) items")
  }

  // MARK: - Small rules

  /// `ValidateNonnegativeField`.
  mutating func nonNegative(_ path: @autoclosure () -> Path, _ value: Value) {
    if let n = value.int, n < 0 { invalid(path(), value, "must be greater than or equal to 0") }
  }

  /// A value that has to be one of a few.
  mutating func oneOf(_ path: @autoclosure () -> Path, _ value: Value, _ supported: [String]) {
    guard let text = value.string, supported.contains(text) else {
      notSupported(path(), value.isNull ? "" : value, supported)
      return
    }
  }

  /// `apivalidation.ValidateImmutableField`.
  mutating func immutable(_ path: @autoclosure () -> Path, _ new: Value, _ old: Value) {
    if new != old { invalid(path(), new, "field is immutable") }
  }
}
