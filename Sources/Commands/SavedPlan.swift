import APIMachinery
import APIServer
import Basics
import Foundation
import PlanReport
import Planner
import Renderers
import Store

/// A plan in a file: what it was made from, what it said, and the digest of its outcome. It holds no secret: apply
/// reads the manifests again and refuses if they or the state came out otherwise.
struct SavedPlan {
  private static let format = 1
  private static let mark = Key("plimsoll_plan")
  private enum Name {
    static let horizon = Key("horizon_ns")
    static let inputs = Key("inputs_digest")
    static let now = Key("now_ns")
    static let plan = Key("plan_digest")
    static let report = Key("report")
    static let arguments = Key("arguments")
    static let assume = Key("assume")
    static let scheduler = Key("scheduler_config")
    static let keepGoing = Key("keep_going")
    static let replace = Key("replace")
    static let prune = Key("prune")
    static let namespace = Key("namespace")
    static let manifests = Key("manifests")
    static let state = Key("state")
    static let fieldManager = Key("fieldManager")
    static let forceConflicts = Key("forceConflicts")
  }

  let value: Value

  init(session: StateSession, options: PassOptions, outcome: PassOutcome) {
    let report = outcome.report
    value = .fields(
      (SavedPlan.mark, .int(SavedPlan.format)),
      (Name.state, session.meta.position.value),
      (Name.now, .int(Int(report.begin.nanoseconds))), (Name.horizon, .int(Int(options.horizon.count))),
      (Name.inputs, .string(report.inputs.digest)), (Name.plan, .string(report.digest)),
      (
        Name.arguments,
        .fields(
          (Name.manifests, .array(options.manifestPaths.map { .string($0) })),
          (Name.assume, .array(options.assumeFiles.map { .string($0) })),
          (Name.scheduler, options.schedulerFile.map { .string($0) }),
          (Name.keepGoing, .bool(options.keepGoing)), (Name.replace, .bool(options.replaces)),
          (Name.prune, .bool(options.prune)), (Name.namespace, options.namespace.map { .string($0) }),
          (Name.fieldManager, options.serverSide.map { .string($0.manager) }),
          (Name.forceConflicts, options.serverSide.map { .bool($0.force) }))
      ),
      (Name.report, JSONRenderer().value(report)))
  }

  init(reading path: String) throws {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw CommandFailure(code: "unreadable", "cannot read \(path)")
    }
    guard case .success(let parsed) = JSON.parse([UInt8](data)), let version = parsed[SavedPlan.mark].int
    else {
      throw CommandFailure(
        code: "no-plan", "\(path) is no plan of plimsoll", remedy: "make one with plan --out")
    }
    guard version == SavedPlan.format else {
      throw CommandFailure(
        .stale, code: "plan-format",
        "\(path) has plan format \(version), this version reads \(SavedPlan.format)",
        remedy: "run plan again with this version of plimsoll")
    }
    value = parsed
  }

  static func isPlan(_ path: String) -> Bool {
    guard let handle = FileHandle(forReadingAtPath: path) else { return false }
    defer { try? handle.close() }
    guard let head = try? handle.read(upToCount: 1), head.first == 0x7B else { return false }
    return (try? SavedPlan(reading: path)) != nil
  }

  func write(_ path: String) throws {
    do { try Data(JSONPretty.bytes(value, indent: 1) + [0x0A]).write(to: URL(fileURLWithPath: path)) } catch {
      throw CommandFailure(code: "output", "cannot write \(path): \(error.localizedDescription)")
    }
  }

  var digest: String { value[Name.plan].string ?? "" }
  var now: Instant { Instant(nanoseconds: Int64(value[Name.now].int ?? 0)) }
  var report: Value { value[Name.report] }

  /// Takes the options that the plan was made with.
  func restore(_ options: inout PassOptions) {
    let arguments = value[Name.arguments]
    options.manifestPaths = arguments[Name.manifests].items.compactMap(\.string)
    options.assumeFiles = arguments[Name.assume].items.compactMap(\.string)
    options.schedulerFile = arguments[Name.scheduler].string
    options.keepGoing = arguments[Name.keepGoing].bool ?? false
    options.replaces = arguments[Name.replace].bool ?? false
    options.prune = arguments[Name.prune].bool ?? true
    options.namespace = arguments[Name.namespace].string
    if let manager = arguments[Name.fieldManager].string {
      options.serverSide = ServerSideApply(
        manager: manager, force: arguments[Name.forceConflicts].bool ?? false)
    }
    options.horizon = Nanoseconds(count: Int64(value[Name.horizon].int ?? 0))
    options.now = now
    options.isReplay = true
  }

  /// Refuses when the state is another one or has moved on.
  func check(_ session: StateSession) throws {
    guard let position = StateLineage(value[Name.state]) else {
      throw CommandFailure(code: "no-plan", "the plan names no state")
    }
    // A plan for a state that did not exist yet fits only a state that still does not.
    if session.isNew && position.serial == 0 { return }
    do { try position.check(against: session.meta.position, path: session.path) } catch {
      throw StateSession.failure(error)
    }
  }
}
