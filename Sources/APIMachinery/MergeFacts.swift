/// What merging and comparing must know of a type: how its lists are keyed and how kubectl's patches treat its
/// fields. `SchemaType` conforms; tests bring their own.
public protocol MergeFacts: Sendable {
  /// What is known of the field `key` (or of a map's values); nil for an unknown field.
  func mergeField(_ key: Key) -> FieldMergeFacts?
  /// How items of this list are told apart under `x-kubernetes-list-type`.
  var listKind: ListKind { get }
  /// The type of a list's items.
  var itemFacts: (any MergeFacts)? { get }
}

/// `x-kubernetes-list-type` with `x-kubernetes-list-map-keys`.
public enum ListKind: Hashable, Sendable {
  case atomic
  case set
  case map([Key])
}

/// One field's type with its `patchStrategy` and `patchMergeKey`.
public struct FieldMergeFacts: Sendable {
  public enum Strategy: Sendable { case standard, merge, replace }
  public var strategy: Strategy
  public var retainKeys: Bool
  public var mergeKey: Key?
  public var type: (any MergeFacts)?
  public init(
    strategy: Strategy = .standard, retainKeys: Bool = false, mergeKey: Key? = nil,
    type: (any MergeFacts)? = nil
  ) {
    self.strategy = strategy
    self.retainKeys = retainKeys
    self.mergeKey = mergeKey
    self.type = type
  }
}

/// Why documents cannot be merged; the text is that of Kubernetes where it has one.
public struct MergeError: Error, Hashable, Sendable, CustomStringConvertible {
  public var message: String
  public init(_ message: String) { self.message = message }
  public var description: String { message }
}
