// Written by generate.py from Kubernetes 1.36's OpenAPI and overlay.py; do not edit.

extension BuiltinSchemas {
  static let coordination = """
    Lease:
      apiVersion: string; kind: string; metadata: meta.ObjectMeta+; spec: LeaseSpec+
    LeaseSpec:
      acquireTime: microtime?; holderIdentity: string?; leaseDurationSeconds: int32?;
      leaseTransitions: int32?; preferredHolder: string?; renewTime: microtime?; strategy: string?
    """
}
