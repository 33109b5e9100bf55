// Written by generate.py from Kubernetes 1.36's OpenAPI and overlay.py; do not edit.

extension BuiltinSchemas {
  static let flowcontrol = """
    ExemptPriorityLevelConfiguration:
      lendablePercent: int32? = 0; nominalConcurrencyShares: int32? = 0
    FlowDistinguisherMethod:
      type!: string+
    FlowSchema:
      apiVersion: string; kind: string; metadata: meta.ObjectMeta+; spec: FlowSchemaSpec+;
      status: FlowSchemaStatus+
    FlowSchemaCondition:
      lastTransitionTime: time+; message: string; reason: string; status: string; type: string
    FlowSchemaSpec:
      distinguisherMethod: FlowDistinguisherMethod?; matchingPrecedence: int32+ = 1000;
      priorityLevelConfiguration!: PriorityLevelConfigurationReference+;
      rules: [PolicyRulesWithSubjects atomic]
    FlowSchemaStatus:
      conditions: [FlowSchemaCondition by type] merge:type
    GroupSubject:
      name!: string+
    LimitResponse:
      queuing: QueuingConfiguration?; type!: string+
    LimitedPriorityLevelConfiguration:
      borrowingLimitPercent: int32?; lendablePercent: int32? = 0; limitResponse: LimitResponse+;
      nominalConcurrencyShares: int32? = 30
    NonResourcePolicyRule:
      nonResourceURLs!: [string set]+; verbs!: [string set]+
    PolicyRulesWithSubjects:
      nonResourceRules: [NonResourcePolicyRule atomic]; resourceRules: [ResourcePolicyRule atomic];
      subjects!: [Subject atomic]+
    PriorityLevelConfiguration:
      apiVersion: string; kind: string; metadata: meta.ObjectMeta+; spec: PriorityLevelConfigurationSpec+;
      status: PriorityLevelConfigurationStatus+
    PriorityLevelConfigurationCondition:
      lastTransitionTime: time+; message: string; reason: string; status: string; type: string
    PriorityLevelConfigurationReference:
      name!: string+
    PriorityLevelConfigurationSpec:
      exempt: ExemptPriorityLevelConfiguration?; limited: LimitedPriorityLevelConfiguration?; type!: string+
    PriorityLevelConfigurationStatus:
      conditions: [PriorityLevelConfigurationCondition by type] merge:type
    QueuingConfiguration:
      handSize: int32+ = 8; queueLengthLimit: int32+ = 50; queues: int32+ = 64
    ResourcePolicyRule:
      apiGroups!: [string set]+; clusterScope: bool; namespaces: [string set]; resources!: [string set]+;
      verbs!: [string set]+
    ServiceAccountSubject:
      name!: string+; namespace!: string+
    Subject:
      group: GroupSubject?; kind!: string+; serviceAccount: ServiceAccountSubject?; user: UserSubject?
    UserSubject:
      name!: string+
    """
}
