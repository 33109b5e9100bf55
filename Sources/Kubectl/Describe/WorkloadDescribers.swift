import APIMachinery
import ControllerRuntime

enum DeploymentDescriber: Describer {
  static let kind = GroupKind.deployment

  static func describe(_ object: Value, _ writer: inout DescribeWriter, _ context: DescribeContext) {
    writer.head(object)
    writer.field("CreationTimestamp", DescribeWriter.time(object.metadata[.creationTimestamp]))
    writer.metadata(object)
    writer.field("Selector", LabelSelector(object.spec.get(.selector)).text)
    let status = { (key: Key) in object.status[key].int ?? 0 }
    writer.field(
      "Replicas",
      "\(object.spec[.replicas].int ?? 0) desired | \(status(.updatedReplicas)) updated | "
        + "\(status(.replicas)) total | \(status(.availableReplicas)) available | "
        + "\(status(.unavailableReplicas)) unavailable")
    writer.field("StrategyType", object.spec[.strategy][.type])
    writer.field("MinReadySeconds", String(object.spec[.minReadySeconds].int ?? 0))
    if let rolling = object.spec[.strategy].get(.rollingUpdate) {
      writer.field(
        "RollingUpdateStrategy",
        "\(DescribeWriter.text(rolling[.maxUnavailable])) max unavailable, "
          + "\(DescribeWriter.text(rolling[.maxSurge])) max surge")
    }
    PodTemplateText.write(object.spec[.template], &writer)
    writer.conditions(object)
    let revisions = RolloutRevisions(object, context.client)?.all ?? []
    if revisions.isEmpty { return }
    let isNew = { (revision: RolloutRevisions.Revision) in
      var template = revision.template
      template.setLabel(RolloutRevisions.hashLabel, nil)
      return template == object.spec[.template]
    }
    let new = revisions.first(where: isNew)
    let old = revisions.filter { $0.object.name != new?.object.name }.map(\.object)
    writer.field("OldReplicaSets", sets(old.sorted { $0.nameKey < $1.nameKey }))
    writer.field("NewReplicaSet", sets(new.map { [$0.object] } ?? []))
  }

  private static func sets(_ sets: [Value]) -> String {
    let texts = sets.map {
      "\($0.name) (\($0.status[.replicas].int ?? 0)/\($0.spec[.replicas].int ?? 0) replicas created)"
    }
    return texts.isEmpty ? "<none>" : texts.joined(separator: ", ")
  }
}

enum ReplicaSetDescriber: Describer {
  static let kind = GroupKind.replicaSet

  static func describe(_ object: Value, _ writer: inout DescribeWriter, _ context: DescribeContext) {
    writer.head(object)
    writer.field("Selector", DescribeWriter.selector(object.spec.get(.selector)))
    writer.metadata(object)
    writer.controller(object)
    ReplicationControllerDescriber.size(object, &writer)
    writer.podsStatus(context.pods(of: object, LabelSelector(object.spec.get(.selector))))
    PodTemplateText.write(object.spec[.template], &writer)
    writer.conditions(object)
  }
}

enum ReplicationControllerDescriber: Describer {
  static let kind = GroupKind.replicationController

  static func describe(_ object: Value, _ writer: inout DescribeWriter, _ context: DescribeContext) {
    writer.head(object)
    writer.field("Selector", DescribeWriter.map(object.spec[.selector]))
    writer.metadata(object)
    size(object, &writer)
    writer.podsStatus(context.pods(of: object, LabelSelector(matchLabels: object.spec[.selector])))
    PodTemplateText.write(object.spec[.template], &writer)
    writer.conditions(object)
  }

  static func size(_ object: Value, _ writer: inout DescribeWriter) {
    writer.field(
      "Replicas",
      "\(object.status[.replicas].int ?? 0) current / \(object.spec[.replicas].int ?? 0) desired")
  }
}

enum StatefulSetDescriber: Describer {
  static let kind = GroupKind.statefulSet

  static func describe(_ object: Value, _ writer: inout DescribeWriter, _ context: DescribeContext) {
    writer.head(object)
    writer.field("CreationTimestamp", DescribeWriter.time(object.metadata[.creationTimestamp]))
    let selector = LabelSelector(object.spec.get(.selector))
    writer.field("Selector", selector.text)
    writer.metadata(object)
    writer.field(
      "Replicas", "\(object.spec[.replicas].int ?? 0) desired | \(object.status[.replicas].int ?? 0) total")
    writer.field("Update Strategy", object.spec[.updateStrategy][.type])
    if let rolling = object.spec[.updateStrategy].get(.rollingUpdate), rolling.has(.partition) {
      writer.field("Partition", rolling[.partition], level: 1)
      writer.optional("MaxUnavailable", rolling.get(.maxUnavailable), level: 1)
    }
    writer.podsStatus(context.pods(of: object, selector))
    PodTemplateText.write(object.spec[.template], &writer)
    claims(object.spec[.volumeClaimTemplates], &writer)
  }

  private static func claims(_ templates: Value, _ writer: inout DescribeWriter) {
    if templates.isEmpty {
      writer.field("Volume Claims", "<none>")
      return
    }
    writer.line(0, "Volume Claims:")
    for claim in templates.items {
      writer.field("Name", claim.name, level: 1)
      writer.field("StorageClass", claim.spec[.storageClassName], level: 1)
      writer.labels("Labels", claim.labels, indent: "  ")
      writer.labels("Annotations", claim.annotations, indent: "  ")
      let capacity = claim.spec[.resources][.requests].get(.storage)
      writer.field("Capacity", capacity.map { DescribeWriter.text($0) } ?? "<default>", level: 1)
      writer.field("Access Modes", claim.spec[.accessModes], level: 1)
    }
  }
}

enum DaemonSetDescriber: Describer {
  static let kind = GroupKind.daemonSet

  static func describe(_ object: Value, _ writer: inout DescribeWriter, _ context: DescribeContext) {
    writer.head(object)
    let selector = LabelSelector(object.spec.get(.selector))
    writer.field("Selector", selector.text)
    writer.field("Node-Selector", DescribeWriter.map(object.spec[.template][.spec][.nodeSelector]))
    writer.metadata(object)
    let rows: [(String, Key)] = [
      ("Desired Number of Nodes Scheduled", .desiredNumberScheduled),
      ("Current Number of Nodes Scheduled", .currentNumberScheduled),
      ("Number of Nodes Scheduled with Up-to-date Pods", .updatedNumberScheduled),
      ("Number of Nodes Scheduled with Available Pods", .numberAvailable),
      ("Number of Nodes Misscheduled", .numberMisscheduled),
    ]
    for (title, key) in rows { writer.line(0, "\(title): \(object.status[key].int ?? 0)") }
    writer.podsStatus(context.pods(of: object, selector))
    PodTemplateText.write(object.spec[.template], &writer)
  }
}
