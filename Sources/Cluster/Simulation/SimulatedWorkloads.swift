import APIMachinery

/// Small objects of all kinds that controllers work on, drawn at random.
extension Drawing {
  private static let kinds = [
    "Deployment", "Deployment", "Deployment", "StatefulSet", "StatefulSet", "DaemonSet", "Job", "ReplicaSet",
  ]

  mutating func node(_ i: Int) -> Value {
    let taints: [Value] = chance(15) ? [["key": "own", "value": "x", "effect": "NoSchedule"]] : []
    return [
      "apiVersion": "v1", "kind": "Node",
      "metadata": [
        "name": .string("n\(i)"), "labels": ["topology.kubernetes.io/zone": .string("z\(i % 3)")],
      ],
      "spec": taints.isEmpty ? [:] : ["taints": .array(taints)],
      "status": [
        "capacity": [
          "cpu": .string("\(number(1...6))"), "memory": .string("\(number(2...12))Gi"),
          "pods": .string("\(number(6...30))"),
        ]
      ],
    ]
  }

  mutating func template(_ app: String, restart: String = "Always") -> Value {
    var container: Value = [
      "name": "c", "image": .string("app:\(number(1...3))"),
      "resources": ["requests": ["cpu": .string("\(number(1...12))00m")]],
    ]
    if chance(30) {
      container["readinessProbe"] = [
        "httpGet": ["port": 80, "path": "/"], "initialDelaySeconds": .int(number(1...20)),
      ]
    }
    var spec: Value = ["containers": [container], "restartPolicy": .string(restart)]
    if chance(20) {
      spec["topologySpreadConstraints"] = [
        [
          "maxSkew": 1, "topologyKey": "kubernetes.io/hostname",
          "whenUnsatisfiable": .string(pick(["DoNotSchedule", "ScheduleAnyway"])),
          "labelSelector": ["matchLabels": ["app": .string(app)]],
        ]
      ]
    }
    if chance(15) {
      spec["affinity"]["podAntiAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"] = [
        ["topologyKey": "kubernetes.io/hostname", "labelSelector": ["matchLabels": ["app": .string(app)]]]
      ]
    }
    return ["metadata": ["labels": ["app": .string(app)]], "spec": spec]
  }

  private mutating func bound() -> Value {
    chance(50) ? .int(number(0...3)) : .string("\(number(0...4) * 25)%")
  }

  mutating func workload(_ i: Int) -> Value {
    let kind = pick(Self.kinds)
    let name = "w\(i)"
    var spec: Value = [
      "replicas": .int(number(0...6)), "selector": ["matchLabels": ["app": .string(name)]],
      "template": template(name, restart: kind == "Job" ? pick(["Never", "OnFailure"]) : "Always"),
    ]
    switch kind {
    case "Deployment": deployment(&spec)
    case "StatefulSet": statefulSet(&spec, name)
    case "DaemonSet": daemonSet(&spec)
    case "Job": job(&spec)
    default: if chance(30) { spec["minReadySeconds"] = .int(number(1...10)) }
    }
    return [
      "apiVersion": kind == "Job" ? "batch/v1" : "apps/v1", "kind": .string(kind),
      "metadata": ["name": .string(name), "namespace": "default"], "spec": spec,
    ]
  }

  private mutating func deployment(_ spec: inout Value) {
    if chance(30) { spec["minReadySeconds"] = .int(number(1...10)) }
    if chance(30) { spec["progressDeadlineSeconds"] = .int(number(11...90)) }
    if chance(30) { spec["revisionHistoryLimit"] = .int(number(0...2)) }
    if chance(20) {
      spec["strategy"] = ["type": "Recreate"]
    } else if chance(70) {
      spec["strategy"] = [
        "type": "RollingUpdate", "rollingUpdate": ["maxSurge": bound(), "maxUnavailable": bound()],
      ]
    }
  }

  private mutating func statefulSet(_ spec: inout Value, _ name: String) {
    spec["serviceName"] = .string(name)
    if chance(40) { spec["podManagementPolicy"] = "Parallel" }
    if chance(20) { spec["updateStrategy"] = ["type": "OnDelete"] }
    if chance(30) {
      spec["updateStrategy"] = [
        "type": "RollingUpdate",
        "rollingUpdate": ["partition": .int(number(0...3)), "maxUnavailable": .int(number(1...3))],
      ]
    }
    if chance(20) { spec["minReadySeconds"] = .int(number(1...10)) }
    if chance(20) { spec["ordinals"] = ["start": .int(number(0...3))] }
  }

  private mutating func daemonSet(_ spec: inout Value) {
    spec.remove("replicas")
    if chance(40) {
      spec["updateStrategy"] = [
        "type": "RollingUpdate",
        "rollingUpdate": chance(50)
          ? ["maxSurge": .int(number(1...2)), "maxUnavailable": 0] : ["maxUnavailable": .int(number(1...3))],
      ]
    } else if chance(20) {
      spec["updateStrategy"] = ["type": "OnDelete"]
    }
  }

  private mutating func job(_ spec: inout Value) {
    spec.remove("replicas")
    spec.remove("selector")
    spec["parallelism"] = .int(number(0...4))
    if chance(70) { spec["completions"] = .int(number(1...5)) }
    if chance(40) { spec["backoffLimit"] = .int(number(0...3)) }
    if chance(30) { spec["activeDeadlineSeconds"] = .int(number(5...120)) }
    if chance(30) { spec["ttlSecondsAfterFinished"] = .int(number(0...60)) }
    if chance(40) {
      spec["completionMode"] = "Indexed"
      if !spec.has("completions") { spec["completions"] = .int(number(1...5)) }
    }
  }

  /// Things beside workload `i`: a service, a budget, an autoscaler, a quota.
  mutating func companion(_ i: Int) -> Value {
    let name = Value.string("w\(i)")
    let meta: Value = ["name": name, "namespace": "default"]
    let selector: Value = ["matchLabels": ["app": name]]
    switch number(0...3) {
    case 0:
      return [
        "apiVersion": "v1", "kind": "Service", "metadata": meta,
        "spec": ["selector": ["app": name], "ports": [["port": 80]]],
      ]
    case 1:
      let bound: Value = chance(50) ? ["minAvailable": self.bound()] : ["maxUnavailable": self.bound()]
      return [
        "apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": meta,
        "spec": bound.setting("selector", selector),
      ]
    case 2:
      return [
        "apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "metadata": meta,
        "spec": [
          "scaleTargetRef": ["apiVersion": "apps/v1", "kind": "Deployment", "name": name],
          "minReplicas": .int(number(1...2)), "maxReplicas": .int(number(2...8)),
          "metrics": [
            [
              "type": "Resource",
              "resource": [
                "name": "cpu",
                "target": ["type": "AverageValue", "averageValue": .string("\(number(1...9))00m")],
              ],
            ]
          ],
        ],
      ]
    default:
      return [
        "apiVersion": "v1", "kind": "ResourceQuota", "metadata": ["name": "q", "namespace": "default"],
        "spec": ["hard": ["pods": .int(number(2...20)), "requests.cpu": .string("\(number(2...12))")]],
      ]
    }
  }
}
