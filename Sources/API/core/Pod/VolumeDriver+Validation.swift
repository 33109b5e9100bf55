import APIMachinery

/// The volume sources of single storage systems, as pods and as volumes have them
/// (`pkg/apis/core/validation/validation.go`).
enum VolumeDriverValidation {
  /// Where a source is used: the rules differ a little.
  enum Use {
    case pod(volume: String)
    case persistent(volume: String)
  }

  static let all: Set<String> = [
    "gcePersistentDisk", "awsElasticBlockStore", "iscsi", "glusterfs", "flocker", "rbd", "cinder", "cephfs",
    "quobyte", "fc", "flexVolume", "azureFile", "vsphereVolume", "photonPersistentDisk", "portworxVolume",
    "azureDisk", "storageos", "scaleIO",
  ]

  static func check(_ key: String, _ source: Value, _ use: Use, _ at: Path, _ out: inout Findings) {
    func need(_ names: String...) {
      for name in names where source[Key(name)].string.isNilOrEmpty { out.required(at.child(name)) }
    }
    switch key {
    case "iscsi": iscsi(source, use, at, &out)
    case "glusterfs": glusterfs(source, use, at, &out)
    case "flocker": flocker(source, at, &out)
    case "rbd":
      if source[.monitors].isEmpty { out.required(at.child("monitors")) }
      need("image")
    case "cephfs":
      if source[.monitors].isEmpty { out.required(at.child("monitors")) }
    case "cinder":
      need("volumeID")
      secret(source, use, at, &out)
    case "quobyte": quobyte(source, at, &out)
    case "fc": fibre(source, at, &out)
    case "flexVolume":
      need("driver")
      for option in source[.options].fields { flexOption(option.key.string, at.child("options"), &out) }
    case "azureFile":
      need("secretName", "shareName")
      if case .persistent = use, source[.secretNamespace].says("") {
        out.required(at.child("secretNamespace"))
      }
    case "azureDisk": azureDisk(source, at, &out)
    case "vsphereVolume": need("volumePath")
    case "photonPersistentDisk": need("pdID")
    case "portworxVolume": need("volumeID")
    case "scaleIO": need("gateway", "system", "volumeName")
    case "storageos": storageOS(source, use, at, &out)
    default: break
    }
  }

  /// Disks are told under a name of their own.
  static func disk(_ key: String, _ source: Value, _ at: Path, _ out: inout Findings) {
    let name = key == "gcePersistentDisk" ? "pdName" : "volumeID"
    if source[Key(name)].string.isNilOrEmpty { out.required(at.child(name)) }
    if let partition = source[.partition].int, partition < 0 || partition > 255 {
      out.invalid(at.child("partition"), .int(partition), "must be between 0 and 255, inclusive")
    }
  }

  private static func secret(_ source: Value, _ use: Use, _ at: Path, _ out: inout Findings) {
    guard let ref = source.get(.secretRef) else { return }
    let place = at.child("secretRef")
    if ref[.name].string.isNilOrEmpty { out.required(place.child("name")) }
    if case .persistent = use, ref[.namespace].string.isNilOrEmpty { out.required(place.child("namespace")) }
  }

