import APIMachinery

/// Volume plugins that are deprecated or gone (`pkg/api/pod/warnings.go`, `pkg/api/persistentvolume/util.go`).
enum DeprecatedVolumes {
  private static let gone: [(Key, String)] = [
    (.flocker, "deprecated in v1.22, non-functional in v1.25+"),
    (.storageos, "deprecated in v1.22, non-functional in v1.25+"),
    (.quobyte, "deprecated in v1.22, non-functional in v1.25+"),
    (.glusterfs, "deprecated in v1.25, non-functional in v1.26+"),
    (.cephfs, "deprecated in v1.28, non-functional in v1.31+"),
    (.rbd, "deprecated in v1.28, non-functional in v1.31+"),
  ]
  private static let photon = "deprecated in v1.11, non-functional in v1.16+"
  private static let scaleIO = "deprecated in v1.16, non-functional in v1.22+"

  static let inPods: [(Key, String)] =
    [
      (.photonPersistentDisk, photon), (.gitRepo, "deprecated in v1.11, and disabled by default in v1.33+"),
      (.scaleIO, scaleIO),
    ] + gone

  static let ofVolumes: [(Key, String)] = [
    (.cephfs, "deprecated in v1.28, non-functional in v1.31+"), (.photonPersistentDisk, photon),
    (.scaleIO, scaleIO), (.storageos, "deprecated in v1.22, non-functional in v1.25+"),
    (.glusterfs, "deprecated in v1.25, non-functional in v1.26+"),
    (.rbd, "deprecated in v1.28, non-functional in v1.31+"),
    (.flocker, "deprecated in v1.22, non-functional in v1.25+"),
    (.quobyte, "deprecated in v1.22, non-functional in v1.25+"),
  ]

  /// The plugins are named by their Go fields in messages.
  static func name(_ key: Key) -> String { key == .storageos ? "storageOS" : key.string }
}

/// Paths of one volume that are, or lie in, each other (`warningsForOverlappingVirtualPaths`).
enum VolumePathWarnings {
  private struct Source: Equatable {
    var path: String
    var from: String

    init(_ path: String, _ from: String) {
      self.path = path
      while self.path.hasSuffix("/") { self.path.removeLast() }
      self.from = from
    }

    var text: String { from.isEmpty ? ScalarText.quoted(path) : "\(ScalarText.quoted(path)) (\(from))" }

    func overlaps(_ other: Source) -> Bool {
      !path.isEmpty && !other.path.isEmpty
        && ("\(path)/".hasPrefix("\(other.path)/") || "\(other.path)/".hasPrefix("\(path)/"))
    }
  }

  static func overlaps(_ volumes: Value) -> [String] {
    var out: [String] = []
    for volume in volumes.items {
      let name = ScalarText.quoted(volume[.name].string ?? "")
      for (key, word, field) in [
        (Key.configMap, "ConfigMap", Key.name), (.secret, "Secret", .secretName),
        (.downwardAPI, "DownwardAPI", .name),
      ] {
        guard volume[key].has(.items) else { continue }
        let paths = volume[key][.items].items.map { Source($0[.path].string ?? "", "") }
        let about =
          key == .downwardAPI ? word : "\(word) \(ScalarText.quoted(volume[key][field].string ?? ""))"
        out += among(paths).map { "volume \(name) (\(about)): overlapping paths: \($0)" }
      }
      guard let projected = volume.get(.projected) else { continue }
      var paths: [Source] = []
      for source in projected[.sources].items {
        if source.isEmpty {
          out.append("volume \(name) (Projected) has no sources provided")
        } else {
          paths += self.paths(source)
        }
      }
      out += among(paths).map { "volume \(name) (Projected): overlapping paths: \($0)" }
    }
    return out
  }

  private static func among(_ paths: [Source]) -> [String] {
    var out: [String] = []
    for (i, path) in paths.enumerated() {
      for other in paths[..<i] where path.overlaps(other) { out.append("\(path.text) with \(other.text)") }
    }
    return out
  }

  private static func paths(_ source: Value) -> [Source] {
    for (key, word) in [(Key.configMap, "ConfigMap"), (.secret, "Secret"), (.downwardAPI, "DownwardAPI")] {
      guard source[key].has(.items) else { continue }
      let from = key == .downwardAPI ? word : "\(word) \(ScalarText.quoted(source[key][.name].string ?? ""))"
      return source[key][.items].items.map { Source($0[.path].string ?? "", from) }
    }
    if let token = source.get(.serviceAccountToken) {
      return [Source(token[.path].string ?? "", "ServiceAccountToken")]
    }
    if let bundle = source.get(.clusterTrustBundle) {
      let name = bundle[.name].string ?? bundle[.signerName].string ?? ""
      return [Source(bundle[.path].string ?? "", "ClusterTrustBundle \(ScalarText.quoted(name))")]
    }
    let certificate = source[.podCertificate]
    return [
      (Key.certificateChainPath, "PodCertificate chain"), (.keyPath, "PodCertificate key"),
      (.credentialBundlePath, "PodCertificate credential bundle"),
    ].compactMap { key, word in
      guard let path = certificate[key].string, !path.isEmpty else { return nil }
      return Source(path, word)
    }
  }
}

/// Claims and volumes (`pkg/api/persistentvolumeclaim/util.go`, `pkg/api/persistentvolume/util.go`).
enum ClaimWarnings {
  private static let classAnnotation: Key = "volume.beta.kubernetes.io/storage-class"
  private static let useClass = "deprecated since v1.8; use \"storageClassName\" attribute instead"
  private static let mountAnnotation: Key = "volume.beta.kubernetes.io/mount-options"

  static func spec(_ spec: Value, _ path: Path) -> [String] {
    [(Key.requests, "requests"), (.limits, "limits")].compactMap { part, name in
      guard let amount = Quantity(spec[.resources][part][.storage]), !amount.isInteger else { return nil }
      let at = path.child("resources").child(name).key("storage")
      return
        "\(at.text): fractional byte value \(ScalarText.quoted(amount.canonical)) is invalid, must be an "
        + "integer"
    }
  }

  static func claim(_ claim: Value) -> [String] {
    var out: [String] = []
    if claim.annotation(classAnnotation) != nil {
      out.append("metadata.annotations[\(classAnnotation)]: \(useClass)")
    }
    return out + spec(claim[.spec], .spec)
  }

  static func volume(_ volume: Value) -> [String] {
    var out: [String] = []
    let spec = volume[.spec]
    if volume.annotation(classAnnotation) != nil {
      out.append("metadata.annotations[\(classAnnotation)]: \(useClass)")
    }
    if volume.annotation(mountAnnotation) != nil {
      out.append(
        "metadata.annotations[\(mountAnnotation)]: deprecated since v1.31; use \"mountOptions\" attribute "
          + "instead")
    }
    if spec[.persistentVolumeReclaimPolicy].says("Recycle") {
      out.append(
        "spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended "
          + "approach is to use dynamic provisioning.")
    }
    let terms = Path.spec.child("nodeAffinity").child("required").child("nodeSelectorTerms")
    for (i, term) in spec[.nodeAffinity][.required][.nodeSelectorTerms].items.enumerated() {
      out += NodeLabelWarnings.term(term, checksValues: false, terms.index(i))
    }
    for (key, why) in DeprecatedVolumes.ofVolumes where spec.has(key) {
      out.append("spec.\(DeprecatedVolumes.name(key)): \(why)")
    }
    return out
  }
}
