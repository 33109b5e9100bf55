import APIMachinery

/// `RWO,ROX`: access modes as tables show them.
public enum AccessModes {
  private static let short: [(name: String, short: String)] = [
    ("ReadWriteOnce", "RWO"), ("ReadOnlyMany", "ROX"), ("ReadWriteMany", "RWX"), ("ReadWriteOncePod", "RWOP"),
  ]

  public static func text(_ modes: Value) -> String {
    let given = modes.items.compactMap(\.string)
    return short.filter { given.contains($0.name) }.map(\.short).joined(separator: ",")
  }
}

enum PersistentVolumeClaimDescriber: Describer {
  static let kind = GroupKind.persistentVolumeClaim

  static func describe(_ claim: Value, _ writer: inout DescribeWriter, _ context: DescribeContext) {
    writer.head(claim)
    writer.field("StorageClass", PersistentVolumeDescriber.storageClass(claim))
    PersistentVolumeDescriber.status(claim, &writer, context)
    writer.field("Volume", claim.spec[.volumeName])
    writer.metadata(claim)
    writer.field("Finalizers", finalizers(claim))
    let isBound = !(claim.spec[.volumeName].string ?? "").isEmpty
    writer.field("Capacity", isBound ? DescribeWriter.text(claim.status[.capacity][.storage]) : "")
    writer.field("Access Modes", isBound ? AccessModes.text(claim.status[.accessModes]) : "")
    writer.optional("VolumeMode", claim.spec.get(.volumeMode))
    if let source = claim.spec.get(.dataSource) {
      writer.line(0, "DataSource:")
      writer.optional("APIGroup", source.get(.apiGroup), level: 1)
      writer.field("Kind", source[.kind], level: 1)
      writer.field("Name", source[.name], level: 1)
    }
    let pods = context.client.list(.pod, namespace: claim.namespaceKey).filter { pod in
      pod.spec[.volumes].items.contains { $0[.persistentVolumeClaim][.claimName].string == claim.name }
        || claim.metadata[.ownerReferences].items.contains { $0[.uid].string == pod.uid }
    }
    writer.list("Used By", pods.map(\.name).sorted())
    if claim.status[.conditions].isEmpty { return }
    writer.line(0, "Conditions:")
    writer.line(1, "Type\tStatus\tLastProbeTime\tLastTransitionTime\tReason\tMessage")
    writer.line(1, "----\t------\t-----------------\t------------------\t------\t-------")
    for item in claim.status[.conditions].items {
      let cells = [
        item[.type].string ?? "", item[.status].string ?? "", DescribeWriter.time(item[.lastProbeTime]),
        DescribeWriter.time(item[.lastTransitionTime]), item[.reason].string ?? "",
      ]
      writer.line(1, cells.map { $0 + " \t" }.joined() + (item[.message].string ?? ""))
    }
  }

  static func finalizers(_ object: Value) -> String {
    "[" + object.metadata[.finalizers].items.compactMap(\.string).joined(separator: " ") + "]"
  }
}

enum PersistentVolumeDescriber: Describer {
  static let kind = GroupKind.persistentVolume

  static func describe(_ volume: Value, _ writer: inout DescribeWriter, _ context: DescribeContext) {
    writer.field("Name", volume.name)
    writer.metadata(volume)
    writer.field("Finalizers", PersistentVolumeClaimDescriber.finalizers(volume))
    writer.field("StorageClass", storageClass(volume))
    status(volume, &writer, context)
    let claim = volume.spec.get(.claimRef)
    writer.field(
      "Claim", claim.map { "\($0[.namespace].string ?? "")/\($0[.name].string ?? "")" } ?? "")
    writer.field("Reclaim Policy", volume.spec[.persistentVolumeReclaimPolicy])
    writer.field("Access Modes", AccessModes.text(volume.spec[.accessModes]))
    writer.optional("VolumeMode", volume.spec.get(.volumeMode))
    writer.field("Capacity", volume.spec[.capacity][.storage])
    affinity(volume.spec[.nodeAffinity][.required], &writer)
    writer.field("Message", volume.status[.message])
    writer.line(0, "Source:")
    VolumeText.source(volume.spec, &writer)
  }

  static func storageClass(_ object: Value) -> String {
    object.annotation("volume.beta.kubernetes.io/storage-class") ?? object.spec[.storageClassName].string
      ?? ""
  }

  static func status(_ object: Value, _ writer: inout DescribeWriter, _ context: DescribeContext) {
    if object.isTerminating {
      writer.field("Status", "Terminating (lasts \(context.age(object.metadata[.deletionTimestamp])))")
    } else {
      writer.field("Status", object.status[.phase])
    }
  }

  private static func affinity(_ required: Value, _ writer: inout DescribeWriter) {
    if required.isNull {
      writer.field("Node Affinity", "<none>")
      return
    }
    writer.line(0, "Node Affinity:\t")
    if required[.nodeSelectorTerms].isEmpty {
      writer.field("Required Terms", "<none>", level: 1)
      return
    }
    writer.line(1, "Required Terms:\t")
    for (i, term) in required[.nodeSelectorTerms].items.enumerated() {
      let lines = term[.matchExpressions].items.map { item in
        let values = item[.values].items.compactMap(\.string).joined(separator: ", ")
        return "\(item[.key].string ?? "") \((item[.operator].string ?? "").lowercased())"
          + (values.isEmpty ? "" : " [\(values)]")
      }
      writer.list("Term \(i)", lines, indent: "    ")
    }
  }
}

enum StorageClassDescriber: Describer {
  static let kind = GroupKind.storageClass

  static func describe(_ object: Value, _ writer: inout DescribeWriter, _ context: DescribeContext) {
    writer.field("Name", object.name)
    let isDefault = object.annotation("storageclass.kubernetes.io/is-default-class") == "true"
    writer.field("IsDefaultClass", isDefault ? "Yes" : "No")
    writer.field(
      "Annotations", DescribeWriter.map(object.annotations.removing(ThreeWayMerge.lastAppliedAnnotation)))
    writer.field("Provisioner", object[.provisioner])
    writer.field("Parameters", DescribeWriter.map(object[.parameters]))
    let expands = object[.allowVolumeExpansion].bool
    writer.field("AllowVolumeExpansion", expands.map { $0 ? "True" : "False" } ?? "<unset>")
    if object[.mountOptions].isEmpty {
      writer.field("MountOptions", "<none>")
    } else {
      writer.line(0, "MountOptions:")
      for option in object[.mountOptions].items { writer.line(1, option.string ?? "") }
    }
    writer.optional("ReclaimPolicy", object.get(.reclaimPolicy))
    writer.optional("VolumeBindingMode", object.get(.volumeBindingMode))
  }
}
