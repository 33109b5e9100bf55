import APIMachinery

/// Which state, and at which point of its history: what a saved plan remembers of the state that it was made for.
public struct StateLineage: Hashable, Sendable {
  public var lineage: String
  public var serial: Int
  /// SHA-256 over the state's content, so that edits by hand are noticed too.
  public var digest: String

  public init(lineage: String, serial: Int, digest: String) {
    self.lineage = lineage
    self.serial = serial
    self.digest = digest
  }

  private static let lineageKey = Key("lineage")
  private static let serialKey = Key("serial")
  private static let digestKey = Key("digest")

  public init?(_ value: Value) {
    guard let lineage = value[Self.lineageKey].string, let serial = value[Self.serialKey].int,
      let digest = value[Self.digestKey].string
    else { return nil }
    self.init(lineage: lineage, serial: serial, digest: digest)
  }

  public var value: Value {
    .fields(
      (Self.lineageKey, .string(lineage)), (Self.serialKey, .int(serial)), (Self.digestKey, .string(digest)))
  }

  /// Refuses a plan made at `self` for the state that is now at `current`.
  public func check(against current: StateLineage, path: String) throws(StateError) {
    if lineage != current.lineage {
      throw StateError(
        .foreignLineage,
        "this state has lineage \(current.lineage), the plan was made for lineage \(lineage)", path: path,
        remedy: "Make the plan again with this state, or name the other one with --state.")
    }
    if serial != current.serial {
      throw StateError(
        .stale, "the state is at serial \(current.serial), the plan was made at serial \(serial)", path: path,
        remedy: "Make the plan again.")
    }
    if digest != current.digest {
      throw StateError(
        .stale, "files of the state were changed by hand since the plan was made", path: path,
        remedy: "Make the plan again.")
    }
  }
}
