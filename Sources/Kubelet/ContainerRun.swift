import APIMachinery
import Basics

/// One container of a pod as its node sees it; read from and written to a `ContainerStatus`.
struct ContainerRun {
  enum State: Equatable {
    case waiting(reason: String, message: String?)
    case running(since: Instant)
    case ended(End)
  }
  struct End: Equatable {
    var code: Int
    var started: Instant
    var finished: Instant
    var id: String
  }

  let spec: Value
  let name: String
  let isInit: Bool
  /// A native sidecar: an init container that keeps running.
  let isSidecar: Bool
  var state: State
  var last: End?
  var restarts = 0
  var ready = false
  var started = false
  var id = ""

  init(_ spec: Value, isInit: Bool, status: Value?) {
    self.spec = spec
    self.isInit = isInit
    name = spec[.name].string ?? ""
    isSidecar = isInit && spec[.restartPolicy].says("Always")
    state = .waiting(reason: "PodInitializing", message: nil)
    guard let status else { return }
    state = Self.state(status[.state]) ?? state
    if case .ended(let end)? = Self.state(status[.lastState]) { last = end }
    restarts = status[.restartCount].int ?? 0
    ready = status[.ready].bool ?? false
    started = status[.started].bool ?? false
    id = status[.containerID].string ?? ""
  }

  private static func state(_ value: Value) -> State? {
    if let running = value.get(.running) { return .running(since: instant(running[.startedAt])) }
    if let ended = value.get(.terminated) {
      return .ended(
        End(
          code: ended[.exitCode].int ?? 0, started: instant(ended[.startedAt]),
          finished: instant(ended[.finishedAt]), id: ended[.containerID].string ?? ""))
    }
    if let waiting = value.get(.waiting) {
      return .waiting(reason: waiting[.reason].string ?? "", message: waiting[.message].string)
    }
    return nil
  }

  /// The id of the n-th container of this name in a pod: 64 hexadecimal digits that follow from them.
  static func id(_ uid: String, _ name: String, _ n: Int) -> String {
    id(uid.utf8, name.utf8, n).string ?? ""
  }

  /// The same as a text of a tree, from texts of trees.
  static func id(_ uid: some Sequence<UInt8>, _ name: some Sequence<UInt8>, _ n: Int) -> Value {
    var hash = FNV1a()
    for byte in uid { hash.add(byte) }
    hash.add(0x2F)
    for byte in name { hash.add(byte) }
    hash.add(0x2F)
    for shift in [0, 8, 16, 24] { hash.add(UInt8(truncatingIfNeeded: n >> shift)) }
    var stream = RandomStream(seed: hash.value)
    let prefix: StaticString = "containerd://"
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 77) { out in
      for i in 0..<13 { out[i] = prefix.utf8Start[i] }
      for word in 0..<4 {
        var bits = stream.next()
        for i in 0..<16 {
          let digit = UInt8(truncatingIfNeeded: bits & 15)
          out[13 + word * 16 + i] = digit < 10 ? 48 + digit : 87 + digit
          bits >>= 4
        }
      }
      let bytes = UnsafeBufferPointer(out)
      return .string(Text.make(bytes, hash: Text.hash(bytes)))
    }
  }

  static func instant(_ value: Value) -> Instant {
    value.string.flatMap { RFC3339.parse($0) } ?? Instant(seconds: 0)
  }

  var isRunning: Bool { if case .running = state { true } else { false } }
  var hasEnded: Bool { if case .ended = state { true } else { false } }
  /// Never started at all.
  var isFresh: Bool { if case .waiting = state { last == nil && id.isEmpty } else { false } }
  var exitCode: Int? { if case .ended(let end) = state { end.code } else { nil } }
  /// The end that decides about a restart: of the present run, or of the one before while it waits.
  var lastEnd: End? { if case .ended(let end) = state { end } else { last } }

  mutating func start(_ now: Instant, id: String) {
    if case .ended(let end) = state { last = end }
    if lastEnd != nil { restarts += 1 }
    state = .running(since: now.wholeSecond)
    self.id = id
    started = true
  }

  mutating func end(code: Int, at instant: Instant) {
    guard case .running(let since) = state else { return }
    state = .ended(End(code: code, started: since, finished: max(since, instant.wholeSecond), id: id))
    ready = false
    started = false
  }

  mutating func waitForRestart(_ seconds: Int, pod: Value) {
    if case .ended(let end) = state { last = end }
    let what = "back-off \(Self.duration(seconds)) restarting failed container=\(name)"
    state = .waiting(
      reason: "CrashLoopBackOff", message: "\(what) pod=\(pod.name)_\(pod.namespace)(\(pod.uid))")
    ready = false
    started = false
  }

  /// As Go prints a duration of whole seconds: `10s`, `1m20s`, `5m0s`.
  static func duration(_ seconds: Int) -> String {
    seconds < 60 ? "\(seconds)s" : "\(seconds / 60)m\(seconds % 60)s"
  }
}

extension ContainerRun {
  /// The `ContainerStatus`.
  func status(resources: Bool = true) -> Value {
    let requests = spec[.resources, .requests]
    let image = spec[.image].string ?? ""
    let known = !id.isEmpty
    var res = spec[.resources]
    if !res.isObject { res = .emptyObject }
    res.remove("claims")
    return .fields(
      (.allocatedResources, known && !requests.isEmpty ? requests : nil),
      (.containerID, known ? .string(id) : nil),
      (.image, .string(known ? ImageReference.spelledOut(image) : image)),
      (.imageID, .string(known ? Self.imageID(image) : "")),
      (.lastState, last.map { ["terminated": Self.terminated($0)] } ?? .emptyObject),
      (.name, .string(name)), (.ready, .bool(ready)), (.resources, res), (.restartCount, .int(restarts)),
      (.started, .bool(started)), (.state, stateValue), (.volumeMounts, mounts))
  }

  private var stateValue: Value {
    switch state {
    case .waiting(let reason, let message):
      ["waiting": .fields((.reason, .string(reason)), (.message, message.map { .string($0) }))]
    case .running(let since): ["running": ["startedAt": .string(RFC3339.string(since))]]
    case .ended(let end): ["terminated": Self.terminated(end)]
    }
  }

  private static func terminated(_ end: End) -> Value {
    .fields(
      (.containerID, .string(end.id)), (.exitCode, .int(end.code)),
      (.finishedAt, .string(RFC3339.string(end.finished))),
      (.reason, .string(end.code == 0 ? "Completed" : "Error")),
      (.startedAt, .string(RFC3339.string(end.started))))
  }

  private var mounts: Value? {
    let mounts = spec[.volumeMounts].items
    if mounts.isEmpty { return nil }
    return .array(
      mounts.map { mount in
        let readOnly = mount[.readOnly].bool == true
        return .fields(
          (.mountPath, mount[.mountPath]), (.name, mount[.name]), (.readOnly, readOnly ? true : nil),
          (.recursiveReadOnly, readOnly ? "Disabled" : nil))
      })
  }

  /// The repository with a digest that follows from its name.
  private static func imageID(_ image: String) -> String {
    if let at = image.utf8.firstIndex(of: 64) {
      return ImageReference.repository(of: image) + String(image[at...])
    }
    let name = ImageReference.spelledOut(image)
    return ImageReference.repository(of: image) + "@sha256:" + SHA256.hex(Array(name.utf8))
  }
}
