/// Where readers differ. The default is YAML 1.2.
public struct Dialect: Sendable {
  /// Lines inside `[]`, `{}` and quotes may be indented less than the block that holds them, as
  /// libyaml and the readers derived from it allow.
  public var freeIndentation = false
  /// `\ud83d\ude00` in double quotes is one character, as in JSON.
  public var joinsSurrogates = true
  /// How deep collections may nest.
  public var maximumDepth = 1_000
  /// How long an implicit key may be, in bytes (YAML 1.2, 7.4: 1024 characters).
  public var maximumKey = 1_024
  /// `%YAML` and `%TAG` must be well-formed and declared once.
  public var checksDirectives = true

  public init() {}

  /// YAML 1.2 as its specification says.
  public static var yaml12: Dialect { Dialect() }
}
