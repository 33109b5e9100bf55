// Written by generate.py from Kubernetes 1.36's OpenAPI and overlay.py; do not edit.

extension BuiltinSchemas {
  static let certificates = """
    CertificateSigningRequest:
      apiVersion: string; kind: string; metadata: meta.ObjectMeta+; spec!: CertificateSigningRequestSpec+;
      status: CertificateSigningRequestStatus+
    CertificateSigningRequestCondition:
      lastTransitionTime: time+; lastUpdateTime: time+; message: string; reason: string; status!: string+;
      type!: string+
    CertificateSigningRequestSpec:
      expirationSeconds: int32?; extra: {[string]}; groups: [string atomic]; request!: bytes+;
      signerName!: string+; uid: string; usages: [enum(any| cert sign| client auth| code signing| content
      commitment| crl sign| data encipherment| decipher only| digital signature| email protection| encipher
      only| ipsec end system| ipsec tunnel| ipsec user| key agreement| key encipherment| microsoft sgc|
      netscape sgc| ocsp signing| s/mime| server auth| signing| timestamping) atomic]; username: string
    CertificateSigningRequestStatus:
      certificate: bytes; conditions: [CertificateSigningRequestCondition by type]
    """
}
