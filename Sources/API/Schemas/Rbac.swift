// Written by generate.py from Kubernetes 1.36's OpenAPI and overlay.py; do not edit.

extension BuiltinSchemas {
  static let rbac = """
    AggregationRule:
      clusterRoleSelectors: [meta.LabelSelector atomic]
    ClusterRole:
      aggregationRule: AggregationRule?; apiVersion: string; kind: string; metadata: meta.ObjectMeta+;
      rules: [PolicyRule atomic]+
    ClusterRoleBinding:
      apiVersion: string; kind: string; metadata: meta.ObjectMeta+; roleRef!: RoleRef+;
      subjects: [Subject atomic]
    PolicyRule:
      apiGroups: [string atomic]; nonResourceURLs: [string atomic]; resourceNames: [string atomic];
      resources: [string atomic]; verbs!: [string atomic]+
    Role:
      apiVersion: string; kind: string; metadata: meta.ObjectMeta+; rules: [PolicyRule atomic]+
    RoleBinding:
      apiVersion: string; kind: string; metadata: meta.ObjectMeta+; roleRef!: RoleRef+;
      subjects: [Subject atomic]
    RoleRef atomic:
      apiGroup: string+ = rbac.authorization.k8s.io; kind!: string+; name!: string+
    Subject atomic:
      apiGroup: string; kind!: string+; name!: string+; namespace: string
    """
}
