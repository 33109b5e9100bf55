// Written by generate.py from Kubernetes 1.36's OpenAPI and overlay.py; do not edit.

extension BuiltinSchemas {
  static let admissionregistration = """
    ApplyConfiguration:
      expression: string
    AuditAnnotation:
      key!: string+; valueExpression!: string+
    ExpressionWarning:
      fieldRef!: string+; warning!: string+
    JSONPatch:
      expression: string
    MatchCondition:
      expression!: string+; name!: string+
    MatchResources atomic:
      excludeResourceRules: [NamedRuleWithOperations atomic];
      matchPolicy: enum(Equivalent|Exact)? = Equivalent; namespaceSelector: meta.LabelSelector? = {};
      objectSelector: meta.LabelSelector? = {}; resourceRules: [NamedRuleWithOperations atomic]
    MutatingAdmissionPolicy:
      apiVersion: string; kind: string; metadata: meta.ObjectMeta+; spec: MutatingAdmissionPolicySpec+
    MutatingAdmissionPolicyBinding:
      apiVersion: string; kind: string; metadata: meta.ObjectMeta+;
      spec: MutatingAdmissionPolicyBindingSpec+
    MutatingAdmissionPolicyBindingSpec:
      matchResources: MatchResources?; paramRef: ParamRef?; policyName: string
    MutatingAdmissionPolicySpec:
      failurePolicy: enum(Fail|Ignore)? = Fail; matchConditions: [MatchCondition by name] merge:name;
      matchConstraints: MatchResources?; mutations: [Mutation atomic]; paramKind: ParamKind?;
      reinvocationPolicy: enum(IfNeeded|Never); variables: [Variable atomic]
    MutatingWebhook:
      admissionReviewVersions!: [string atomic]+; clientConfig!: WebhookClientConfig+;
      failurePolicy: enum(Fail|Ignore)? = Fail; matchConditions: [MatchCondition by name] merge:name;
      matchPolicy: enum(Equivalent|Exact)? = Equivalent; name!: string+;
      namespaceSelector: meta.LabelSelector? = {}; objectSelector: meta.LabelSelector? = {};
      reinvocationPolicy: enum(IfNeeded|Never)? = Never; rules: [RuleWithOperations atomic];
      sideEffects!: enum(None|NoneOnDryRun|Some|Unknown)?; timeoutSeconds: int32? = 10
    MutatingWebhookConfiguration:
      apiVersion: string; kind: string; metadata: meta.ObjectMeta+;
      webhooks: [MutatingWebhook by name] merge:name
    Mutation:
      applyConfiguration: ApplyConfiguration?; jsonPatch: JSONPatch?;
      patchType!: enum(ApplyConfiguration|JSONPatch)+
    NamedRuleWithOperations atomic:
      apiGroups: [string atomic]; apiVersions: [string atomic];
      operations: [enum(*|CONNECT|CREATE|DELETE|UPDATE) atomic]; resourceNames: [string atomic];
      resources: [string atomic]; scope: enum(*|Cluster|Namespaced)? = "*"
    ParamKind atomic:
      apiVersion: string; kind: string
    ParamRef atomic:
      name: string; namespace: string; parameterNotFoundAction: string?; selector: meta.LabelSelector?
    RuleWithOperations:
      apiGroups: [string atomic] in:Rule; apiVersions: [string atomic] in:Rule;
      operations: [enum(*|CONNECT|CREATE|DELETE|UPDATE) atomic]; resources: [string atomic] in:Rule;
      scope: enum(*|Cluster|Namespaced)? = "*" in:Rule
    ServiceReference:
      name!: string+; namespace!: string+; path: string?; port: int32? = 443
    TypeChecking:
      expressionWarnings: [ExpressionWarning atomic]
    ValidatingAdmissionPolicy:
      apiVersion: string; kind: string; metadata: meta.ObjectMeta+; spec: ValidatingAdmissionPolicySpec+;
      status: ValidatingAdmissionPolicyStatus+
    ValidatingAdmissionPolicyBinding:
      apiVersion: string; kind: string; metadata: meta.ObjectMeta+;
      spec!: ValidatingAdmissionPolicyBindingSpec+
    ValidatingAdmissionPolicyBindingSpec:
      matchResources: MatchResources?; paramRef: ParamRef?; policyName!: string+;
      validationActions!: [enum(Audit|Deny|Warn) set]+
    ValidatingAdmissionPolicySpec:
      auditAnnotations: [AuditAnnotation atomic]; failurePolicy: enum(Fail|Ignore)? = Fail;
      matchConditions: [MatchCondition by name] merge:name; matchConstraints: MatchResources?;
      paramKind: ParamKind?; validations: [Validation atomic]; variables: [Variable by name] merge:name
    ValidatingAdmissionPolicyStatus:
      conditions: [meta.Condition by type]; observedGeneration: int64; typeChecking: TypeChecking?
    ValidatingWebhook:
      admissionReviewVersions!: [string atomic]+; clientConfig!: WebhookClientConfig+;
      failurePolicy: enum(Fail|Ignore)? = Fail; matchConditions: [MatchCondition by name] merge:name;
      matchPolicy: enum(Equivalent|Exact)? = Equivalent; name!: string+;
      namespaceSelector: meta.LabelSelector? = {}; objectSelector: meta.LabelSelector? = {};
      rules: [RuleWithOperations atomic]; sideEffects!: enum(None|NoneOnDryRun|Some|Unknown)?;
      timeoutSeconds: int32? = 10
    ValidatingWebhookConfiguration:
      apiVersion: string; kind: string; metadata: meta.ObjectMeta+;
      webhooks: [ValidatingWebhook by name] merge:name
    Validation:
      expression!: string+; message: string; messageExpression: string; reason: string?
    Variable atomic:
      expression!: string+; name!: string+
    WebhookClientConfig:
      caBundle: bytes; service: ServiceReference?; url: string?
    """
}
