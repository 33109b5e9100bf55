import APIMachinery

/// `validateProjectionSources` (`pkg/apis/core/validation`).
struct ProjectedVolumeValidation {
  private let path: Path
  private var paths: Set<String> = []

  static func check(_ source: Value, _ at: Path, _ out: inout Findings) {
    VolumeValidation.mode(source[.defaultMode], at.child("defaultMode"), &out)
    var validation = ProjectedVolumeValidation(path: at)
    for (i, part) in source[.sources].items.enumerated() {
      validation.source(part, at.child("sources").index(i), &out)
    }
  }

  private init(path: Path) { self.path = path }

  /// Two sources cannot write one file.
  private mutating func take(_ target: String, _ shown: String, _ out: inout Findings) {
    if target.isEmpty { return }
    if !paths.insert(target).inserted { out.invalid(path, shown, "conflicting duplicate paths") }
  }

  private mutating func source(_ part: Value, _ at: Path, _ out: inout Findings) {
    for key in ["secret", "configMap"] {
      guard let body = part.get(Key(key)) else { continue }
      let place = at.child(key)
      if body[.name].string.isNilOrEmpty { out.required(place.child("name")) }
      for (i, item) in body[.items].items.enumerated() {
        VolumeValidation.item(item, place.child("items").index(i), &out)
        take(item[.path].string ?? "", body[.name].string ?? "", &out)
      }
    }
    if let body = part.get(.downwardAPI) {
      for file in body[.items].items {
        VolumeValidation.downwardFile(file, at.child("downwardAPI"), &out)
        take(file[.path].string ?? "", file[.path].string ?? "", &out)
      }
    }
    if let token = part.get(.serviceAccountToken) {
      self.token(token, at.child("serviceAccountToken"), &out)
    }
    if let bundle = part.get(.clusterTrustBundle) {
      self.bundle(bundle, at.child("clusterTrustBundle"), &out)
    }
    if let body = part.get(.podCertificate) { certificate(body, at.child("podCertificate"), &out) }
    if part.count > 1 { out.forbidden(at, "may not specify more than 1 volume type per source") }
  }

  private func token(_ token: Value, _ at: Path, _ out: inout Findings) {
    let seconds = token[.expirationSeconds].int ?? 3600
    let place = at.child("expirationSeconds")
    if seconds < 600 { out.invalid(place, .int(seconds), "may not specify a duration less than 10 minutes") }
    if seconds > 1 << 32 {
      out.invalid(place, .int(seconds), "may not specify a duration larger than 2^32 seconds")
    }
    let text = token[.path].string ?? ""
    if text.isEmpty {
      out.required(path.child("path"))
    } else {
      VolumeValidation.local(text, path.child("path"), &out)
    }
  }

  private mutating func bundle(_ bundle: Value, _ at: Path, _ out: inout Findings) {
    switch (bundle[.name].string, bundle[.signerName].string) {
    case (.some, .some): out.invalid(at, bundle, "only one of name and signerName may be used")
    case (.some(let name), nil):
      if name.isEmpty { out.required(at.child("name"), "must be a valid object name") }
      for problem in Names.isDNS1123Subdomain(name) where !name.contains(":") {
        out.invalid(at.child("name"), name, "not a valid clustertrustbundlename: \(problem)")
      }
      if bundle.has(.labelSelector) {
        out.invalid(
          at.child("labelSelector"), bundle[.labelSelector],
          "labelSelector must be unset if name is specified")
      }
    case (nil, .some(let signer)):
      if signer.isEmpty { out.required(at.child("signerName"), "must be a valid signer name") }
      SignerNameRule.check(signer, at.child("signerName"), &out)
      SelectorRule.selector(bundle[.labelSelector], at.child("labelSelector"), &out)
    case (nil, nil): out.required(at, "either name or signerName must be specified")
    }
    let text = bundle[.path].string ?? ""
    if text.isEmpty { out.required(at.child("path")) }
    VolumeValidation.local(text, at.child("path"), &out)
    if !paths.insert(text).inserted { out.invalid(path, text, "conflicting duplicate paths") }
  }

  private static let keyTypes = ["RSA3072", "RSA4096", "ECDSAP256", "ECDSAP384", "ECDSAP521", "ED25519"]

  private mutating func certificate(_ body: Value, _ at: Path, _ out: inout Findings) {
    let signer = body[.signerName].string ?? ""
    SignerNameRule.check(signer, at.child("signerName"), &out)
    out.oneOf(at.child("keyType"), body[.keyType], Self.keyTypes)
    if let seconds = body[.maxExpirationSeconds].int {
      let place = at.child("maxExpirationSeconds")
      let most = signer.hasPrefix("kubernetes.io/") ? 86400 : 91 * 86400
      if seconds < 3600 {
        out.invalid(place, .int(seconds), "if provided, maxExpirationSeconds must be >= 3600")
      }
      if seconds > most {
        out.invalid(place, .int(seconds), "if provided, maxExpirationSeconds must be <= \(most)")
      }
    }
    var count = 0
    for key in ["credentialBundlePath", "keyPath", "certificateChainPath"] {
      guard let text = body[Key(key)].string, !text.isEmpty else { continue }
      count += 1
      VolumeValidation.local(text, at.child(key), &out)
      take(text, text, &out)
    }
    if count == 0 {
      out.required(
        at, "specify at least one of credentialBundlePath, keyPath, and certificateChainPath")
    }
  }
}
