import Basics

/// The rules that findings come from, with stable identifiers.
public enum FindingCode: String, Sendable, CaseIterable {
  case unschedulable = "K001"
  case notReady = "K002"
  case createRefused = "K003"
  case dataLost = "K004"
  case cascade = "K005"
  case budgetExhausted = "K006"
  case noReadyBackend = "K007"
  case dueLater = "K008"
  case notEvaluated = "K009"
  case oscillating = "K010"
  case claimPending = "K011"
  case nodeNotReady = "K012"
  case availabilityGap = "K013"
  case danglingReference = "K014"
  case warning = "K015"
  case alreadyRun = "K016"

  public var title: String {
    switch self {
    case .unschedulable: "unschedulable"
    case .notReady: "not ready"
    case .createRefused: "refused"
    case .dataLost: "data lost"
    case .cascade: "cascade"
    case .budgetExhausted: "budget exhausted"
    case .noReadyBackend: "no ready backend"
    case .dueLater: "due later"
    case .notEvaluated: "not evaluated"
    case .oscillating: "oscillating"
    case .claimPending: "claim pending"
    case .nodeNotReady: "node not ready"
    case .availabilityGap: "availability gap"
    case .danglingReference: "dangling reference"
    case .warning: "warning"
    case .alreadyRun: "already run"
    }
  }
}

/// Something a reviewer should know about the outcome.
public struct Finding: Sendable {
  public var severity: Diagnostic.Severity
  public var code: FindingCode
  public var object: ObjectName
  public var message: String
  public var source: Place?
  public init(
    _ severity: Diagnostic.Severity, _ code: FindingCode, _ object: ObjectName, _ message: String,
    source: Place? = nil
  ) {
    self.severity = severity
    self.code = code
    self.object = object
    self.message = message
    self.source = source
  }
}
