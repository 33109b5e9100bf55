// Written by generate.py from Kubernetes 1.36's OpenAPI and overlay.py; do not edit.

extension BuiltinSchemas {
  static let discovery = """
    Endpoint:
      addresses!: [string set]+; conditions: EndpointConditions+; deprecatedTopology: {string};
      hints: EndpointHints?; hostname: string?; nodeName: string?; targetRef: core.ObjectReference?;
      zone: string?
    EndpointConditions:
      ready: bool?; serving: bool?; terminating: bool?
    EndpointHints:
      forNodes: [ForNode atomic]; forZones: [ForZone atomic]
    EndpointPort atomic:
      appProtocol: string?; name: string? = ""; port: int32?; protocol: enum(SCTP|TCP|UDP)? = TCP
    EndpointSlice:
      addressType!: enum(FQDN|IPv4|IPv6)+; apiVersion: string; endpoints: [Endpoint atomic]; kind: string;
      metadata: meta.ObjectMeta+; ports: [EndpointPort atomic]
    ForNode:
      name!: string+
    ForZone:
      name!: string+
    """
}
