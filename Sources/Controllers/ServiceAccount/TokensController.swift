public import APIMachinery
public import Basics
public import ControllerRuntime

/// Fills secrets of type `kubernetes.io/service-account-token` with a token of their service account, and
/// removes those whose account is gone (`pkg/controller/serviceaccount/tokens_controller.go`).
public final class TokensController: Controller {
  public let name = "serviceaccount-token-controller"
  public let watches: Set<GroupKind>? = [.secret, .serviceAccount]
  static let type = "kubernetes.io/service-account-token"
  private static let accountName: Key = "kubernetes.io/service-account.name"
  private static let accountUID: Key = "kubernetes.io/service-account.uid"
  /// Token secrets by the account that they name.
  private var secrets: [ObjectKey: Set<ObjectKey>] = [:]

  public init() {}

  public func observe(_ event: WatchEvent, _ queue: WorkQueue, now: Instant) {
    switch event.key.kind {
    case .secret:
      if let old = event.old, let account = Self.account(of: old) { secrets[account]?.remove(event.key) }
      guard let account = Self.account(of: event.object) else { return }
      if event.type == .deleted {
        secrets[account]?.remove(event.key)
        queue.add(account)
      } else {
        secrets[account, default: []].insert(event.key)
        queue.add(event.key)
      }
    case .serviceAccount:
      for key in (secrets[event.key] ?? []).sorted() { queue.add(key) }
    default: break
    }
  }

  private static func account(of secret: Value) -> ObjectKey? {
    guard secret[.type].string == type, let name = secret.annotation(accountName), !name.isEmpty else {
      return nil
    }
    return ObjectKey(.serviceAccount, secret.namespaceKey, Key(name))
  }

  public func reconcile(_ key: ObjectKey, _ context: Context, _ queue: WorkQueue) throws(APIError) {
    if key.kind == .serviceAccount { return try forgetSecrets(key, context) }
    guard let secret = context.client.get(key), let account = Self.account(of: secret) else { return }
    let uid = secret.annotation(Self.accountUID) ?? ""
    guard let owner = context.client.get(account), uid.isEmpty || uid == owner.uid else {
      var options = DeleteOptions()
      options.uid = secret.uid
      try context.client.delete(key, options)
      return
    }
    var next = secret
    next.setAnnotation(Self.accountName, owner.name)
    next.setAnnotation(Self.accountUID, owner.uid)
    let authority = ClusterAuthority.known(context.client, near: secret.namespaceKey)
    if authority != nil || secret[.data]["ca.crt"].string ?? "" == "" {
      let certificate = (authority ?? ClusterAuthority.simulated).string ?? ""
      next[.data]["ca.crt"] = .string(Base64.encode(certificate.utf8))
    }
    next[.data]["namespace"] = .string(Base64.encode(secret.namespace.utf8))
    if secret[.data]["token"].string ?? "" == "" {
      next[.data]["token"] = .string(Base64.encode(Self.token(secret, owner).utf8))
    }
    if next != secret { try context.client.update(next) }
  }

  /// Takes references to secrets that are gone out of the account.
  private func forgetSecrets(_ key: ObjectKey, _ context: Context) throws(APIError) {
    guard var account = context.client.get(key), !account["secrets"].isEmpty else { return }
    let left = account["secrets"].items.filter {
      context.client.get(ObjectKey(.secret, key.namespace, $0[.name].key)) != nil
    }
    if left.count == account["secrets"].count { return }
    account.set("secrets", left.isEmpty ? nil : .array(left))
    try context.client.update(account)
  }

  /// A token with the claims that the API server would sign; the signature is no signature.
  private static func token(_ secret: Value, _ owner: Value) -> String {
    let claims: Value = [
      "iss": "kubernetes/serviceaccount",
      "kubernetes.io/serviceaccount/namespace": .string(secret.namespace),
      "kubernetes.io/serviceaccount/secret.name": .string(secret.name),
      "kubernetes.io/serviceaccount/service-account.name": .string(owner.name),
      "kubernetes.io/serviceaccount/service-account.uid": .string(owner.uid),
      "sub": .string("system:serviceaccount:\(owner.namespace):\(owner.name)"),
    ]
    let header: Value = ["alg": "RS256", "kid": "simulated"]
    let signed = [header, claims].map { Base64.encode(CanonicalJSON.bytes($0), urlSafe: true) }
      .joined(separator: ".")
    return signed + "." + Base64.encode(SHA256.hex(signed.utf8).utf8, urlSafe: true)
  }
}
