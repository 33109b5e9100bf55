// Written by generate.py from Kubernetes 1.36's OpenAPI and overlay.py; do not edit.

extension BuiltinSchemas {
  static let authentication = """
    BoundObjectReference:
      apiVersion: string; kind: string; name: string; uid: string
    SelfSubjectReview:
      apiVersion: string; kind: string; metadata: meta.ObjectMeta+; status: SelfSubjectReviewStatus+
    SelfSubjectReviewStatus:
      userInfo: UserInfo+
    TokenRequest:
      apiVersion: string; kind: string; metadata: meta.ObjectMeta+; spec: TokenRequestSpec+;
      status: TokenRequestStatus+
    TokenRequestSpec:
      audiences: [string atomic]; boundObjectRef: BoundObjectReference?; expirationSeconds: int64?
    TokenRequestStatus:
      expirationTimestamp: time?; token: string+
    TokenReview:
      apiVersion: string; kind: string; metadata: meta.ObjectMeta+; spec!: TokenReviewSpec+;
      status: TokenReviewStatus+
    TokenReviewSpec:
      audiences: [string atomic]; token!: string+
    TokenReviewStatus:
      audiences: [string atomic]; authenticated: bool; error: string; user: UserInfo+
    UserInfo:
      extra: {[string]}; groups: [string atomic]; uid: string; username: string
    """
}
