import APIMachinery
import Basics
import ControllerRuntime
import Store

/// Components of a cluster at rest, which know nothing yet of what is there: a component is told when something that
/// it watches changes for the first time, and not before. Nothing was due when the objects were written, so nobody
/// has to look at all of them again.
///
/// What reaches no further than a namespace is told of one namespace at a time, all such components together, since
/// some of them share what they know.
final class Sleepers {
  private let components: [any Component]
  private let objects: ObjectStore
  /// In the order in which they are told.
  private let kinds: [GroupKind]
  private let start: Instant
  private var isAwake: [Bool]
  private let near: [Int]
  private var told: Set<Key> = []
  private(set) var isDone = false

  /// `objects` are as they were when nothing was due; `start` is when the pass begins.
  init(_ components: [any Component], _ objects: ObjectStore, kinds: [GroupKind], start: Instant) {
    self.components = components
    self.objects = objects
    self.kinds = kinds.filter { objects.count($0) > 0 }
    self.start = start
    isAwake = Array(repeating: false, count: components.count)
    near = components.indices.filter { components[$0].reach == .namespace }
  }

  /// Tells those who are about to see the event of what they need to know for it.
  /// True if anybody was told anything.
  func wake(_ watchers: [Int], for event: WatchEvent) -> Bool {
    var isNear = false
    var anybody = false
    for i in watchers where !isAwake[i] {
      if components[i].reach == .namespace {
        isNear = true
      } else {
        isAwake[i] = true
        anybody = true
        tell([i]) { _ in true }
      }
    }
    if isNear {
      let namespace = event.key.kind == .namespace ? event.key.name : event.key.namespace
      if wakeNear(namespace) { anybody = true }
    }
    if anybody { isDone = isAwake.allSatisfy { $0 } }
    return anybody
  }

  private func wakeNear(_ namespace: Key) -> Bool {
    if namespace.isEmpty {
      // What has no namespace may concern all of them.
      for i in near { isAwake[i] = true }
      tell(near) { !self.told.contains($0) }
      return true
    }
    if told.insert(.empty).inserted { tell(near) { $0.isEmpty } }
    let isNew = told.insert(namespace).inserted
    if isNew { tell(near) { $0 == namespace } }
    return isNew
  }

  /// What the lines of the stored pods say: read once, on several cores, and not made.
  private(set) var podLines: [PodLines]?

  /// Tells it of all stored pods; the first one who asks is told of some while the others are read.
  private func recallPods(_ reader: any RowReader) {
    if let podLines {
      for part in podLines { reader.recall(part, start) }
      return
    }
    var all: [PodLines] = []
    let read: @Sendable (ObjectPart) -> PodLines = { part in PodLines.read(part.namespace) { part.each($0) } }
    objects.mapParts(.pod, read) { part in
      all.append(part)
      reader.recall(part, start)
    }
    podLines = all
  }

  private func tell(_ listeners: [Int], _ concerns: (Key) -> Bool) {
    for kind in kinds {
      let some = listeners.filter { i in
        guard components[i].watches?.contains(kind) ?? true else { return false }
        if kind == .pod, let reader = components[i] as? any RowReader {
          recallPods(reader)
          return false
        }
        return true
      }
      if some.isEmpty { continue }
      let namespaces = objects.namespaces(of: kind).filter(concerns)
      if namespaces.count > 8 { objects.open([kind]) }
      for namespace in namespaces {
        let values = objects.list(kind, namespace: namespace)
        for (key, value) in zip(objects.keys(kind, namespace: namespace), values) {
          let event = WatchEvent(.added, key, old: nil, object: value)
          for i in some { components[i].recall(event, start) }
        }
      }
    }
  }
}
