// Written by generate.py from Kubernetes 1.36's OpenAPI and overlay.py; do not edit.

extension BuiltinSchemas {
  static let node = """
    Overhead:
      podFixed: {quantity}
    RuntimeClass:
      apiVersion: string; handler!: string+; kind: string; metadata: meta.ObjectMeta+; overhead: Overhead?;
      scheduling: Scheduling?
    Scheduling:
      nodeSelector: {string} atomic; tolerations: [core.Toleration atomic]
    """
}
