import API
import APIMachinery
import ControllerRuntime

enum PodDescriber: Describer {
  static let kind = GroupKind.pod

  static func describe(_ pod: Value, _ writer: inout DescribeWriter, _ context: DescribeContext) {
    head(pod, &writer, context)
    if let resources = pod.spec.get(.resources) {
      writer.line(0, "Resources:")
      ContainerText.resources(resources, level: 1, &writer)
    }
    if !pod.spec[.initContainers].isEmpty {
      ContainerText(statuses: pod.status[.initContainerStatuses], pod: pod).write(
        "Init Containers", pod.spec[.initContainers], &writer)
    }
    ContainerText(statuses: pod.status[.containerStatuses], pod: pod).write(
      "Containers", pod.spec[.containers], &writer)
    conditions(pod, &writer)
    VolumeText.write(pod.spec[.volumes], indent: "", &writer)
    writer.field("QoS Class", pod.status[.qosClass])
    writer.labels("Node-Selectors", pod.spec[.nodeSelector])
    PodTemplateText.tolerations(pod.spec[.tolerations], indent: "", &writer)
    PodTemplateText.spread(pod.spec[.topologySpreadConstraints], indent: "", &writer)
  }

  private static func head(_ pod: Value, _ writer: inout DescribeWriter, _ context: DescribeContext) {
    writer.head(pod)
    if let priority = pod.spec.get(.priority) { writer.field("Priority", priority) }
    writer.optional("Priority Class Name", pod.spec.get(.priorityClassName))
    writer.optional("Runtime Class Name", pod.spec.get(.runtimeClassName))
    writer.optional("Service Account", pod.spec.get(.serviceAccountName))
    let node = pod.spec[.nodeName].string ?? ""
    writer.field("Node", node.isEmpty ? "<none>" : "\(node)/\(pod.status[.hostIP].string ?? "")")
    if let start = pod.status.get(.startTime) { writer.field("Start Time", DescribeWriter.time(start)) }
    writer.metadata(pod)
    if pod.isTerminating, !PodPhase.isTerminal(pod) {
      let since = context.age(pod.metadata[.deletionTimestamp])
      writer.field("Status", "Terminating (lasts \(since))")
      writer.field(
        "Termination Grace Period", "\(pod.metadata[.deletionGracePeriodSeconds].int ?? 0)s")
    } else {
      writer.field("Status", pod.status[.phase])
    }
    writer.optional("Reason", pod.status.get(.reason))
    writer.optional("Message", pod.status.get(.message))
    let seccomp = pod.spec[.securityContext][.seccompProfile]
    writer.optional("SeccompProfile", seccomp.get(.type))
    writer.optional("LocalhostProfile", seccomp.get(.localhostProfile))
    writer.field("IP", pod.status[.podIP])
    if pod.status[.podIPs].isEmpty {
      writer.field("IPs", "<none>")
    } else {
      writer.line(0, "IPs:")
      for item in pod.status[.podIPs].items { writer.field("IP", item[.ip], level: 1) }
    }
    writer.controller(pod)
    writer.optional("NominatedNodeName", pod.status.get(.nominatedNodeName))
  }

  private static func conditions(_ pod: Value, _ writer: inout DescribeWriter) {
    let gates = pod.spec[.readinessGates].items
    if !gates.isEmpty {
      writer.line(0, "Readiness Gates:")
      writer.line(1, "Type\tStatus")
      for gate in gates {
        let type = gate[.conditionType].string ?? ""
        writer.line(1, "\(type) \t\(pod.condition(type)?[.status].string ?? "<none>") ")
      }
    }
    let conditions = pod.status[.conditions].items
    if conditions.isEmpty { return }
    writer.line(0, "Conditions:")
    writer.line(1, "Type\tStatus")
    for item in conditions {
      writer.line(1, "\(item[.type].string ?? "") \t\(item[.status].string ?? "") ")
    }
  }
}
