import APIMachinery
import Basics
import Foundation

@testable import Store

/// The resources that these tests use.
struct FixtureLayout: StateLayout {
  func resource(of kind: GroupKind) -> StateResource? {
    switch kind {
    case .pod: StateResource(plural: "pods", namespaced: true)
    case .service: StateResource(plural: "services", namespaced: true)
    case .deployment: StateResource(plural: "deployments", namespaced: true)
    case .node: StateResource(plural: "nodes", namespaced: false)
    default: nil
    }
  }
}

/// A directory of its own that goes with the value.
final class Folder {
  let path: String
  /// In memory where there is such a place: these tests sync thousands of times.
  private static let parent =
    FileManager.default.isWritableFile(atPath: "/dev/shm") ? "/dev/shm/" : NSTemporaryDirectory()

  init() {
    path = Self.parent + "plimsoll-store-" + UUID().uuidString
    try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }
  deinit { try? FileManager.default.removeItem(atPath: path) }

  var state: String { path + "/state" }

  func write(_ relative: String, _ text: String) {
    let url = URL(fileURLWithPath: state + "/" + relative)
    try? FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try? Data(text.utf8).write(to: url)
  }

  func read(_ relative: String) -> String {
    (try? String(contentsOfFile: state + "/" + relative, encoding: .utf8)) ?? ""
  }

  /// All files but the lock, with their contents.
  func contents() -> [String: String] {
    var all: [String: String] = [:]
    for case let relative as String in FileManager.default.enumerator(atPath: state) ?? .init() {
      var isDirectory: ObjCBool = false
      let path = state + "/" + relative
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), !isDirectory.boolValue
      else { continue }
      if relative != StateLock.file { all[relative] = read(relative) }
    }
    return all
  }
}

let start = Instant(seconds: 1_800_000_000)
let asking = LockRequest(command: "plimsoll test", now: start)
let note = CommitNote(command: "apply", time: start)

func openState(_ folder: Folder) throws -> StateDirectory {
  try StateDirectory.open(folder.state, layout: FixtureLayout(), request: asking)
}

func openOrCreate(_ folder: Folder) throws -> StateDirectory {
  do {
    return try openState(folder)
  } catch let error as StateError where error.code == .absent {
    return try StateDirectory.create(
      folder.state, layout: FixtureLayout(), request: asking, seed: 7, now: start)
  }
}

/// Loads, lets `change` write to an overlay, commits.
@discardableResult func commit(
  _ directory: StateDirectory, _ change: (ObjectStore) -> Void,
  meta edit: (inout StateMeta) -> Void = { _ in }
) throws -> StateMeta {
  let lock = try directory.lock(asking)
  let loaded = try directory.load(under: lock)
  let over = loaded.store.overlay()
  change(over)
  var meta = loaded.meta
  edit(&meta)
  let next = try directory.commit(over, meta: meta, note: note, under: lock)
  lock.release()
  return next
}

func deployment(_ namespace: String, _ name: String, note: Int = 0) -> Value {
  object("apps/v1", "Deployment", namespace, name, note: note)
}

/// Everything in a store, as text.
func dump(_ store: ObjectStore) -> [String] {
  store.kinds.flatMap { store.list($0) }.map { CanonicalJSON.string($0) }
}

/// The first state of the tests: two nodes, pods in two namespaces, a deployment.
func fill(_ store: ObjectStore) {
  store.put(object("v1", "Node", nil, "n1"))
  store.put(object("v1", "Node", nil, "n2"))
  for name in ["a", "b", "c"] { store.put(pod("shop", name, node: "n1")) }
  store.put(pod("other", "x"))
  store.put(deployment("shop", "web"))
}
