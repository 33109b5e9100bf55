// Written by generate.py; do not edit.

/// The schema text of the built-in kinds, one section for each API group and version.
enum BuiltinSchemas {
  static let sections: [(name: String, text: String)] = [
    ("admissionregistration", admissionregistration),
    ("apiextensions", apiextensions),
    ("apiregistration", apiregistration),
    ("apps", apps),
    ("authentication", authentication),
    ("authorization", authorization),
    ("autoscaling", autoscaling),
    ("autoscaling2", autoscaling2),
    ("batch", batch),
    ("certificates", certificates),
    ("coordination", coordination),
    ("core", core),
    ("core", corePods),
    ("core", coreVolumes),
    ("discovery", discovery),
    ("events", events),
    ("flowcontrol", flowcontrol),
    ("meta", meta),
    ("networking", networking),
    ("node", node),
    ("policy", policy),
    ("rbac", rbac),
    ("resource", resource),
    ("scheduling", scheduling),
    ("storage", storage),
  ]

  /// Which section describes a group and version.
  static let sectionOfVersion: [String: String] = [
    "v1": "core",
    "admissionregistration.k8s.io/v1": "admissionregistration",
    "apiextensions.k8s.io/v1": "apiextensions",
    "apiregistration.k8s.io/v1": "apiregistration",
    "apps/v1": "apps",
    "authentication.k8s.io/v1": "authentication",
    "authorization.k8s.io/v1": "authorization",
    "autoscaling/v1": "autoscaling",
    "autoscaling/v2": "autoscaling2",
    "batch/v1": "batch",
    "certificates.k8s.io/v1": "certificates",
    "coordination.k8s.io/v1": "coordination",
    "discovery.k8s.io/v1": "discovery",
    "events.k8s.io/v1": "events",
    "flowcontrol.apiserver.k8s.io/v1": "flowcontrol",
    "networking.k8s.io/v1": "networking",
    "node.k8s.io/v1": "node",
    "policy/v1": "policy",
    "rbac.authorization.k8s.io/v1": "rbac",
    "resource.k8s.io/v1": "resource",
    "scheduling.k8s.io/v1": "scheduling",
    "storage.k8s.io/v1": "storage",
  ]
}