  private static let iqn = try? RegularExpression(#"^iqn\.\d{4}-\d{2}\.([[:alnum:]-.]+)(:[^,;*&$|\s]+)$"#)
  private static let eui = try? RegularExpression("^eui.[[:xdigit:]]{16}$")
  private static let naa = try? RegularExpression("^naa.[[:xdigit:]]{32}$")

  private static func initiator(
    _ name: String, _ isPod: Bool, _ at: Path, _ out: inout Findings
  ) {
    let forms = [("iqn", iqn), ("eui", eui), ("naa", naa)]
    guard let form = forms.first(where: { name.hasPrefix($0.0) }) else {
      let tail = isPod ? " starting with iqn, eui, or naa" : ""
      return out.invalid(at, name, "must be valid format" + tail)
    }
    if form.1?.matches(name) == false { out.invalid(at, name, "must be valid format") }
  }

  private static func iscsi(_ source: Value, _ use: Use, _ at: Path, _ out: inout Findings) {
    let portal = source[.targetPortal].string ?? ""
    let name = source[.initiatorName].string
    let tooLong =
      "Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName "
      + "is specified."
    var isPod = true
    if portal.isEmpty { out.required(at.child("targetPortal")) }
    if case .persistent(let volume) = use {
      isPod = false
      if name != nil, "\(volume):\(portal)".utf8.count > 64 {
        out.invalid(at.child("targetportal"), portal, tooLong)
      }
    }
    let target = source[.iqn].string ?? ""
    if target.isEmpty {
      out.required(at.child("iqn"))
    } else {
      initiator(target, isPod, at.child("iqn"), &out)
    }
    if let lun = source[.lun].int, lun < 0 || lun > 255 {
      out.invalid(at.child("lun"), .int(lun), Names.inRange(0, 255))
    }
    let asks = source[.chapAuthDiscovery].bool == true || source[.chapAuthSession].bool == true
    if asks, !source.has(.secretRef) { out.required(at.child("secretRef")) }
    if !isPod, let ref = source.get(.secretRef), ref[.name].string.isNilOrEmpty {
      out.required(at.child("secretRef").child("name"))
    }
    if let name { initiator(name, isPod, at.child("initiatorname"), &out) }
  }

  /// The name of a pod's volume counts too.
  static func iscsiName(_ source: Value, _ volume: String, _ path: Path, _ out: inout Findings) {
    guard source.has(.initiatorName),
      "\(volume):\(source[.targetPortal].string ?? "")".utf8.count > 64
    else { return }
    out.invalid(
      path.child("name"), volume,
      "Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName "
        + "is specified.")
  }

  private static func glusterfs(_ source: Value, _ use: Use, _ at: Path, _ out: inout Findings) {
    for name in ["endpoints", "path"] where source[Key(name)].string.isNilOrEmpty {
      out.required(at.child(name))
    }
    guard case .persistent = use, let namespace = source[.endpointsNamespace].string else { return }
    let place = at.child("endpointsNamespace")
    if namespace.isEmpty {
      out.invalid(
        place, namespace, "if the endpointnamespace is set, it must be a valid namespace name")
    } else {
      out.invalid(place, namespace, all: Names.isDNS1123Label(namespace))
    }
  }

  private static func flocker(_ source: Value, _ at: Path, _ out: inout Findings) {
    let name = source[.datasetName].string ?? ""
    let uuid = source[.datasetUUID].string ?? ""
    if name.isEmpty, uuid.isEmpty { out.required(at, "one of datasetName and datasetUUID is required") }
    if !name.isEmpty, !uuid.isEmpty {
      out.invalid(at, "resource", "datasetName and datasetUUID can not be specified simultaneously")
    }
    if name.contains("/") { out.invalid(at.child("datasetName"), name, "must not contain '/'") }
  }

  private static func quobyte(_ source: Value, _ at: Path, _ out: inout Findings) {
    let registry = source[.registry].string ?? ""
    let why = "must be a host:port pair or multiple pairs separated by commas"
    if registry.isEmpty {
      out.required(at.child("registry"), why)
    } else if (source[.tenant].string ?? "").utf8.count >= 65 {
      out.required(at.child("tenant"), "must be a UUID and may not exceed a length of 64 characters")
    } else {
      for pair in registry.split(separator: ",", omittingEmptySubsequences: false)
      where pair.utf8.count(where: { $0 == 0x3A }) != 1 {
        out.invalid(at.child("registry"), registry, why)
      }
    }
    if source[.volume].string.isNilOrEmpty { out.required(at.child("volume")) }
  }

  private static func fibre(_ source: Value, _ at: Path, _ out: inout Findings) {
    let names = source[.targetWWNs]
    let ids = source[.wwids]
    let place = at.child("targetWWNs")
    if names.isEmpty, ids.isEmpty {
      out.required(place, "must specify either targetWWNs or wwids, but not both")
    }
    if !names.isEmpty, !ids.isEmpty {
      out.invalid(place, names, "targetWWNs and wwids can not be specified simultaneously")
    }
    if names.isEmpty { return }
    guard let lun = source[.lun].int else {
      return out.required(at.child("lun"), "lun is required if targetWWNs is specified")
    }
    if lun < 0 || lun > 255 { out.invalid(at.child("lun"), .int(lun), Names.inRange(0, 255)) }
  }

  private static func flexOption(_ option: String, _ at: Path, _ out: inout Findings) {
    let space = "." + option.prefix { $0 != "/" }.lowercased()
    if space.hasSuffix(".kubernetes.io") || space.hasSuffix(".k8s.io") {
      out.invalid(at.key(option), option, "kubernetes.io and k8s.io namespaces are reserved")
    }
  }

  private static func azureDisk(_ source: Value, _ at: Path, _ out: inout Findings) {
    for name in ["diskName", "diskURI"] where source[Key(name)].string.isNilOrEmpty {
      out.required(at.child(name))
    }
    if let mode = source.get(.cachingMode) {
      out.oneOf(at.child("cachingMode"), mode, ["None", "ReadOnly", "ReadWrite"])
    }
    guard let kind = source.get(.kind) else { return }
    out.oneOf(at.child("kind"), kind, ["Dedicated", "Managed", "Shared"])
    let uri = source[.diskURI].string ?? ""
    if kind == "Managed", !uri.hasPrefix("/subscriptions/") {
      out.notSupported(
        at.child("diskURI"), .string(uri),
        ["/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}"])
    }
    if kind != "Managed", !uri.hasPrefix("https://") {
      out.notSupported(
        at.child("diskURI"), .string(uri),
        ["https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd"])
    }
  }

  private static func storageOS(_ source: Value, _ use: Use, _ at: Path, _ out: inout Findings) {
    let name = source[.volumeName].string ?? ""
    if name.isEmpty {
      out.required(at.child("volumeName"))
    } else {
      out.invalid(at.child("volumeName"), name, all: Names.isDNS1123Label(name))
    }
    let namespace = source[.volumeNamespace].string ?? ""
    if !namespace.isEmpty {
      out.invalid(at.child("volumeNamespace"), namespace, all: Names.isDNS1123Label(namespace))
    }
    secret(source, use, at, &out)
  }
}
