/// What one place of an object may hold: the type behind check, defaults, merge and diff, for built-in kinds
/// and custom ones alike. Made once (by `SchemaLibrary` or from a CRD) and never changed afterwards.
public final class SchemaType: @unchecked Sendable {
  public enum Shape: UInt8, Sendable {
    /// Anything, kept as it is (`runtime.RawExtension`, `x-kubernetes-preserve-unknown-fields`).
    case any
    /// An object with named fields.
    case object
    /// An object whose keys are data.
    case map
    case list
    case string, bool, int32, int64, double
    /// `resource.Quantity`, `intstr.IntOrString`, `metav1.Time`, `metav1.MicroTime`.
    case quantity, intOrString, time, microTime
    /// Bytes as base64.
    case bytes
    /// `JSONSchemaPropsOrArray`, `…OrBool`, `…OrStringArray`.
    case schemaOrArray, schemaOrBool, schemaOrStrings
  }

  /// `x-kubernetes-list-type`.
  public enum ListType: UInt8, Sendable { case atomic, set, map }

  public let shape: Shape
  /// The Go name of a struct with its package (`v1.Container`), as decoding errors write it.
  public internal(set) var name = ""
  /// Fields in key order.
  public internal(set) var fields: [SchemaField] = []
  /// Type of a list's items or a map's values.
  public internal(set) var element: SchemaType?
  /// How a list merges under server-side apply; nil where nothing is said (atomic).
  public internal(set) var listType: ListType?
  public internal(set) var listKeys: [Key] = []
  /// `x-kubernetes-map-type: atomic`.
  public internal(set) var isAtomicMap = false
  /// The allowed values of an enumeration; empty if any.
  public internal(set) var allowed: [String] = []
  /// A struct with nothing given: its defaults and what is always printed.
  public internal(set) var zero = Value.emptyObject
  /// What a CRD says besides (pattern, bounds, …); nil for built-in types.
  public internal(set) var rules: SchemaRules?

  public init(_ shape: Shape) { self.shape = shape }

  /// The field `key`, or nil.
  public func field(_ key: Key) -> SchemaField? {
    var low = 0
    var high = fields.count
    while low < high {
      let middle = (low + high) / 2
      let at = fields[middle].key
      if at == key { return fields[middle] }
      if at < key { low = middle + 1 } else { high = middle }
    }
    return nil
  }

  /// The type at a dotted path of field names; lists and maps are entered without a step.
  public func type(at path: Key...) -> SchemaType? {
    var type = self
    for key in path {
      while type.shape == .list || type.shape == .map, let element = type.element { type = element }
      guard let field = type.field(key) else { return nil }
      type = field.type
    }
    return type
  }
}

/// One field of an object type.
public final class SchemaField: @unchecked Sendable {
  /// When the field is printed, which is what Go's `omitempty` and pointers decide.
  public enum Presence: UInt8, Sendable {
    /// A value with omitempty: left out when zero.
    case nonzero
    /// A pointer: left out when absent, a given zero stays.
    case given
    /// Always printed, its zero too.
    case always
  }

  /// `x-kubernetes-patch-strategy`.
  public struct PatchStrategy: OptionSet, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    public static let merge = PatchStrategy(rawValue: 1)
    public static let replace = PatchStrategy(rawValue: 2)
    public static let retainKeys = PatchStrategy(rawValue: 4)
  }

  public let key: Key
  public let type: SchemaType
  public internal(set) var isRequired = false
  public internal(set) var presence = Presence.given
  /// A pointer without omitempty: null is printed where none is given.
  public internal(set) var printsNull = false
  /// The value where none is given, if that depends on nothing else.
  public internal(set) var defaultValue: Value?
  public internal(set) var patchStrategy: PatchStrategy = []
  public internal(set) var patchMergeKey: Key?
  /// Replaced as a whole although its type is an object.
  public internal(set) var isAtomic = false
  /// What stands here if nothing is given: the default, the zero of what is always printed, or nil.
  public internal(set) var absent: Value?
  /// The Go struct that is embedded here without a name of its own.
  public internal(set) var embedded: String?

  public init(_ key: Key, _ type: SchemaType) {
    self.key = key
    self.type = type
  }
}

/// Facets of a CRD's schema that built-in types do not have.
public final class SchemaRules: @unchecked Sendable {
  public internal(set) var nullable = false
  public internal(set) var preservesUnknown = false
  public internal(set) var isEmbeddedResource = false
  /// Whether there are CEL rules here or below.
  public internal(set) var hasRules = false
  /// The schema itself, for the rules that validation reads from it.
  public internal(set) var source = Value.null

  public init() {}
}
