// Written by generate.py from Kubernetes 1.36's OpenAPI and overlay.py; do not edit.

extension BuiltinSchemas {
  static let autoscaling2 = """
    ContainerResourceMetricSource:
      container!: string+; name!: string+; target!: MetricTarget+
    ContainerResourceMetricStatus:
      container!: string+; current!: MetricValueStatus+; name!: string+
    CrossVersionObjectReference:
      apiVersion: string; kind!: string+; name!: string+
    ExternalMetricSource:
      metric!: MetricIdentifier+; target!: MetricTarget+
    ExternalMetricStatus:
      current!: MetricValueStatus+; metric!: MetricIdentifier+
    HPAScalingPolicy:
      periodSeconds!: int32+; type!: string+; value!: int32+
    HPAScalingRules:
      policies: [HPAScalingPolicy atomic]; selectPolicy: string?; stabilizationWindowSeconds: int32?;
      tolerance: quantity?
    HorizontalPodAutoscaler:
      apiVersion: string; kind: string; metadata: meta.ObjectMeta+; spec!: HorizontalPodAutoscalerSpec+;
      status: HorizontalPodAutoscalerStatus+
    HorizontalPodAutoscalerBehavior:
      scaleDown: HPAScalingRules?; scaleUp: HPAScalingRules?
    HorizontalPodAutoscalerCondition:
      lastTransitionTime: time+; message: string; reason: string; status!: string+; type!: string+
    HorizontalPodAutoscalerSpec:
      behavior: HorizontalPodAutoscalerBehavior?; maxReplicas!: int32+; metrics: [MetricSpec atomic];
      minReplicas: int32? = 1; scaleTargetRef!: CrossVersionObjectReference+
    HorizontalPodAutoscalerStatus:
      conditions: [HorizontalPodAutoscalerCondition by type] merge:type;
      currentMetrics: [MetricStatus atomic]+; currentReplicas: int32; desiredReplicas!: int32+;
      lastScaleTime: time?; observedGeneration: int64?
    MetricIdentifier:
      name!: string+; selector: meta.LabelSelector?
    MetricSpec:
      containerResource: ContainerResourceMetricSource?; external: ExternalMetricSource?;
      object: ObjectMetricSource?; pods: PodsMetricSource?; resource: ResourceMetricSource?; type!: string+
    MetricStatus:
      containerResource: ContainerResourceMetricStatus?; external: ExternalMetricStatus?;
      object: ObjectMetricStatus?; pods: PodsMetricStatus?; resource: ResourceMetricStatus?; type!: string+
    MetricTarget:
      averageUtilization: int32?; averageValue: quantity?; type!: string+; value: quantity?
    MetricValueStatus:
      averageUtilization: int32?; averageValue: quantity?; value: quantity?
    ObjectMetricSource:
      describedObject!: CrossVersionObjectReference+; metric!: MetricIdentifier+; target!: MetricTarget+
    ObjectMetricStatus:
      current!: MetricValueStatus+; describedObject!: CrossVersionObjectReference+;
      metric!: MetricIdentifier+
    PodsMetricSource:
      metric!: MetricIdentifier+; target!: MetricTarget+
    PodsMetricStatus:
      current!: MetricValueStatus+; metric!: MetricIdentifier+
    ResourceMetricSource:
      name!: string+; target!: MetricTarget+
    ResourceMetricStatus:
      current!: MetricValueStatus+; name!: string+
    """
}
