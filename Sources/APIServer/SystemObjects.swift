import APIMachinery

/// Objects that a control plane makes for itself when it starts. A pass keeps only those that something reads
/// (`Bootstrap`); creating one of the others is refused all the same when a document is judged alone.
enum SystemObjects {
  static func contains(_ key: ObjectKey) -> Bool {
    let name = key.name.string
    switch (key.kind.group, key.kind.kind) {
    case ("", "Namespace"): return namespaces.contains(name)
    case ("", "Service"): return key.namespace.string == "default" && name == "kubernetes"
    case ("scheduling.k8s.io", "PriorityClass"):
      return name == "system-node-critical" || name == "system-cluster-critical"
    case ("networking.k8s.io", "ServiceCIDR"): return name == "kubernetes"
    case ("flowcontrol.apiserver.k8s.io", "FlowSchema"): return flowSchemas.contains(name)
    case ("flowcontrol.apiserver.k8s.io", "PriorityLevelConfiguration"): return levels.contains(name)
    case ("rbac.authorization.k8s.io", "ClusterRole"):
      return boundRoles.contains(name) || unboundRoles.contains(name) || isController(name)
    case ("rbac.authorization.k8s.io", "ClusterRoleBinding"):
      return boundRoles.contains(name) || isController(name)
    case ("rbac.authorization.k8s.io", "Role"): return roles.contains("\(key.namespace.string)/\(name)")
    case ("rbac.authorization.k8s.io", "RoleBinding"):
      return roleBindings.contains("\(key.namespace.string)/\(name)")
    default: return false
    }
  }

  private static let namespaces = words("default kube-system kube-public kube-node-lease")

  private static func isController(_ name: String) -> Bool {
    let prefix = "system:controller:"
    return name.hasPrefix(prefix) && controllers.contains(String(name.dropFirst(prefix.count)))
  }

  private static func words(_ text: String) -> Set<String> {
    Set(text.split(whereSeparator: \.isWhitespace).map(String.init))
  }

  /// Controllers with a role and a binding (`rbac/bootstrappolicy/controller_policy.go`).
  private static let controllers = words(
    """
    attachdetach-controller certificate-controller clusterrole-aggregation-controller \
    cronjob-controller daemon-set-controller deployment-controller device-taint-eviction-controller \
    disruption-controller endpoint-controller endpointslice-controller \
    endpointslicemirroring-controller ephemeral-volume-controller expand-controller \
    generic-garbage-collector horizontal-pod-autoscaler job-controller \
    legacy-service-account-token-cleaner namespace-controller node-controller persistent-volume-binder \
    pod-garbage-collector pv-protection-controller pvc-protection-controller replicaset-controller \
    replication-controller resource-claim-controller resourcequota-controller root-ca-cert-publisher \
    route-controller selinux-warning-controller service-account-controller service-cidrs-controller \
    service-controller statefulset-controller ttl-after-finished-controller ttl-controller \
    validatingadmissionpolicy-status-controller volumeattributesclass-protection-controller
    """)

  /// Cluster roles with a binding of the same name (`rbac/bootstrappolicy/policy.go`).
  private static let boundRoles = words(
    """
    cluster-admin system:basic-user system:discovery system:kube-controller-manager system:kube-dns \
    system:kube-scheduler system:monitoring system:node system:node-proxier system:public-info-viewer \
    system:service-account-issuer-discovery system:volume-scheduler
    """)

  private static let unboundRoles = words(
    """
    admin edit system:aggregate-to-admin system:aggregate-to-edit system:aggregate-to-view \
    system:auth-delegator system:certificates.k8s.io:certificatesigningrequests:nodeclient \
    system:certificates.k8s.io:certificatesigningrequests:selfnodeclient \
    system:certificates.k8s.io:kube-apiserver-client-approver \
    system:certificates.k8s.io:kube-apiserver-client-kubelet-approver \
    system:certificates.k8s.io:kubelet-serving-approver \
    system:certificates.k8s.io:legacy-unknown-approver system:heapster system:kube-aggregator \
    system:kubelet-api-admin system:node-bootstrapper system:node-problem-detector \
    system:persistent-volume-provisioner view
    """)

  private static let roles = words(
    """
    kube-public/system:controller:bootstrap-signer \
    kube-system/extension-apiserver-authentication-reader \
    kube-system/system::leader-locking-kube-controller-manager \
    kube-system/system::leader-locking-kube-scheduler kube-system/system:controller:bootstrap-signer \
    kube-system/system:controller:cloud-provider kube-system/system:controller:token-cleaner
    """)

  private static let roleBindings = words(
    """
    kube-public/system:controller:bootstrap-signer \
    kube-system/system::extension-apiserver-authentication-reader \
    kube-system/system::leader-locking-kube-controller-manager \
    kube-system/system::leader-locking-kube-scheduler kube-system/system:controller:bootstrap-signer \
    kube-system/system:controller:cloud-provider kube-system/system:controller:token-cleaner
    """)

  /// `pkg/apis/flowcontrol/bootstrap/default.go`.
  private static let flowSchemas = words(
    """
    catch-all endpoint-controller exempt global-default kube-controller-manager kube-scheduler \
    kube-system-service-accounts probes service-accounts system-leader-election system-node-high \
    system-nodes workload-leader-election
    """)
  private static let levels = words(
    "catch-all exempt global-default leader-election node-high system workload-high workload-low")
}
