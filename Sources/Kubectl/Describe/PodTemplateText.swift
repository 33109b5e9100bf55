public import APIMachinery

/// A pod template as `describe` and `rollout history --revision` show it (`describe.go`, DescribePodTemplate).
public enum PodTemplateText {
  public static func of(_ template: Value) -> DescribeWriter {
    var writer = DescribeWriter()
    write(template, &writer)
    return writer
  }

  static func write(_ template: Value, _ writer: inout DescribeWriter) {
    writer.line(0, "Pod Template:")
    writer.labels("Labels", template.labels, indent: "  ")
    if !template.annotations.isEmpty {
      writer.annotations("Annotations", template.annotations, indent: "  ")
    }
    let spec = template[.spec]
    writer.optional("Service Account", spec.get(.serviceAccountName), level: 1)
    if !spec[.initContainers].isEmpty {
      ContainerText(indent: "  ").write("Init Containers", spec[.initContainers], &writer)
    }
    ContainerText(indent: "  ").write("Containers", spec[.containers], &writer)
    VolumeText.write(spec[.volumes], indent: "  ", &writer)
    spread(spec[.topologySpreadConstraints], indent: "  ", &writer)
    writer.optional("Priority Class Name", spec.get(.priorityClassName), level: 1)
    writer.labels("Node-Selectors", spec[.nodeSelector], indent: "  ")
    tolerations(spec[.tolerations], indent: "  ", &writer)
  }

  static func spread(_ constraints: Value, indent: String, _ writer: inout DescribeWriter) {
    if constraints.isEmpty { return }
    let sorted = constraints.items.sorted {
      ($0[.topologyKey].string ?? "") < ($1[.topologyKey].string ?? "")
    }
    writer.list(
      "Topology Spread Constraints",
      sorted.map { item in
        let selector = item.get(.labelSelector).map { " for selector \(DescribeWriter.selector($0))" } ?? ""
        return "\(item[.topologyKey].string ?? ""):\(item[.whenUnsatisfiable].string ?? "") when max skew "
          + "\(item[.maxSkew].int ?? 0) is exceeded\(selector)"
      }, indent: indent)
  }

  static func tolerations(_ tolerations: Value, indent: String, _ writer: inout DescribeWriter) {
    let sorted = tolerations.items.enumerated().sorted { a, b in
      let (x, y) = (a.element[.key].string ?? "", b.element[.key].string ?? "")
      return x == y ? a.offset < b.offset : x < y
    }.map(\.element)
    writer.list("Tolerations", sorted.map(toleration), indent: indent)
  }

  private static func toleration(_ item: Value) -> String {
    var text = item[.key].string ?? ""
    if let value = item[.value].string, !value.isEmpty { text += "=\(value)" }
    if let effect = item[.effect].string, !effect.isEmpty { text += ":\(effect)" }
    if item[.operator].says("Exists"), (item[.value].string ?? "").isEmpty {
      text += (text.isEmpty ? "" : " ") + "op=Exists"
    }
    if let seconds = item[.tolerationSeconds].int { text += " for \(seconds)s" }
    return text
  }
}
