import APIMachinery
import Basics

/// Everything that a pass decided and why: data only, in the order in which it is to be read.
public struct PlanReport: Sendable {
  /// What the plan was made from.
  public struct Inputs: Sendable {
    /// The directory or files of the manifests, as given.
    public var manifests: String
    public var documents: Int
    /// Empty where nobody asked for it.
    public var digest: String
    public init(manifests: String, documents: Int, digest: String) {
      self.manifests = manifests
      self.documents = documents
      self.digest = digest
    }
  }

  /// The state that the plan is valid for.
  public struct StateReference: Sendable {
    public var lineage: String
    public var serial: Int
    public var digest: String
    public init(lineage: String, serial: Int, digest: String) {
      self.lineage = lineage
      self.serial = serial
      self.digest = digest
    }
  }

  /// How the pass ended.
  public enum Ending: Sendable {
    /// Nothing was left to do.
    case settled
    /// The horizon came first; what is due next, in order of time.
    case horizon(pending: [String])
    /// The pass was stopped: two owners undo each other's work, or one has work without end.
    case oscillating(String)
  }

  /// Counts of the last line.
  public struct Consequences: Sendable {
    public var podsCreated = 0
    public var podsTerminated = 0
    public var podsPreempted = 0
    public var podsUnschedulable = 0
    public init() {}
  }

  public var inputs: Inputs
  public var state: StateReference
  public var begin: Instant
  public var end: Instant
  public var ending: Ending
  /// Creates, updates, replacements, deletions; objects that stay as they are are not listed.
  public var changes: [Change]
  /// Changes that no manifest asked for but the pass brought, by object (pods, sets, endpoints …).
  public var derived: [DerivedChange]
  public var consequences: Consequences
  /// Every pod that was created or ended.
  public var pods: [PodChange]
  public var nodes: [NodeCapacity]
  public var quotas: [QuotaUse]
  public var findings: [Finding]
  /// Texts of warnings that the API server would have sent.
  public var warnings: [String]
  /// Whether only a part of the manifests was looked at, and which.
  public var partial: String?
  /// Identifies the outcome: equal for a plan and its apply. Empty where nobody asked for it.
  public var digest: String

  public init(inputs: Inputs, state: StateReference, begin: Instant, end: Instant, ending: Ending) {
    self.inputs = inputs
    self.state = state
    self.begin = begin
    self.end = end
    self.ending = ending
    changes = []
    derived = []
    consequences = Consequences()
    pods = []
    nodes = []
    quotas = []
    findings = []
    warnings = []
    digest = ""
  }

  public func count(_ action: Action) -> Int { changes.count { $0.action == action } }

  /// Terraform's three numbers: a replacement adds one and destroys one.
  public var toAdd: Int { count(.create) + count(.replace) }
  public var toChange: Int { count(.update) }
  public var toDestroy: Int { count(.delete) + count(.replace) }

  /// Whether the manifests and the pass leave everything as it is.
  public var isEmpty: Bool { changes.isEmpty && derived.isEmpty }
}

/// An object that a controller made, changed or removed in the pass.
public struct DerivedChange: Sendable {
  public var object: ObjectName
  public var action: Action
  public init(object: ObjectName, action: Action) {
    self.object = object
    self.action = action
  }
}
