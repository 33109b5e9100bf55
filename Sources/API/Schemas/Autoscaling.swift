// Written by generate.py from Kubernetes 1.36's OpenAPI and overlay.py; do not edit.

extension BuiltinSchemas {
  static let autoscaling = """
    CrossVersionObjectReference atomic:
      apiVersion: string; kind!: string+; name!: string+
    HorizontalPodAutoscaler:
      apiVersion: string; kind: string; metadata: meta.ObjectMeta+; spec!: HorizontalPodAutoscalerSpec+;
      status: HorizontalPodAutoscalerStatus+
    HorizontalPodAutoscalerSpec:
      maxReplicas!: int32+; minReplicas: int32? = 1; scaleTargetRef!: CrossVersionObjectReference+;
      targetCPUUtilizationPercentage: int32?
    HorizontalPodAutoscalerStatus:
      currentCPUUtilizationPercentage: int32?; currentReplicas!: int32+; desiredReplicas!: int32+;
      lastScaleTime: time?; observedGeneration: int64?
    Scale:
      apiVersion: string; kind: string; metadata: meta.ObjectMeta+; spec: ScaleSpec+; status: ScaleStatus+
    ScaleSpec:
      replicas: int32+
    ScaleStatus:
      replicas!: int32+; selector: string
    """
}
