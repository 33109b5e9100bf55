import API
import APIMachinery
import APIServer
import Basics
public import Cluster
import ManifestReader
import Store

/// What one pass starts from.
public struct PassInput {
  public var manifests: [Manifest]
  /// The directory or files, for the report.
  public var manifestsName: String
  /// The stored objects; never written.
  public var base: ObjectStore
  public var isNewState: Bool
  public var lineage: String
  public var serial: Int
  public var stateDigest: String
  public var seed: UInt64
  public var resourceVersion: Int
  /// Objects that an earlier apply made from manifests.
  public var inventory: [ObjectKey]
  /// What components kept in mind.
  public var memory: Value
  public var now: Instant
  public var horizon: Nanoseconds
  public var assumptions: Assumptions
  /// How the scheduler is configured.
  public var scheduler: SchedulerConfiguration
  /// Objects that are taken away before the manifests are applied: a what-if.
  public var removals: [ObjectKey]
  public var prune: Bool
  public var keepGoing: Bool
  /// Delete and create anew what cannot be changed.
  public var replaces: Bool
  /// Apply server-side, with an owner for each field; nil for kubectl's client-side apply.
  public var serverSide: ServerSideApply?
  /// A namespace for namespaced documents that name none.
  public var namespace: String?
  /// The stored objects are, byte for byte, what the last commit wrote. Where that left nothing to be done, only what
  /// the change set touches is looked at; else everything is.
  public var isAsWritten = false
  /// The report is to carry the digests of the manifests and of the outcome, for which all of both is read.
  public var wantsDigests = true
  /// The process ends with this pass: what it held in memory is not taken apart, object by object, before that.
  public var isLast = false
  /// Is told of the course of the pass, for measurements.
  public var probe: (any PassProbe)?

  public init(manifests: [Manifest], manifestsName: String, base: ObjectStore, now: Instant) {
    self.manifests = manifests
    self.manifestsName = manifestsName
    self.base = base
    self.now = now
    isNewState = true
    lineage = ""
    serial = 0
    stateDigest = ""
    seed = 0
    resourceVersion = 0
    inventory = []
    memory = .null
    horizon = .seconds(900)
    assumptions = Assumptions()
    scheduler = .standard
    removals = []
    prune = true
    keepGoing = false
    replaces = false
  }
}

/// Watches a pass, for measurements.
public protocol PassProbe: LoopProbe {
  /// The components of the loop by position.
  func components(_ names: [String])
  /// A part of the pass is over.
  func phase(_ name: String)
}

/// What a document of the manifests came to.
struct Written {
  var key: ObjectKey
  var manifest: Manifest
  var wave: Int
  var before: Value?
  var after: Value
  var replaced: Bool
}
