// Written by generate.py from Kubernetes 1.36's OpenAPI and overlay.py; do not edit.

extension BuiltinSchemas {
  static let apiregistration = """
    APIService:
      apiVersion: string; kind: string; metadata: meta.ObjectMeta+; spec: APIServiceSpec+;
      status: APIServiceStatus+
    APIServiceCondition:
      lastTransitionTime: time+; message: string; reason: string; status!: string+; type!: string+
    APIServiceSpec:
      caBundle: bytes; group: string; groupPriorityMinimum!: int32+; insecureSkipTLSVerify: bool;
      service: ServiceReference?; version: string; versionPriority!: int32+
    APIServiceStatus:
      conditions: [APIServiceCondition by type] merge:type
    ServiceReference:
      name: string; namespace: string; port: int32? = 443
    """
}
