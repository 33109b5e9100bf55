import API
import APIMachinery
import APIServer
import Basics
import Testing

private func pod(_ name: String, _ spec: String = #"{"containers":[{"name":"c","image":"x"}]}"#) -> Value {
  json(#"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"\#(name)"},"spec":\#(spec)}"#)
}

extension Value {
  fileprivate func inNamespace(_ name: String) -> Value {
    var copy = self
    copy[.metadata][.namespace] = .string(name)
    return copy
  }
}

@Suite struct AdmissionTests {
  let server = makeServer()

  @Test func podsMountTheirToken() throws {
    let made = try server.create(
      pod("p", #"{"containers":[{"name":"c","image":"x"}],"initContainers":[{"name":"i","image":"x"}]}"#))
    let volume = made[.spec][.volumes][0]
    let name = try #require(volume[.name].string)
    #expect(name.hasPrefix("kube-api-access-") && name.utf8.count == 21)
    for list in [Key.containers, Key.initContainers] {
      let mount = made[.spec][list][0][.volumeMounts][0]
      #expect(mount[.name].string == name)
      #expect(mount[.mountPath].string == "/var/run/secrets/kubernetes.io/serviceaccount")
    }
    #expect(volume[.projected][.sources].count == 3)
    #expect(made[.spec][.serviceAccountName].string == "default")
    #expect(made[.spec][.priority].int == 0)
    #expect(made[.spec][.preemptionPolicy].string == "PreemptLowerPriority")
    #expect(made[.spec][.tolerations].count == 2)
  }

  @Test func tokensCanBeDeclined() throws {
    try server.create(
      json(
        #"{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"quiet"},"automountServiceAccountToken":false,"imagePullSecrets":[{"name":"r"}]}"#
      ))
    let made = try server.create(
      pod("p", #"{"serviceAccountName":"quiet","containers":[{"name":"c","image":"x"}]}"#))
    #expect(made[.spec][.volumes].isEmpty)
    #expect(made[.spec][.imagePullSecrets][0][.name].string == "r")
  }

  @Test(arguments: [
    (
      #"{"serviceAccountName":"ghost","containers":[{"name":"c","image":"x"}]}"#,
      #"pods "p" is forbidden: error looking up service account default/ghost: serviceaccount "ghost" not found"#
    ),
    (
      #"{"priorityClassName":"nobody","containers":[{"name":"c","image":"x"}]}"#,
      #"pods "p" is forbidden: no PriorityClass with name nobody was found"#
    ),
    (
      #"{"runtimeClassName":"kata","containers":[{"name":"c","image":"x"}]}"#,
      #"pods "p" is forbidden: pod rejected: RuntimeClass "kata" not found"#
    ),
    (
      #"{"priority":7,"containers":[{"name":"c","image":"x"}]}"#,
      #"pods "p" is forbidden: the integer value of priority (7) must not be provided in pod spec; priority admission controller computed 0 from the given PriorityClass name"#
    ),
  ])
  func refusals(_ spec: String, _ message: String) {
    let error = refusal { () throws(APIError) in try server.create(pod("p", spec)) }
    #expect(error?.message == message)
    #expect(error?.reason == .forbidden)
  }

  @Test func limitRangesFillAndBound() throws {
    addNamespace(server, "limited")
    try server.create(
      json(
        #"{"apiVersion":"v1","kind":"LimitRange","metadata":{"name":"limits","namespace":"limited"},"spec":{"limits":[{"default":{"cpu":"500m","memory":"256Mi"},"defaultRequest":{"cpu":"100m","memory":"128Mi"},"max":{"cpu":"1"},"maxLimitRequestRatio":{"cpu":"5"},"type":"Container"},{"max":{"cpu":"1500m"},"type":"Pod"},{"max":{"storage":"10Gi"},"min":{"storage":"1Gi"},"type":"PersistentVolumeClaim"}]}}"#
      ))
    let made = try server.create(pod("p").inNamespace("limited"))
    #expect(made[.spec][.containers][0][.resources][.limits][.memory].string == "256Mi")
    #expect(
      made.annotation("kubernetes.io/limit-ranger")
        == "LimitRanger plugin set: cpu, memory request for container c; cpu, memory limit for container c")
    let large = pod(
      "large",
      #"{"containers":[{"name":"c","image":"x","resources":{"limits":{"cpu":"2"},"requests":{"cpu":"2"}}}]}"#)
    #expect(
      refusal { () throws(APIError) in try server.create(large.inNamespace("limited")) }?.message
        == #"pods "large" is forbidden: [maximum cpu usage per Container is 1, but limit is 2, maximum cpu usage per Pod is 1500m, but limit is 2]"#
    )
    let ratio = pod(
      "ratio",
      #"{"containers":[{"name":"c","image":"x","resources":{"limits":{"cpu":"1"},"requests":{"cpu":"100m"}}}]}"#
    )
    #expect(
      refusal { () throws(APIError) in try server.create(ratio.inNamespace("limited")) }?.message
        == #"pods "ratio" is forbidden: cpu max limit to request ratio per Container is 5, but provided ratio is 10.000000"#
    )
    let claim = json(
      #"{"apiVersion":"v1","kind":"PersistentVolumeClaim","metadata":{"name":"tiny","namespace":"limited"},"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Mi"}}}}"#
    )
    #expect(
      refusal { () throws(APIError) in try server.create(claim) }?.message
        == #"persistentvolumeclaims "tiny" is forbidden: minimum storage usage per PersistentVolumeClaim is 1Gi, but request is 1Mi"#
    )
  }

  @Test func quotasAreChargedAndKept() throws {
    let key = ObjectKey(.resourceQuota, namespace: "default", name: "q")
    var quota = try server.create(
      json(
        #"{"apiVersion":"v1","kind":"ResourceQuota","metadata":{"name":"q"},"spec":{"hard":{"pods":"2","requests.cpu":"1"}}}"#
      ))
    quota[.status] = [
      "hard": ["pods": "2", "requests.cpu": "1"], "used": ["pods": "0", "requests.cpu": "0"],
    ]
    try server.updateStatus(quota)
    func asking(_ name: String, _ cpu: String) -> Value {
      pod(
        name,
        #"{"containers":[{"name":"c","image":"x","resources":{"requests":{"cpu":"\#(cpu)"}}}]}"#)
    }
    #expect(
      refusal { () throws(APIError) in try server.create(pod("direct")) }?.message
        == #"pods "direct" is forbidden: failed quota: q: must specify requests.cpu for: c"#)
    try server.create(asking("a", "100m"))
    try server.create(asking("b", "100m"))
    #expect(server.get(key)?[.status][.used][Key("requests.cpu")].string == "200m")
    #expect(
      refusal { () throws(APIError) in try server.create(asking("direct2", "2")) }?.message
        == #"pods "direct2" is forbidden: exceeded quota: q, requested: pods=1,requests.cpu=2, used: pods=2,requests.cpu=200m, limited: pods=2,requests.cpu=1"#
    )
    #expect(server.get(key)?[.status][.used][Key("pods")].string == "2")
  }

  /// A pod made like an earlier one is refused under its own name.
  @Test func quotasRefusePodsUnderTheirOwnNames() throws {
    var quota = try server.create(
      json(
        #"{"apiVersion":"v1","kind":"ResourceQuota","metadata":{"name":"q"},"spec":{"hard":{"pods":"1"}}}"#))
    quota[.status] = ["hard": ["pods": "1"], "used": ["pods": "0"]]
    try server.updateStatus(quota)
    let template = json(
      #"""
      {"apiVersion":"v1","kind":"Pod","metadata":{"generateName":"web-","namespace":"default"},
      "spec":{"containers":[{"name":"c","image":"x"}]}}
      """#)
    let first = try server.create(template)
    let refused = try #require(refusal { () throws(APIError) in try server.create(template) })
    #expect(refused.message.hasPrefix(#"pods "web-"#))
    #expect(!refused.message.contains("\"\(first.name)\""))
  }

  @Test func objectCountsAreLimited() throws {
    var quota = try server.create(
      json(
        #"{"apiVersion":"v1","kind":"ResourceQuota","metadata":{"name":"counts"},"spec":{"hard":{"count/configmaps":"1","services.nodeports":"0"}}}"#
      ))
    quota[.status] = [
      "hard": ["count/configmaps": "1", "services.nodeports": "0"],
      "used": ["count/configmaps": "1", "services.nodeports": "0"],
    ]
    try server.updateStatus(quota)
    let map = json(#"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c"}}"#)
    #expect(
      refusal { () throws(APIError) in try server.create(map) }?.message
        == #"configmaps "c" is forbidden: exceeded quota: counts, requested: count/configmaps=1, used: count/configmaps=1, limited: count/configmaps=1"#
    )
    let service = json(
      #"{"apiVersion":"v1","kind":"Service","metadata":{"name":"s"},"spec":{"type":"NodePort","ports":[{"port":80}]}}"#
    )
    #expect(
      refusal { () throws(APIError) in try server.create(service) }?.message
        == #"services "s" is forbidden: exceeded quota: counts, requested: services.nodeports=1, used: services.nodeports=0, limited: services.nodeports=0"#
    )
  }

  @Test(arguments: [
    ("baseline", #""hostNetwork":true"#, "{}", "host namespaces (hostNetwork=true)"),
    (
      "baseline", #""hostNetwork":true,"hostPID":true"#, #"{"privileged":true}"#,
      #"host namespaces (hostNetwork=true, hostPID=true), privileged (container "c" must not set securityContext.privileged=true)"#
    ),
    (
      "restricted", #""nodeSelector":{}"#, "{}",
      #"allowPrivilegeEscalation != false (container "c" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container "c" must set securityContext.capabilities.drop=["ALL"]), runAsNonRoot != true (pod or container "c" must set securityContext.runAsNonRoot=true), seccompProfile (pod or container "c" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")"#
    ),
    (
      "restricted",
      #""securityContext":{"runAsNonRoot":true,"runAsUser":0,"seccompProfile":{"type":"RuntimeDefault"}}"#,
      #"{"allowPrivilegeEscalation":false,"capabilities":{"drop":["ALL"]}}"#,
      "runAsUser=0 (pod must not set runAsUser=0)"
    ),
  ])
  func podSecurity(_ level: String, _ podPart: String, _ context: String, _ why: String) {
    addNamespace(server, "guarded", labels: [Key("pod-security.kubernetes.io/enforce"): .string(level)])
    let made = pod(
      "p", #"{\#(podPart),"containers":[{"name":"c","image":"x","securityContext":\#(context)}]}"#)
    #expect(
      refusal { () throws(APIError) in try server.create(made.inNamespace("guarded")) }?.message
        == #"pods "p" is forbidden: violates PodSecurity "\#(level):latest": \#(why)"#)
  }

  @Test func storageIsProtectedAndClassed() throws {
    try server.create(
      json(
        #"{"apiVersion":"storage.k8s.io/v1","kind":"StorageClass","metadata":{"name":"std","annotations":{"storageclass.kubernetes.io/is-default-class":"true"}},"provisioner":"a/b"}"#
      ))
    let claim = try server.create(
      json(
        #"{"apiVersion":"v1","kind":"PersistentVolumeClaim","metadata":{"name":"c"},"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}}"#
      ))
    #expect(claim[.spec][.storageClassName].string == "std")
    #expect(claim[.metadata][.finalizers] == ["kubernetes.io/pvc-protection"])
    var grown = claim
    grown[.spec][.resources][.requests][.storage] = "2Gi"
    #expect(
      refusal { () throws(APIError) in try server.update(grown) }?.message
        == #"PersistentVolumeClaim "c" is invalid: spec: Forbidden: spec is immutable after creation except "#
        + "resources.requests and volumeAttributesClassName for bound claims")
  }

  @Test func nodesStartTaintedAndLabelTheirPods() throws {
    let node = try server.create(
      json(
        #"{"apiVersion":"v1","kind":"Node","metadata":{"name":"n1","labels":{"topology.kubernetes.io/zone":"z1"}}}"#
      ))
    #expect(node[.spec][.taints] == [["key": "node.kubernetes.io/not-ready", "effect": "NoSchedule"]])
    try server.create(pod("p"))
    let key = ObjectKey(.pod, namespace: "default", name: "p")
    try server.bind(key, toNode: "n1")
    let bound = try #require(server.get(key))
    #expect(bound.label("topology.kubernetes.io/zone") == "z1")
    #expect(bound[.spec][.nodeName].string == "n1")
    #expect(bound.condition("PodScheduled")?[.status].string == "True")
    #expect(
      refusal { () throws(APIError) in try server.bind(key, toNode: "n2") }?.message
        == #"Operation cannot be fulfilled on pods/binding "p": pod p is already assigned to node "n1""#)
  }

  @Test func policiesDenyAndWarn() throws {
    func policy(_ kind: String, _ name: String, _ spec: String) throws {
      try server.apply(
        manifest: json(
          #"{"apiVersion":"admissionregistration.k8s.io/v1","kind":"\#(kind)","metadata":{"name":"\#(name)"},"spec":\#(spec)}"#
        ))
    }
    let rules =
      #""matchConstraints":{"resourceRules":[{"apiGroups":[""],"apiVersions":["v1"],"operations":["CREATE","UPDATE"],"resources":["configmaps"]}]}"#
    try policy(
      "ValidatingAdmissionPolicy", "few",
      #"{\#(rules),"validations":[{"expression":"size(object.data) <= 1","messageExpression":"'too many: ' + string(size(object.data))"}]}"#
    )
    try policy(
      "ValidatingAdmissionPolicy", "names",
      #"{\#(rules),"validations":[{"expression":"!object.metadata.name.startsWith('tmp-')","message":"temporary"}]}"#
    )
    try policy(
      "ValidatingAdmissionPolicyBinding", "few", #"{"policyName":"few","validationActions":["Deny"]}"#)
    try policy(
      "ValidatingAdmissionPolicyBinding", "names", #"{"policyName":"names","validationActions":["Warn"]}"#)
    func map(_ name: String, _ data: String) -> Value {
      json(#"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"\#(name)"},"data":\#(data)}"#)
    }
    let made = try server.apply(manifest: map("tmp-x", #"{"a":"1"}"#))
    #expect(
      made.warnings == [
        "Validation failed for ValidatingAdmissionPolicy 'names' with binding 'names': temporary"
      ])
    let error = refusal { () throws(APIError) in try server.create(map("m", #"{"a":"1","b":"2"}"#)) }
    #expect(
      error?.message
        == #"configmaps "m" is forbidden: ValidatingAdmissionPolicy 'few' with binding 'few' denied request: too many: 2"#
    )
    #expect(error?.code == 422)
  }

  private func put(_ kind: String, _ name: String, _ spec: String) throws {
    try server.apply(
      manifest: json(
        #"{"apiVersion":"admissionregistration.k8s.io/v1","kind":"\#(kind)","metadata":{"name":"\#(name)"},"#
          + #""spec":\#(spec)}"#))
  }

  private static let mutations: [(String, String, String)] = [
    (
      #""patchType":"ApplyConfiguration","applyConfiguration":{"expression":"Object{metadata: Object.metadata{labels: {'owner': object.metadata.name}}}"}"#,
      #"{"app":"a","owner":"p"}"#, ""
    ),
    (
      #""patchType":"JSONPatch","jsonPatch":{"expression":"[JSONPatch{op: 'add', path: '/metadata/labels/' + jsonpatch.escapeKey('a/b'), value: 'x'}]"}"#,
      #"{"a/b":"x","app":"a"}"#, ""
    ),
    (
      #""patchType":"ApplyConfiguration","applyConfiguration":{"expression":"Object{spec: Object.spec{containers: [Object.spec.containers{name: 'c', args: ['x']}]}}"}"#,
      "",
      "policy 'm' with binding 'm' denied request: error applying patch: invalid ApplyConfiguration: may not "
        + "mutate atomic arrays, maps or structs: .spec.containers[0].args"
    ),
  ]

  @Test(arguments: mutations) func policiesMutate(mutation: String, labels: String, why: String) throws {
    try put(
      "MutatingAdmissionPolicy", "m",
      #"{"reinvocationPolicy":"Never","matchConstraints":{"resourceRules":[{"apiGroups":[""],"apiVersions":["v1"],"operations":["CREATE"],"resources":["pods"]}]},"mutations":[{\#(mutation)}]}"#
    )
    try put("MutatingAdmissionPolicyBinding", "m", #"{"policyName":"m"}"#)
    let pod = json(
      #"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p","labels":{"app":"a"}},"spec":{"containers":[{"name":"c","image":"i"}]}}"#
    )
    var made = Value.null
    let error = refusal { () throws(APIError) in made = try server.create(pod) }
    #expect(error?.message ?? "" == (why.isEmpty ? "" : "pods \"p\" is forbidden: " + why))
    if why.isEmpty { #expect(made[.metadata][.labels] == json(labels)) }
  }

  private static let standards: [(String, String, Bool)] = [
    ("v1.26", #""sysctls":[{"name":"net.ipv4.ip_local_reserved_ports","value":"1"}]"#, false),
    ("v1.27", #""sysctls":[{"name":"net.ipv4.ip_local_reserved_ports","value":"1"}]"#, true),
    ("v1.31", #""sysctls":[{"name":"net.ipv4.tcp_rmem","value":"1"}]"#, false),
    ("latest", #""sysctls":[{"name":"net.ipv4.tcp_rmem","value":"1"}]"#, true),
    ("v1.30", #""seLinuxOptions":{"type":"container_engine_t"}"#, false),
    ("v1.31", #""seLinuxOptions":{"type":"container_engine_t"}"#, true),
    ("v1.18", #""seccompProfile":{"type":"Unconfined"}"#, true),
    ("v1.19", #""seccompProfile":{"type":"Unconfined"}"#, false),
  ]

  @Test(arguments: standards) func standardsHaveVersions(version: String, context: String, isGood: Bool) {
    addNamespace(
      server, "safe",
      labels: [
        "pod-security.kubernetes.io/enforce": "baseline",
        "pod-security.kubernetes.io/enforce-version": .string(version),
      ])
    let error = refusal { () throws(APIError) in
      try server.create(
        json(
          #"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p","namespace":"safe"},"spec":{"securityContext":{\#(context)},"containers":[{"name":"c","image":"i"}]}}"#
        ))
    }
    #expect((error == nil) == isGood, "\(error?.message ?? "")")
  }

  @Test func someNamespacesStay() {
    let error = refusal { () throws(APIError) in
      try server.delete(ObjectKey(.namespace, name: "default"))
    }
    #expect(error?.message == #"namespaces "default" is forbidden: this namespace may not be deleted"#)
  }
}

@Suite struct AlikePodsTests {
  @Test func shareTheirSpecsUntilSomethingChanges() throws {
    let server = makeServer()
    let text =
      #"{"apiVersion":"v1","kind":"Pod","metadata":{"generateName":"web-","ownerReferences":[{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"web","uid":"u","controller":true}]},"spec":{"containers":[{"name":"c","image":"x"}]}}"#
    let first = try server.create(json(text))
    let second = try server.create(json(text))
    #expect(first.name != second.name && first.uid != second.uid)
    #expect(first.resourceVersion != second.resourceVersion)
    #expect(first[.spec].identity == second[.spec].identity)
    #expect(server.get(ObjectKey(of: second)) == second)
    try server.create(
      json(
        #"{"apiVersion":"v1","kind":"LimitRange","metadata":{"name":"l"},"spec":{"limits":[{"type":"Container","default":{"cpu":"1"}}]}}"#
      ))
    let third = try server.create(json(text))
    #expect(third[.spec][.containers][0][.resources][.limits][.cpu].string == "1")
  }
}
