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

/// The right to write the state, for as long as this value lives: `flock(2)` on the directory itself, of which a
/// killed process leaves nothing behind. The file `.lock` only tells others who holds it.
public struct StateLock: ~Copyable {
  private let descriptor: Int32
  private let note: String

  static let file = ".lock"
  static let holdFile = "hold.json"
  /// Microseconds between attempts at the lock, at most.
  private static let longestPause: Int64 = 20_000

  deinit {
    unlink(note)
    close(descriptor)
  }

  /// Gives the lock back now.
  public consuming func release() {}

  private enum Outcome {
    case taken, held
    case impossible(Int32)
  }

  /// The exclusive lock; waits up to the request's time, then names the holder.
  static func exclusive(_ files: StateFiles, _ request: LockRequest) throws(StateError) -> StateLock {
    let descriptor = open(files.root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw files.failure(.unwritable, "cannot be locked", "") }
    switch acquire(descriptor, LOCK_EX, request.timeout) {
    case .taken: break
    case .held:
      close(descriptor)
      throw held(files, request)
    case .impossible(let number):
      close(descriptor)
      throw files.failure(.unwritable, "cannot be locked", "", number)
    }
    let lock = StateLock(descriptor: descriptor, note: files.absolute(file))
    lock.sign(request)
    return lock
  }

  /// Only a help for others: that it cannot be written is no error.
  private func sign(_ request: LockRequest) {
    let bytes = CanonicalJSON.bytes(StateHolder(pid: Int(getpid()), request).value) + [0x0A]
    let file = open(note, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    if file < 0 { return }
    _ = bytes.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
    close(file)
  }

  private static func acquire(_ descriptor: Int32, _ how: Int32, _ timeout: Nanoseconds) -> Outcome {
    var left = timeout.count / 1000
    var pause: Int64 = 500
    while true {
      if flock(descriptor, how | LOCK_NB) == 0 { return .taken }
      if errno == EINTR { continue }
      if errno != EWOULDBLOCK { return .impossible(errno) }
      if left <= 0 { return .held }
      usleep(UInt32(min(pause, left)))
      left -= pause
      pause = min(pause * 2, longestPause)
    }
  }

  private static func held(_ files: StateFiles, _ request: LockRequest) -> StateError {
    var who = "another process reads it at this moment"
    if let text = try? files.read(file), case .success(let value) = JSON.parse(text),
      let holder = StateHolder(value), !holder.isGone
    {
      who = "held by \(holder.described(at: request.now))"
    }
    return StateError(
      .lockHeld, "the state is locked: \(who)", path: files.shown,
      remedy: "Wait for it to end, or let this command wait with --lock-timeout 5m.")
  }

  /// A lock that many readers may hold and no writer beside them; none where the file system has no locks.
  static func shared(_ files: StateFiles, _ request: LockRequest) throws(StateError) -> ReadLock {
    let descriptor = open(files.root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw files.failure(.unreadable, "cannot be read", "") }
    if case .held = acquire(descriptor, LOCK_SH, request.timeout) {
      close(descriptor)
      throw held(files, request)
    }
    return ReadLock(descriptor: descriptor)
  }
}

/// Keeps writers away while the state is read.
struct ReadLock: ~Copyable {
  fileprivate let descriptor: Int32
  deinit { close(descriptor) }

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
    self.init(pid: pid, host: Self.thisHost, command: request.command, since: request.now)
  }

  private static var thisHost: String {
    var host = [CChar](repeating: 0, count: 256)
    gethostname(&host, host.count - 1)
    return String(decoding: host.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Whether it was a process of this machine that ended.
  var isGone: Bool {
    host == Self.thisHost && pid > 0 && kill(pid_t(truncatingIfNeeded: pid), 0) != 0 && errno == ESRCH
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
