// Written by generate.py from Kubernetes 1.36's OpenAPI and overlay.py; do not edit.

extension BuiltinSchemas {
  static let apps = """
    ControllerRevision:
      apiVersion: string; data: any?; kind: string; metadata: meta.ObjectMeta+; revision!: int64+
    DaemonSet:
      apiVersion: string; kind: string; metadata: meta.ObjectMeta+; spec: DaemonSetSpec+;
      status: DaemonSetStatus+
    DaemonSetCondition:
      lastTransitionTime: time+; message: string; reason: string; status!: string+; type!: string+
    DaemonSetSpec:
      minReadySeconds: int32; revisionHistoryLimit: int32? = 10; selector!: meta.LabelSelector?;
      template!: core.PodTemplateSpec+; updateStrategy: DaemonSetUpdateStrategy+
    DaemonSetStatus:
      collisionCount: int32?; conditions: [DaemonSetCondition by type] merge:type;
      currentNumberScheduled!: int32+; desiredNumberScheduled!: int32+; numberAvailable: int32;
      numberMisscheduled!: int32+; numberReady!: int32+; numberUnavailable: int32;
      observedGeneration: int64; updatedNumberScheduled: int32
    DaemonSetUpdateStrategy:
      rollingUpdate: RollingUpdateDaemonSet?; type: enum(OnDelete|RollingUpdate) = RollingUpdate
    Deployment:
      apiVersion: string; kind: string; metadata: meta.ObjectMeta+; spec: DeploymentSpec+;
      status: DeploymentStatus+
    DeploymentCondition:
      lastTransitionTime: time+; lastUpdateTime: time+; message: string; reason: string; status!: string+;
      type!: string+
    DeploymentSpec:
      minReadySeconds: int32; paused: bool; progressDeadlineSeconds: int32? = 600; replicas: int32? = 1;
      revisionHistoryLimit: int32? = 10; selector!: meta.LabelSelector?;
      strategy: DeploymentStrategy+ retainKeys; template!: core.PodTemplateSpec+
    DeploymentStatus:
      availableReplicas: int32; collisionCount: int32?;
      conditions: [DeploymentCondition by type] merge:type; observedGeneration: int64; readyReplicas: int32;
      replicas: int32; terminatingReplicas: int32?; unavailableReplicas: int32; updatedReplicas: int32
    DeploymentStrategy:
      rollingUpdate: RollingUpdateDeployment?; type: enum(Recreate|RollingUpdate) = RollingUpdate
    ReplicaSet:
      apiVersion: string; kind: string; metadata: meta.ObjectMeta+; spec: ReplicaSetSpec+;
      status: ReplicaSetStatus+
    ReplicaSetCondition:
      lastTransitionTime: time+; message: string; reason: string; status!: string+; type!: string+
    ReplicaSetSpec:
      minReadySeconds: int32; replicas: int32? = 1; selector!: meta.LabelSelector?;
      template: core.PodTemplateSpec+
    ReplicaSetStatus:
      availableReplicas: int32; conditions: [ReplicaSetCondition by type] merge:type;
      fullyLabeledReplicas: int32; observedGeneration: int64; readyReplicas: int32; replicas!: int32+;
      terminatingReplicas: int32?
    RollingUpdateDaemonSet:
      maxSurge: intstr?; maxUnavailable: intstr?
    RollingUpdateDeployment:
      maxSurge: intstr?; maxUnavailable: intstr?
    RollingUpdateStatefulSetStrategy:
      maxUnavailable: intstr?; partition: int32?
    StatefulSet:
      apiVersion: string; kind: string; metadata: meta.ObjectMeta+; spec: StatefulSetSpec+;
      status: StatefulSetStatus+
    StatefulSetCondition:
      lastTransitionTime: time+; message: string; reason: string; status!: string+; type!: string+
    StatefulSetOrdinals:
      start: int32+
    StatefulSetPersistentVolumeClaimRetentionPolicy:
      whenDeleted: string = Retain; whenScaled: string = Retain
    StatefulSetSpec:
      minReadySeconds: int32; ordinals: StatefulSetOrdinals?;
      persistentVolumeClaimRetentionPolicy: StatefulSetPersistentVolumeClaimRetentionPolicy? = {};
      podManagementPolicy: enum(OrderedReady|Parallel) = OrderedReady; replicas: int32? = 1;
      revisionHistoryLimit: int32? = 10; selector!: meta.LabelSelector?; serviceName: string+;
      template!: core.PodTemplateSpec+; updateStrategy: StatefulSetUpdateStrategy+;
      volumeClaimTemplates: [core.PersistentVolumeClaim atomic]
    StatefulSetStatus:
      availableReplicas: int32+; collisionCount: int32?;
      conditions: [StatefulSetCondition by type] merge:type; currentReplicas: int32;
      currentRevision: string; observedGeneration: int64; readyReplicas: int32; replicas!: int32+;
      updateRevision: string; updatedReplicas: int32
    StatefulSetUpdateStrategy:
      rollingUpdate: RollingUpdateStatefulSetStrategy?; type: enum(OnDelete|RollingUpdate)
    """
}
