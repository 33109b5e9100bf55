public import APIMachinery
public import Basics

/// What an audit found: the manifests, what was applied last, and the stored objects, compared three ways.
/// Data only, in the order in which it is to be read.
public struct AuditReport: Sendable {
  /// Who made a field differ.
  public enum Origin: String, Sendable, CaseIterable {
    /// The manifest was changed and is not applied yet.
    case manifest
    /// The stored object was changed by somebody else than an apply.
    case outside
    /// A controller of the control plane keeps the field.
    case controller
    /// The manifest was changed and the stored object too.
    case both
    /// Nothing is known of an earlier apply, so nobody can tell.
    case unknown
  }

  /// What is the matter with one object.
  public enum Verdict: String, Sendable, CaseIterable {
    /// Stored and desired differ in some fields.
    case drifted
    /// Desired, but not stored.
    case missing
    /// Stored by an earlier apply, but no longer in the manifests.
    case extra
  }

  /// One field.
  public struct Difference: Sendable {
    /// `spec.template.spec.containers[name=web].image`.
    public var path: String
    /// Nil where the field is absent.
    public var desired: Value?
    public var lastApplied: Value?
    public var actual: Value?
    public var origin: Origin
    /// The controller, where one keeps the field.
    public var controller: String?
    /// Whether the next apply sets it to what is desired; else it stays.
    public var isReverted: Bool
    /// Values are secret and never shown.
    public var isSensitive: Bool
    public var source: Place?
    /// The reason of the baseline entry that accepts it.
    public var accepted: String?

    public init(path: String, origin: Origin, isReverted: Bool, isSensitive: Bool) {
      self.path = path
      self.origin = origin
      self.isReverted = isReverted
      self.isSensitive = isSensitive
    }
  }

  /// An object that is not as desired.
  public struct Entry: Sendable {
    public var object: ObjectName
    public var verdict: Verdict
    public var origin: Origin
    public var source: Place?
    public var differences: [Difference]
    /// The reason of the baseline entry that accepts the whole object.
    public var accepted: String?

    public init(_ object: ObjectName, _ verdict: Verdict, _ origin: Origin, source: Place? = nil) {
      self.object = object
      self.verdict = verdict
      self.origin = origin
      self.source = source
      differences = []
    }

    /// Whether everything about it is accepted.
    public var isAccepted: Bool {
      accepted != nil || (!differences.isEmpty && differences.allSatisfy { $0.accepted != nil })
    }
  }

  public var manifests: String
  public var state: PlanReport.StateReference
  public var time: Instant
  /// Objects that are as desired.
  public var inSync: Int
  public var entries: [Entry]
  /// Stored objects that no manifest describes and no controller made.
  public var unmanaged: [ObjectName]
  /// What is wrong with the baseline: entries that ran out or that nothing needs any more.
  public var baselineNotes: [String]

  public init(manifests: String, state: PlanReport.StateReference, time: Instant) {
    self.manifests = manifests
    self.state = state
    self.time = time
    inSync = 0
    entries = []
    unmanaged = []
    baselineNotes = []
  }

  /// Entries that the baseline does not accept.
  public var open: [Entry] { entries.filter { !$0.isAccepted } }

  public func count(_ verdict: Verdict) -> Int { open.count { $0.verdict == verdict } }

  public var accepted: Int { entries.count { $0.isAccepted } }
}
