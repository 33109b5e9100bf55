// Written by generate.py from Kubernetes 1.36's OpenAPI and overlay.py; do not edit.

extension BuiltinSchemas {
  static let batch = """
    CronJob:
      apiVersion: string; kind: string; metadata: meta.ObjectMeta+; spec!: CronJobSpec+;
      status: CronJobStatus+
    CronJobSpec:
      concurrencyPolicy: enum(Allow|Forbid|Replace) = Allow; failedJobsHistoryLimit: int32? = 1;
      jobTemplate!: JobTemplateSpec+; schedule!: string+; startingDeadlineSeconds: int64?;
      successfulJobsHistoryLimit: int32? = 3; suspend: bool? = false; timeZone: string?
    CronJobStatus:
      active: [core.ObjectReference atomic]; lastScheduleTime: time?; lastSuccessfulTime: time?
    Job:
      apiVersion: string; kind: string; metadata: meta.ObjectMeta+; spec: JobSpec+; status: JobStatus+
    JobCondition:
      lastProbeTime: time+; lastTransitionTime: time+; message: string; reason: string; status!: string+;
      type!: string+
    JobSpec:
      activeDeadlineSeconds: int64?; backoffLimit: int32?; backoffLimitPerIndex: int32?;
      completionMode: enum(Indexed|NonIndexed)?; completions: int32?; managedBy: string?;
      manualSelector: bool?; maxFailedIndexes: int32?; parallelism: int32?;
      podFailurePolicy: PodFailurePolicy?; podReplacementPolicy: enum(Failed|TerminatingOrFailed)?;
      selector: meta.LabelSelector?; successPolicy: SuccessPolicy?; suspend: bool?;
      template!: core.PodTemplateSpec+; ttlSecondsAfterFinished: int32?
    JobStatus:
      active: int32; completedIndexes: string; completionTime: time?;
      conditions: [JobCondition atomic] merge:type; failed: int32; failedIndexes: string?; ready: int32?;
      startTime: time?; succeeded: int32; terminating: int32?;
      uncountedTerminatedPods: UncountedTerminatedPods?
    JobTemplateSpec:
      metadata: meta.ObjectMeta+; spec: JobSpec+
    PodFailurePolicy:
      rules!: [PodFailurePolicyRule atomic]+
    PodFailurePolicyOnExitCodesRequirement:
      containerName: string?; operator!: enum(In|NotIn)+; values!: [int32 set]+
    PodFailurePolicyOnPodConditionsPattern:
      status: string+; type!: string+
    PodFailurePolicyRule:
      action!: enum(Count|FailIndex|FailJob|Ignore)+; onExitCodes: PodFailurePolicyOnExitCodesRequirement?;
      onPodConditions: [PodFailurePolicyOnPodConditionsPattern atomic]
    SuccessPolicy:
      rules!: [SuccessPolicyRule atomic]+
    SuccessPolicyRule:
      succeededCount: int32?; succeededIndexes: string?
    UncountedTerminatedPods:
      failed: [string set]; succeeded: [string set]
    """
}
