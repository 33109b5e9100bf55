import APIMachinery

extension SchemaCheck {
  /// Strict decoding of an object of a known kind, in the version that its apiVersion names.
  public static func check(_ object: Value, _ info: KindInfo) -> [SchemaFinding] {
    check(object, info.type(version: object.groupVersionKind.version) ?? info.type)
  }
}

extension KindInfo {
  /// The refusal (400) of an object that does not decode strictly, or nil.
  public func decodingError(_ object: Value) -> APIError? {
    SchemaFinding.refusal(
      SchemaCheck.check(object, self), version: object.groupVersionKind.version, kind: kind)
  }

  /// The object decoded and with its unconditional defaults, in its own version.
  public func decoded(_ object: Value) -> Value {
    SchemaDefault.apply(object, type(version: object.groupVersionKind.version) ?? type)
  }
}
