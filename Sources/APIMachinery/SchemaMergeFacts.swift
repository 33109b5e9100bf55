/// A type's facts for merging: `patchStrategy` and `patchMergeKey` of its fields, list types and keys.
extension SchemaType: MergeFacts {
  public func mergeField(_ key: Key) -> FieldMergeFacts? {
    if shape == .map { return FieldMergeFacts(type: element) }
    guard let field = field(key) else { return nil }
    let strategy: FieldMergeFacts.Strategy =
      field.patchStrategy.contains(.merge)
      ? .merge : field.patchStrategy.contains(.replace) ? .replace : .standard
    return FieldMergeFacts(
      strategy: strategy, retainKeys: field.patchStrategy.contains(.retainKeys),
      mergeKey: field.patchMergeKey,
      type: field.type)
  }

  public var listKind: ListKind {
    switch listType {
    case .map: .map(listKeys)
    case .set: .set
    case .atomic, nil: .atomic
    }
  }

  public var itemFacts: (any MergeFacts)? { element }
}
