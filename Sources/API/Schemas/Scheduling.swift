// Written by generate.py from Kubernetes 1.36's OpenAPI and overlay.py; do not edit.

extension BuiltinSchemas {
  static let scheduling = """
    PriorityClass:
      apiVersion: string; description: string; globalDefault: bool; kind: string;
      metadata: meta.ObjectMeta+;
      preemptionPolicy: enum(Never|PreemptLowerPriority)? = PreemptLowerPriority; value: int32+
    """
}
