import APIMachinery
import Basics

/// `SetDefaults_Namespace` and the namespace strategy.
enum NamespaceDefaults {
  static func namespace(_ object: inout Value) {
    let key = Key("kubernetes.io/metadata.name")
    // The name may not be known yet; then the label is empty and refused with the name.
    if object.label(key) != object.name, !object.name.isEmpty { object.setLabel(key, object.name) }
  }

  static func prepare(_ object: inout Value) {
    namespace(&object)
    object[.status] = ["phase": "Active"]
    let finalizers = object[.spec][.finalizers]
    if !finalizers.items.contains("kubernetes") {
      object[.spec][.finalizers] = .array(Array(finalizers.items) + ["kubernetes"])
    }
  }
}

/// `stringData` becomes `data` (`Convert_v1_Secret_To_core_Secret`).
enum SecretDefaults {
  static func secret(_ object: inout Value) {
    if object[.data].fields.contains(where: { $0.value.isNull }) {
      object[.data] = .object(object[.data].fields.map { $0.value.isNull ? Field($0.key, "") : $0 })
    }
    guard let plain = object.get(.stringData) else { return }
    if !plain.isEmpty {
      var data = Array(object[.data].fields)
      for field in plain.fields {
        data.append(
          Field(field.key, .string(Base64.encode(field.value.text.map { Array($0.utf8) } ?? []))))
      }
      object[.data] = .object(data)
    }
    object.remove(.stringData)
  }
}

/// `SetDefaults_LimitRangeItem`: a container's limits come from max, its requests from limits, then from min.
enum LimitRangeDefaults {
  static func limitRange(_ object: inout Value) {
    guard object[.spec].isObject else { return }
    PodDefaults.map(&object[.spec], .limits) { item in
      guard item[.type].says("Container") else { return }
      var limits = item[.default]
      fill(&limits, item[.max])
      var requests = item[.defaultRequest]
      fill(&requests, limits)
      fill(&requests, item[.min])
      if !limits.isEmpty, limits != item[.default] { item[.default] = limits }
      if !requests.isEmpty, requests != item[.defaultRequest] { item[.defaultRequest] = requests }
    }
  }

  private static func fill(_ list: inout Value, _ from: Value) {
    for field in from.fields where !list.has(field.key) { list[field.key] = field.value }
  }
}

/// `SetDefaults_NodeStatus` and the conversion of `podCIDR`.
enum NodeDefaults {
  static func node(_ object: inout Value) {
    if object[.status][.allocatable].isEmpty, let capacity = object[.status].get(.capacity) {
      object[.status][.allocatable] = capacity
    }
    // The two spellings of the pod ranges.
    let cidr = object[.spec][.podCIDR].string ?? ""
    let first = object[.spec][.podCIDRs].items.first?.string ?? ""
    if !cidr.isEmpty, first != cidr { object[.spec][.podCIDRs] = [.string(cidr)] }
    if cidr.isEmpty, !first.isEmpty { object[.spec][.podCIDR] = .string(first) }
  }
}

/// The strategy of volumes (`pkg/registry/core/persistentvolume/strategy.go`).
enum PersistentVolumeDefaults {
  static func prepare(_ object: inout Value) {
    object[.status] = ["phase": "Pending"]
    if let now = object[.metadata].get(.creationTimestamp) { object[.status][.lastPhaseTransitionTime] = now }
  }
}

/// The strategy of claims: `dataSource` and `dataSourceRef` say the same (`NormalizeDataSources`).
enum PersistentVolumeClaimDefaults {
  static func claim(_ object: inout Value) {
    if let source = object[.spec].get(.dataSource), !isClaimOrSnapshot(source) {
      object[.spec].remove(.dataSource)
    }
    let spec = object[.spec]
    if let source = spec.get(.dataSource), !spec.has(.dataSourceRef) {
      object[.spec][.dataSourceRef] = source
    } else if let source = spec.get(.dataSourceRef), !spec.has(.dataSource),
      source[.namespace].string ?? "" == ""
    {
      object[.spec][.dataSource] = source
    }
  }

  private static func isClaimOrSnapshot(_ source: Value) -> Bool {
    switch source[.apiGroup].string ?? "" {
    case "": source[.kind].says("PersistentVolumeClaim")
    case "snapshot.storage.k8s.io": source[.kind].says("VolumeSnapshot")
    default: false
    }
  }

  static func prepare(_ object: inout Value) { object[.status] = ["phase": "Pending"] }
}
