// Written by generate.py from Kubernetes 1.36's OpenAPI and overlay.py; do not edit.

extension BuiltinSchemas {
  static let networking = """
    HTTPIngressPath:
      backend!: IngressBackend+; path: string; pathType!: enum(Exact|ImplementationSpecific|Prefix)?
    HTTPIngressRuleValue:
      paths!: [HTTPIngressPath atomic]+
    IPAddress:
      apiVersion: string; kind: string; metadata: meta.ObjectMeta+; spec!: IPAddressSpec+
    IPAddressSpec:
      parentRef!: ParentReference?
    IPBlock:
      cidr!: string+; except: [string atomic]
    Ingress:
      apiVersion: string; kind: string; metadata: meta.ObjectMeta+; spec: IngressSpec+;
      status: IngressStatus+
    IngressBackend:
      resource: core.TypedLocalObjectReference?; service: IngressServiceBackend?
    IngressClass:
      apiVersion: string; kind: string; metadata: meta.ObjectMeta+; spec: IngressClassSpec+
    IngressClassParametersReference:
      apiGroup: string?; kind!: string+; name!: string+; namespace: string?; scope: string?
    IngressClassSpec:
      controller: string; parameters: IngressClassParametersReference?
    IngressLoadBalancerIngress:
      hostname: string; ip: string; ports: [IngressPortStatus atomic]
    IngressLoadBalancerStatus:
      ingress: [IngressLoadBalancerIngress atomic]
    IngressPortStatus:
      error: string?; port!: int32+; protocol!: enum(SCTP|TCP|UDP)+
    IngressRule:
      host: string; http: HTTPIngressRuleValue? in:IngressRuleValue
    IngressServiceBackend:
      name!: string+; port: ServiceBackendPort+
    IngressSpec:
      defaultBackend: IngressBackend?; ingressClassName: string?; rules: [IngressRule atomic];
      tls: [IngressTLS atomic]
    IngressStatus:
      loadBalancer: IngressLoadBalancerStatus+
    IngressTLS:
      hosts: [string atomic]; secretName: string
    NetworkPolicy:
      apiVersion: string; kind: string; metadata: meta.ObjectMeta+; spec: NetworkPolicySpec+
    NetworkPolicyEgressRule:
      ports: [NetworkPolicyPort atomic]; to: [NetworkPolicyPeer atomic]
    NetworkPolicyIngressRule:
      from: [NetworkPolicyPeer atomic]; ports: [NetworkPolicyPort atomic]
    NetworkPolicyPeer:
      ipBlock: IPBlock?; namespaceSelector: meta.LabelSelector?; podSelector: meta.LabelSelector?
    NetworkPolicyPort:
      endPort: int32?; port: intstr?; protocol: enum(SCTP|TCP|UDP)? = TCP
    NetworkPolicySpec:
      egress: [NetworkPolicyEgressRule atomic]; ingress: [NetworkPolicyIngressRule atomic];
      podSelector: meta.LabelSelector+; policyTypes: [enum(Egress|Ingress) atomic]
    ParentReference:
      group: string; name!: string+; namespace: string; resource!: string+
    ServiceBackendPort atomic:
      name: string; number: int32
    ServiceCIDR:
      apiVersion: string; kind: string; metadata: meta.ObjectMeta+; spec: ServiceCIDRSpec+;
      status: ServiceCIDRStatus+
    ServiceCIDRSpec:
      cidrs: [string atomic]
    ServiceCIDRStatus:
      conditions: [meta.Condition by type] merge:type
    """
}
