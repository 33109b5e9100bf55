// Written by generate.py from Kubernetes 1.36's OpenAPI and overlay.py; do not edit.

extension BuiltinSchemas {
  static let meta = """
    Condition:
      lastTransitionTime!: time+; message!: string+; observedGeneration: int64; reason!: string+;
      status!: string+; type!: string+
    DeleteOptions:
      apiVersion: string; dryRun: [string atomic]; gracePeriodSeconds: int64?;
      ignoreStoreReadErrorWithClusterBreakingPotential: bool?; kind: string; orphanDependents: bool?;
      preconditions: Preconditions?; propagationPolicy: string
    FieldSelectorRequirement:
      key!: string+; operator!: string+; values: [string atomic]
    LabelSelector atomic:
      matchExpressions: [LabelSelectorRequirement atomic]; matchLabels: {string}
    LabelSelectorRequirement:
      key!: string+; operator!: string+; values: [string atomic]
    ManagedFieldsEntry:
      apiVersion: string; fieldsType: string; fieldsV1: any?; manager: string; operation: string;
      subresource: string; time: time?
    ObjectMeta:
      annotations: {string}; creationTimestamp: time; deletionGracePeriodSeconds: int64?;
      deletionTimestamp: time?; finalizers: [string set] merge; generateName: string; generation: int64;
      labels: {string}; managedFields: [ManagedFieldsEntry atomic]; name: string; namespace: string;
      ownerReferences: [OwnerReference by uid] merge:uid; resourceVersion: string; selfLink: string;
      uid: string
    OwnerReference atomic:
      apiVersion!: string+; blockOwnerDeletion: bool?; controller: bool?; kind!: string+; name!: string+;
      uid!: string+
    Preconditions:
      resourceVersion: string; uid: string
    """
}
