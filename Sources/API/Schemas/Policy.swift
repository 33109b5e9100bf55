// Written by generate.py from Kubernetes 1.36's OpenAPI and overlay.py; do not edit.

extension BuiltinSchemas {
  static let policy = """
    Eviction:
      apiVersion: string; deleteOptions: meta.DeleteOptions?; kind: string; metadata: meta.ObjectMeta+
    PodDisruptionBudget:
      apiVersion: string; kind: string; metadata: meta.ObjectMeta+; spec: PodDisruptionBudgetSpec+;
      status: PodDisruptionBudgetStatus+
    PodDisruptionBudgetSpec:
      maxUnavailable: intstr?; minAvailable: intstr?; selector: meta.LabelSelector? replace;
      unhealthyPodEvictionPolicy: enum(AlwaysAllow|IfHealthyBudget)?
    PodDisruptionBudgetStatus:
      conditions: [meta.Condition by type] merge:type; currentHealthy: int32+; desiredHealthy: int32+;
      disruptedPods: {time}; disruptionsAllowed: int32+; expectedPods: int32+; observedGeneration: int64
    """
}
