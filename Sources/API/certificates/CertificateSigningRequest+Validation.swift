import APIMachinery
import Basics

/// `pkg/apis/certificates/validation`. The request is looked at as PEM; its signature is not checked.
enum CertificateSigningRequestValidation {
  private static let usages = [
    "any", "cert sign", "client auth", "code signing", "content commitment", "crl sign", "data encipherment",
    "decipher only", "digital signature", "email protection", "encipher only", "ipsec end system",
    "ipsec tunnel", "ipsec user", "key agreement", "key encipherment", "microsoft sgc", "netscape sgc",
    "ocsp signing", "s/mime", "server auth", "signing", "timestamping",
  ]

  static func request(_ object: Value, _ out: inout Findings) {
    let spec = object[.spec]
    let path = Path.spec
    let request = spec[.request].string ?? ""
    if !isRequest(request) {
      out.invalid(path.child("request"), request, "PEM block type must be CERTIFICATE REQUEST")
    }
    if spec[.usages].isEmpty { out.required(path.child("usages")) }
    var seen: Set<String> = []
    for (i, usage) in spec[.usages].items.enumerated() {
      let at = path.child("usages").index(i)
      if !usages.contains(usage.string ?? "") { out.notSupported(at, usage, usages) }
      if !seen.insert(usage.string ?? "").inserted { out.duplicate(at, usage) }
    }
    let signer = spec[.signerName].string ?? ""
    if signer == "kubernetes.io/legacy-unknown" {
      out.invalid(
        path.child("signerName"), signer, "the legacy signerName is not allowed via this API version")
    } else {
      SignerNameRule.check(signer, path.child("signerName"), &out)
    }
    if let seconds = spec[.expirationSeconds].int, seconds < 600 {
      out.invalid(
        path.child("expirationSeconds"), .int(seconds),
        "may not specify a duration less than 600 seconds (10 minutes)")
    }
    conditions(object[.status][.conditions], &out)
  }

  /// Who asks is set by the server: the administrator, as whom everything is applied.
  static func prepare(_ object: inout Value) {
    object[.status] = [:]
    object[.spec][.username] = "kubernetes-admin"
    object[.spec][.groups] = ["system:masters", "system:authenticated"]
  }

  static func update(_ new: Value, _ old: Value, _ out: inout Findings) {
    request(new, &out)
    if new[.spec] != old[.spec] { out.immutable(.spec, new[.spec], old[.spec]) }
  }

  private static func conditions(_ conditions: Value, _ out: inout Findings) {
    var seen: Set<String> = []
    for (i, condition) in conditions.items.enumerated() {
      let at = Path("status").child("conditions").index(i)
      let type = condition[.type].string ?? ""
      if type.isEmpty { out.required(at.child("type")) }
      if !seen.insert(type).inserted { out.duplicate(at.child("type"), .string(type)) }
    }
  }

  /// Whether base64 text holds a PEM block of a request.
  private static func isRequest(_ text: String) -> Bool {
    let found = String(decoding: Base64.decode(text.utf8) ?? [], as: UTF8.self)
    return found.contains("-----BEGIN CERTIFICATE REQUEST-----")
      || found.contains("-----BEGIN NEW CERTIFICATE REQUEST-----")
  }
}

/// `ValidateSignerName`.
enum SignerNameRule {
  static func check(_ name: String, _ at: Path, _ out: inout Findings) {
    if name.isEmpty { return out.required(at) }
    let parts = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2 else {
      return out.invalid(
        at, name, "must be a fully qualified domain and path of the form 'example.com/signer-name'")
    }
    let problems = Names.isDNS1123Subdomain(parts[0])
    for problem in problems { out.invalid(at, parts[0], "validating label \"\(parts[0])\": \(problem)") }
    if problems.isEmpty, !parts[0].contains(".") {
      out.invalid(at, parts[0], "should be a domain with at least two segments separated by dots")
    }
    for problem in Names.isDNS1123Subdomain(parts[1]) {
      out.invalid(at, parts[1], "validating label \"\(parts[1])\": \(problem)")
    }
    if name.utf8.count > 571 {
      out.tooLong(at, most: 571)
    }
  }
}
