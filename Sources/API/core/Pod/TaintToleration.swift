public import APIMachinery

/// A node's taint (`core/v1.Taint`).
public struct TaintView: Hashable, Sendable {
  public enum Effect: UInt8, Sendable { case noSchedule, preferNoSchedule, noExecute, other }
  public var key: Key
  public var value: String
  public var effect: Effect

  public init(key: Key, value: String, effect: Effect) {
    self.key = key
    self.value = value
    self.effect = effect
  }

  public init(_ taint: Value) {
    key = taint[.key].key
    value = taint[.value].string ?? ""
    effect =
      switch taint[.effect].string {
      case "NoSchedule": .noSchedule
      case "PreferNoSchedule": .preferNoSchedule
      case "NoExecute": .noExecute
      default: .other
      }
  }
}

/// A pod's toleration (`core/v1.Toleration.ToleratesTaint`).
public struct TolerationView: Hashable, Sendable {
  public var key: Key
  public var value: String
  public var exists: Bool
  public var equal: Bool
  public var effect: TaintView.Effect?
  public var seconds: Int?

  public init(_ toleration: Value) {
    key = toleration[.key].key
    value = toleration[.value].string ?? ""
    let op = toleration[.operator].string ?? ""
    exists = op == "Exists"
    equal = op.isEmpty || op == "Equal"
    let effect = toleration[.effect].string ?? ""
    self.effect = effect.isEmpty ? nil : TaintView(["effect": .string(effect)]).effect
    seconds = toleration[.tolerationSeconds].int
  }

  public func tolerates(_ taint: TaintView) -> Bool {
    if let effect, effect != taint.effect { return false }
    if !key.isEmpty && key != taint.key { return false }
    return exists || (equal && value == taint.value)
  }
}

extension [TolerationView] {
  public init(of pod: Value) { self = pod.spec[.tolerations].items.map { TolerationView($0) } }
  public func tolerate(_ taint: TaintView) -> Bool { contains { $0.tolerates(taint) } }
}
