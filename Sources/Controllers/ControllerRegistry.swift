public import ControllerRuntime

/// All controllers of kube-controller-manager that are simulated, one line each, in the order in which they take
/// turns when several have work at the same instant.
public enum ControllerRegistry {
  public static func all() -> [any Component] {
    [
      ControllerComponent(NodeIPAMController()),
      ControllerComponent(NodeTTLController()),
    ]
  }
}
