import APIMachinery
import Basics
import Kubectl

/// Claims, volumes and classes.
enum StorageColumns {
  static func claim() -> [PrinterColumn] {
    [
      PrinterColumns.name, PrinterColumns.phase("STATUS"),
      PrinterColumns.spec("VOLUME", .volumeName, absent: ""),
      PrinterColumn("CAPACITY") { claim, _ in claim.status[.capacity][.storage].string ?? "" },
      PrinterColumn("ACCESS MODES") { claim, _ in AccessModes.text(claim.status[.accessModes]) },
      PrinterColumns.spec("STORAGECLASS", .storageClassName, absent: ""),
      PrinterColumns.spec("VOLUMEATTRIBUTESCLASS", .volumeAttributesClassName, absent: "<unset>"),
      PrinterColumns.age, PrinterColumns.spec("VOLUMEMODE", .volumeMode, absent: "<unset>").wide,
    ]
  }

  static func volume() -> [PrinterColumn] {
    [
      PrinterColumns.name,
      PrinterColumn("CAPACITY") { volume, _ in volume.spec[.capacity][.storage].string ?? "" },
      PrinterColumn("ACCESS MODES") { volume, _ in AccessModes.text(volume.spec[.accessModes]) },
      PrinterColumns.spec("RECLAIM POLICY", .persistentVolumeReclaimPolicy), PrinterColumns.phase("STATUS"),
      PrinterColumn("CLAIM") { volume, _ in
        guard let claim = volume.spec.get(.claimRef) else { return "" }
        return "\(claim[.namespace].string ?? "")/\(claim[.name].string ?? "")"
      },
      PrinterColumns.spec("STORAGECLASS", .storageClassName, absent: ""),
      PrinterColumns.spec("VOLUMEATTRIBUTESCLASS", .volumeAttributesClassName, absent: "<unset>"),
      PrinterColumn("REASON") { volume, _ in volume.status[.reason].string ?? "" }, PrinterColumns.age,
      PrinterColumns.spec("VOLUMEMODE", .volumeMode, absent: "<unset>").wide,
    ]
  }

  static func storageClass() -> [PrinterColumn] {
    [
      PrinterColumn("NAME") { object, _ in
        let isDefault = object.annotation("storageclass.kubernetes.io/is-default-class") == "true"
        return object.name + (isDefault ? " (default)" : "")
      },
      PrinterColumns.text("PROVISIONER", .provisioner), PrinterColumns.text("RECLAIMPOLICY", .reclaimPolicy),
      PrinterColumns.text("VOLUMEBINDINGMODE", .volumeBindingMode),
      PrinterColumn("ALLOWVOLUMEEXPANSION") { object, _ in
        object[.allowVolumeExpansion].bool == true ? "true" : "false"
      },
      PrinterColumns.age,
    ]
  }

  static func attachment() -> [PrinterColumn] {
    [
      PrinterColumns.name, PrinterColumns.spec("ATTACHER", .attacher),
      PrinterColumn("PV") { object, _ in object.spec[.source][.persistentVolumeName].string ?? "" },
      PrinterColumns.spec("NODE", .nodeName),
      PrinterColumn("ATTACHED") { object, _ in object.status[.attached].bool == true ? "true" : "false" },
      PrinterColumns.age,
    ]
  }
}

/// Events, quotas, roles and the rest.
enum OtherColumns {
  static func event() -> [PrinterColumn] {
    [
      PrinterColumn("LAST SEEN") { event, now in
        let last = event[.lastTimestamp].isNull ? event[.eventTime] : event[.lastTimestamp]
        return PrinterColumns.age(last, now)
      },
      PrinterColumns.text("TYPE", .type), PrinterColumns.text("REASON", .reason),
      PrinterColumn("OBJECT") { event, _ in
        let about = event[.involvedObject]
        return "\((about[.kind].string ?? "").lowercased())/\(about[.name].string ?? "")"
      },
      PrinterColumn("SUBOBJECT") { event, _ in event[.involvedObject][.fieldPath].string ?? "" }.wide,
      PrinterColumn("SOURCE") { event, _ in
        event[.source][.component].string ?? event[.reportingComponent].string ?? ""
      }.wide,
      PrinterColumn("MESSAGE") { event, _ in
        (event[.message].string ?? "").split(separator: "\n").joined(separator: " ")
      },
      PrinterColumn("FIRST SEEN") { event, now in
        let first = event[.firstTimestamp].isNull ? event[.eventTime] : event[.firstTimestamp]
        return PrinterColumns.age(first, now)
      }.wide,
      PrinterColumn("COUNT") { event, _ in String(event[.count].int ?? 1) }.wide,
      PrinterColumn("NAME") { event, _ in event.name }.wide,
    ]
  }

  static func quota() -> [PrinterColumn] {
    func list(_ title: String, _ limits: Bool) -> PrinterColumn {
      PrinterColumn(title) { quota, _ in
        quota.status[.hard].fields.filter { $0.key.string.hasPrefix("limits.") == limits }.map { field in
          let used = PrinterColumns.scalar(quota.status[.used].get(field.key) ?? "0")
          return "\(field.key): \(used)/\(PrinterColumns.scalar(field.value))"
        }.joined(separator: ", ")
      }
    }
    return [PrinterColumns.name, list("REQUEST", false), list("LIMIT", true), PrinterColumns.age]
  }

  static func priorityClass() -> [PrinterColumn] {
    [
      PrinterColumns.name, PrinterColumns.text("VALUE", .value),
      PrinterColumn("GLOBAL-DEFAULT") { object, _ in object[.globalDefault].bool == true ? "true" : "false" },
      PrinterColumns.age, PrinterColumns.text("PREEMPTIONPOLICY", .preemptionPolicy),
    ]
  }

  static func lease() -> [PrinterColumn] {
    [PrinterColumns.name, PrinterColumns.spec("HOLDER", .holderIdentity, absent: ""), PrinterColumns.age]
  }

  static func roleBinding() -> [PrinterColumn] {
    func subjects(_ title: String, _ kind: String) -> PrinterColumn {
      PrinterColumn(title) { object, _ in
        object[.subjects].items.filter { $0[.kind].string == kind }.map { subject in
          let name = subject[.name].string ?? ""
          return kind == "ServiceAccount" ? "\(subject[.namespace].string ?? "")/\(name)" : name
        }.joined(separator: ", ")
      }.wide
    }
    return [
      PrinterColumns.name,
      PrinterColumn("ROLE") { object, _ in
        "\(object[.roleRef][.kind].string ?? "")/\(object[.roleRef][.name].string ?? "")"
      },
      PrinterColumns.age, subjects("USERS", "User"), subjects("GROUPS", "Group"),
      subjects("SERVICEACCOUNTS", "ServiceAccount"),
    ]
  }

  static func signingRequest() -> [PrinterColumn] {
    [
      PrinterColumns.name, PrinterColumns.age, PrinterColumns.spec("SIGNERNAME", .signerName),
      PrinterColumns.spec("REQUESTOR", .username, absent: ""),
      PrinterColumn("REQUESTEDDURATION") { object, _ in
        object.spec[.expirationSeconds].int.map { HumanDuration.string(Int64($0)) } ?? "<none>"
      },
      PrinterColumn("CONDITION") { object, _ in
        let types = object.status[.conditions].items.compactMap { $0[.type].string }
        let issued = object.status[.certificate].string.map { $0.isEmpty ? [] : ["Issued"] } ?? []
        return types.isEmpty ? "Pending" : (types + issued).joined(separator: ",")
      },
    ]
  }
}
