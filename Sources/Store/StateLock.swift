import APIMachinery
import Basics

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Who asks for the lock and how long to wait for it.
public struct LockRequest: Sendable {
  /// `plimsoll apply`, as the holder's name in others' messages.
  public var command: String
  /// The real time, for the lock's age; the store reads no clock.
  public var now: Instant
  public var timeout: Nanoseconds
  public init(command: String, now: Instant, timeout: Nanoseconds = .zero) {
    self.command = command
    self.now = now
    self.timeout = timeout
  }
}

/// The right to write the state, for as long as this value lives (`flock(2)`: a killed process leaves none).
public struct StateLock: ~Copyable {
  private let descriptor: Int32

  static let file = ".lock"
  static let holdFile = "hold.json"
  /// Microseconds between attempts at the lock, at most.
  private static let longestPause: Int64 = 20_000

  deinit {
    ftruncate(descriptor, 0)
    close(descriptor)
  }

  /// The exclusive lock; waits up to the request's time, then names the holder.
  static func exclusive(_ files: StateFiles, _ request: LockRequest) throws(StateError) -> StateLock {
    let descriptor = open(files.absolute(file), O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw files.failure(.unwritable, "cannot be locked", file) }
    guard acquire(descriptor, LOCK_EX, request.timeout) else {
      let text = contents(descriptor)
      close(descriptor)
      throw held(files, text, request)
    }
    let lock = StateLock(descriptor: descriptor)
    lock.sign(request)
    return lock
  }

  /// Gives the lock back now.
  public consuming func release() {}

  private func sign(_ request: LockRequest) {
    let holder = StateHolder(pid: Int(getpid()), request)
    let bytes = CanonicalJSON.bytes(holder.value) + [0x0A]
    ftruncate(descriptor, 0)
    _ = bytes.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
  }

  private static func acquire(_ descriptor: Int32, _ how: Int32, _ timeout: Nanoseconds) -> Bool {
    var left = timeout.count / 1000
    var pause: Int64 = 500
    while true {
      if flock(descriptor, how | LOCK_NB) == 0 { return true }
      if errno == EINTR { continue }
      if errno != EWOULDBLOCK || left <= 0 { return false }
      usleep(UInt32(min(pause, left)))
      left -= pause
      pause = min(pause * 2, longestPause)
    }
  }

  private static func contents(_ descriptor: Int32) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: 4096) { buffer, count in
      count = max(0, pread(descriptor, buffer.baseAddress, 4096, 0))
    }
  }

  private static func held(_ files: StateFiles, _ text: [UInt8], _ request: LockRequest) -> StateError {
    var who = "another process reads it at this moment"
    if case .success(let value) = JSON.parse(text), let holder = StateHolder(value) {
      who = "held by \(holder.described(at: request.now))"
    }
    return StateError(
      .lockHeld, "the state is locked: \(who)", path: files.shown,
      remedy: "Wait for it to end, or let this command wait with --lock-timeout 5m.")
  }

  /// A lock that many readers may hold and no writer beside them; nil where the directory cannot be locked
  /// because it is read-only, so that nobody writes it either.
  static func shared(_ files: StateFiles, _ request: LockRequest) throws(StateError) -> ReadLock {
    var descriptor = open(files.absolute(file), O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    if descriptor < 0 { descriptor = open(files.absolute(file), O_RDONLY | O_CLOEXEC) }
    if descriptor < 0 { return ReadLock(descriptor: -1) }
    guard acquire(descriptor, LOCK_SH, request.timeout) else {
      let text = contents(descriptor)
      close(descriptor)
      throw held(files, text, request)
    }
    return ReadLock(descriptor: descriptor)
  }
}

/// Keeps writers away while the state is read.
struct ReadLock: ~Copyable {
  fileprivate let descriptor: Int32
  deinit { if descriptor >= 0 { close(descriptor) } }

  consuming func release() {}
}

/// Who holds the lock.
public struct StateHolder: Hashable, Sendable {
  public var pid: Int
  public var host: String
  public var command: String
  public var since: Instant

  private static let pidKey = Key("pid")
  private static let hostKey = Key("host")
  private static let commandKey = Key("command")
  private static let sinceKey = Key("since")

  init(pid: Int, host: String, command: String, since: Instant) {
    self.pid = pid
    self.host = host
    self.command = command
    self.since = since
  }

  init(pid: Int, _ request: LockRequest) {
    var host = [CChar](repeating: 0, count: 256)
    gethostname(&host, host.count - 1)
    self.init(
      pid: pid, host: String(decoding: host.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self),
      command: request.command, since: request.now)
  }

  init?(_ value: Value) {
    guard let pid = value[Self.pidKey].int, let host = value[Self.hostKey].string,
      let command = value[Self.commandKey].string,
      let since = value[Self.sinceKey].string.flatMap({ RFC3339.parse($0) })
    else { return nil }
    self.init(pid: pid, host: host, command: command, since: since)
  }

  var value: Value {
    .fields(
      (Self.pidKey, .int(pid)), (Self.hostKey, .string(host)), (Self.commandKey, .string(command)),
      (Self.sinceKey, .string(RFC3339.string(since))))
  }

  /// `plimsoll apply (process 12 on host a, since 2026-01-02T03:04:05Z, 12s)`.
  func described(at now: Instant) -> String {
    let seconds = max(0, now.seconds - since.seconds)
    let age: String
    switch seconds {
    case ..<120: age = "\(seconds)s"
    case ..<7200: age = "\(seconds / 60)m"
    default: age = "\(seconds / 3600)h"
    }
    return "\(command) (process \(pid) on \(host), since \(RFC3339.string(since)), \(age) ago)"
  }
}
