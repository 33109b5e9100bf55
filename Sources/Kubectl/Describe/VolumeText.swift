import APIMachinery

/// Volumes of pods and of PersistentVolumes (`describe.go`, describeVolumes).
enum VolumeText {
  /// A line of a source: its title, where its value stands, and what is said where there is none.
  private typealias Row = (title: String, path: [Key], absent: String)

  private static let sources: [(key: Key, type: String, rows: [Row])] = [
    (
      .hostPath, "HostPath (bare host directory volume)",
      [("Path", [.path], ""), ("HostPathType", [.type], "<none>")]
    ),
    (
      .emptyDir, "EmptyDir (a temporary directory that shares a pod's lifetime)",
      [("Medium", [.medium], ""), ("SizeLimit", [.sizeLimit], "<unset>")]
    ),
    (
      .secret, "Secret (a volume populated by a Secret)",
      [("SecretName", [.secretName], ""), ("Optional", [.optional], "false")]
    ),
    (
      .configMap, "ConfigMap (a volume populated by a ConfigMap)",
      [("Name", [.name], ""), ("Optional", [.optional], "false")]
    ),
    (
      .persistentVolumeClaim,
      "PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)",
      [("ClaimName", [.claimName], ""), ("ReadOnly", [.readOnly], "false")]
    ),
    (
      .nfs, "NFS (an NFS mount that lasts the lifetime of a pod)",
      [("Server", [.server], ""), ("Path", [.path], ""), ("ReadOnly", [.readOnly], "false")]
    ),
    (
      .csi, "CSI (a Container Storage Interface (CSI) volume source)",
      [
        ("Driver", [.driver], ""), ("FSType", [.fsType], ""), ("VolumeHandle", [.volumeHandle], ""),
        ("ReadOnly", [.readOnly], "false"),
      ]
    ),
    (
      "local", "LocalVolume (a persistent volume backed by local storage on a node)", [("Path", [.path], "")]
    ),
    (
      .image, "Image (a container image or OCI artifact)",
      [("Reference", [.reference], ""), ("PullPolicy", [.pullPolicy], "")]
    ),
  ]

  static func write(_ volumes: Value, indent: String, _ writer: inout DescribeWriter) {
    if volumes.isEmpty {
      writer.line(0, "\(indent)Volumes:\t<none>")
      return
    }
    writer.line(0, "\(indent)Volumes:")
    for volume in volumes.items {
      writer.line(1, "\(indent.isEmpty ? "" : " ")\(volume[.name].string ?? ""):")
      source(volume, &writer)
    }
  }

  /// The source of a volume (or of a PersistentVolume's spec).
  static func source(_ volume: Value, _ writer: inout DescribeWriter) {
    if let projected = volume.get(.projected) { return self.projected(projected, &writer) }
    if let downward = volume.get(.downwardAPI) { return downwardAPI(downward, &writer) }
    if volume.has(.ephemeral) {
      writer.field(
        "Type",
        "EphemeralVolume (an inline specification for a volume that gets created and deleted with the pod)",
        level: 2)
      return
    }
    for known in sources {
      guard let source = volume.get(known.key) else { continue }
      writer.field("Type", known.type, level: 2)
      for row in known.rows {
        var value = source
        for key in row.path { value = value[key] }
        // Inline CSI volumes have no handle.
        if value.isNull, row.title == "VolumeHandle" { continue }
        writer.field(row.title, value.isNull ? row.absent : DescribeWriter.text(value), level: 2)
      }
      if known.key == .csi {
        let attributes = source[.volumeAttributes].fields.map { "\($0.key)=\($0.value.string ?? "")" }
        writer.list("VolumeAttributes", attributes, indent: "    ")
      }
      return
    }
    writer.line(1, "<unknown>")
  }

  private static func projected(_ volume: Value, _ writer: inout DescribeWriter) {
    writer.field(
      "Type", "Projected (a volume that contains injected data from multiple sources)", level: 2)
    for source in volume[.sources].items {
      if let secret = source.get(.secret) {
        writer.field("SecretName", secret[.name], level: 2)
        writer.field("Optional", secret[.optional].bool == true ? "true" : "false", level: 2)
      } else if source.has(.downwardAPI) {
        writer.field("DownwardAPI", "true", level: 2)
      } else if let map = source.get(.configMap) {
        writer.field("ConfigMapName", map[.name], level: 2)
        writer.field("Optional", map[.optional].bool == true ? "true" : "false", level: 2)
      } else if let token = source.get(.serviceAccountToken) {
        writer.field("TokenExpirationSeconds", token[.expirationSeconds], level: 2)
      }
    }
  }

  private static func downwardAPI(_ volume: Value, _ writer: inout DescribeWriter) {
    writer.field("Type", "DownwardAPI (a volume populated by information about the pod)", level: 2)
    writer.line(2, "Items:")
    for item in volume[.items].items {
      let from = item[.fieldRef].get(.fieldPath) ?? item[.resourceFieldRef][.resource]
      writer.line(3, "\(DescribeWriter.text(from)) -> \(item[.path].string ?? "")")
    }
  }
}
