import API
import APIMachinery
import Store

/// Pods run as a service account that exists, pull with its secrets and mount its token
/// (`plugin/pkg/admission/serviceaccount`).
enum ServiceAccountAdmission: AdmissionPlugin {
  static let name = "ServiceAccount"
  static let kinds: Set<GroupKind>? = [.pod]
  private static let mirror = Key("kubernetes.io/config.mirror")
  private static let mountPath = ServiceAccountToken.mountPath
  private static let prefix = ServiceAccountToken.volumePrefix

  static func mutate(_ server: APIServer, _ request: inout WriteRequest) throws(APIError) {
    guard request.operation == .create, request.object[.metadata][.annotations].get(mirror) == nil else {
      return
    }
    var spec = request.object[.spec]
    var account = spec[.serviceAccountName].string ?? ""
    if account.isEmpty { account = spec[.serviceAccount].string ?? "" }
    if account.isEmpty { account = "default" }
    spec[.serviceAccountName] = .string(account)
    spec[.serviceAccount] = .string(account)
    let key = ObjectKey(.serviceAccount, request.namespace, Key(account))
    guard let found = server.store.get(key) else {
      throw request.forbidden(
        "error looking up service account \(request.namespace)/\(account): serviceaccount \"\(account)\" "
          + "not found")
    }
    let wantsToken =
      spec[.automountServiceAccountToken].bool ?? found[.automountServiceAccountToken].bool ?? true
    if wantsToken { mountToken(&spec, server, request) }
    let secrets = found[.imagePullSecrets]
    if spec[.imagePullSecrets].isEmpty, !secrets.isEmpty { spec[.imagePullSecrets] = secrets }
    request.object[.spec] = spec
  }

  /// Every container that has nothing at the token's path gets the token volume.
  private static func mountToken(_ spec: inout Value, _ server: APIServer, _ request: WriteRequest) {
    let known = spec[.volumes].items.first { $0[.name].string?.hasPrefix(prefix) ?? false }
    let volume = known?[.name].string ?? prefix + suffix(server, request)
    let mount: Value = ["name": .string(volume), "readOnly": true, "mountPath": .string(mountPath)]
    var isUsed = false
    for list in [Key.initContainers, Key.containers] {
      guard let containers = spec.get(list) else { continue }
      var changed = false
      let mounted = containers.items.map { container -> Value in
        if container[.volumeMounts].items.contains(where: { $0[.mountPath].string == mountPath }) {
          return container
        }
        changed = true
        var mounts = container[.volumeMounts]
        mounts.append(mount)
        return container.setting(.volumeMounts, mounts)
      }
      if changed {
        isUsed = true
        spec[list] = .array(mounted)
      }
    }
    if known != nil || !isUsed { return }
    var volumes = spec[.volumes]
    volumes.append(["name": .string(volume), "projected": projection])
    spec[.volumes] = volumes
  }

  /// Pods of one owner name the volume alike, so they can share their specs.
  private static func suffix(_ server: APIServer, _ request: WriteRequest) -> String {
    if let owner = request.object.controllerReference {
      return server.identities.suffix(3, [owner[.uid].key])
    }
    return server.identities.suffix(3, [request.namespace, request.object.nameKey])
  }

  private static let projection: Value = {
    let token: Value = ["serviceAccountToken": ["expirationSeconds": 3607, "path": "token"]]
    let authority: Value = [
      "configMap": ["name": "kube-root-ca.crt", "items": [["key": "ca.crt", "path": "ca.crt"]]]
    ]
    let field: Value = ["apiVersion": "v1", "fieldPath": "metadata.namespace"]
    let namespace: Value = ["downwardAPI": ["items": [["path": "namespace", "fieldRef": field]]]]
    return ["defaultMode": 420, "sources": [token, authority, namespace]]
  }()
}
