import API
import APIMachinery
import Basics

/// Parts that a write makes alike for many pods, made once and shared: the status of pods that are bound at one
/// instant, the labels of pods of one template in one zone.
struct SharedParts {
  private struct Place: Hashable {
    var labels: ObjectIdentifier
    var zone: UInt64
    var region: UInt64
  }
  private static let most = 4096
  private var statuses: [HashKey: (old: Value, generation: Int, new: Value)] = [:]
  private var instant = Instant(nanoseconds: .min)
  private var labels: [Place: (old: Value, new: Value)] = [:]

  /// The labels with those of the node's place; nil where that changes nothing.
  mutating func labels(_ old: Value, of node: Value?) -> Value? {
    guard let node else { return nil }
    let known = node[.metadata, .labels]
    let (zone, region) = (known[PodTopologyLabels.zone], known[PodTopologyLabels.region])
    if zone.isNull && region.isNull { return nil }
    guard let identity = old.identity else { return PodTopologyLabels.labels(old, from: node) }
    let place = Place(labels: identity, zone: zone.hash, region: region.hash)
    if let made = labels[place] { return made.new == old ? nil : made.new }
    let new = PodTopologyLabels.labels(old, from: node) ?? old
    if labels.count >= Self.most { labels = [:] }
    labels[place] = (old, new)
    return new == old ? nil : new
  }

  /// The status of a pod that gets its node (`BindingREST.setPodNodeAndMetadata`).
  mutating func boundStatus(_ pod: Value, _ now: Instant) -> Value {
    let old = pod[.status]
    if now != instant || statuses.count >= Self.most {
      statuses.removeAll(keepingCapacity: true)
      instant = now
    }
    let generation = pod.generation
    let place = old.identity.map(HashKey.init)
    if let place, let made = statuses[place], made.generation == generation { return made.new }
    var conditions = old[.conditions]
    var scheduled = Condition.make("PodScheduled", true, observedGeneration: generation)
    scheduled[.lastProbeTime] = .null
    Condition.set(scheduled, in: &conditions, now: now)
    // A pod that has its node needs no nomination any more (ClearingNominatedNodeNameAfterBinding).
    let new = old.setting(.conditions, conditions).removing(.nominatedNodeName)
    if let place { statuses[place] = (old, generation, new) }
    return new
  }
}
