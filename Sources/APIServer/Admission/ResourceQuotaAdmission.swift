import API
import APIMachinery

/// Charges new objects to the quotas of their namespace and refuses what does not fit
/// (`apiserver/pkg/admission/plugin/resourcequota`). Only what a quota's status holds is enforced.
enum ResourceQuotaAdmission: AdmissionPlugin {
  static let name = "ResourceQuota"
  private static let containerNames: [Key] = [
    .cpu, Key("limits.cpu"), Key("limits.memory"), .memory, Key("requests.cpu"), Key("requests.memory"),
  ]

  static func validate(_ server: APIServer, _ request: inout WriteRequest) throws(APIError) {
    guard concerns(request) else { return }
    for quota in server.inNamespace(.resourceQuota, request.namespace) {
      _ = try charged(quota, request)
    }
  }

  /// Writes the new usage down, once the object is sure to be stored.
  static func charge(_ server: APIServer, _ request: WriteRequest) throws(APIError) {
    guard concerns(request) else { return }
    for quota in server.inNamespace(.resourceQuota, request.namespace) {
      guard let used = try charged(quota, request) else { continue }
      var changed = quota
      changed[.status] = changed[.status].setting(.used, used)
      server.number(&changed)
      let key = ObjectKey(.resourceQuota, request.namespace, quota.nameKey)
      server.commit(WatchEvent(.modified, key, old: quota, object: changed))
    }
  }

  private static func concerns(_ request: WriteRequest) -> Bool {
    guard request.subresource == .none, request.entry.info.namespaced else { return false }
    switch request.operation {
    case .create: return request.kind != .event && request.kind != .lease
    case .update: return request.kind == .service || request.kind == .persistentVolumeClaim
    case .delete: return false
    }
  }

  /// The usage that the quota would have with the object; nil where it is not concerned.
  private static func charged(_ quota: Value, _ request: WriteRequest) throws(APIError) -> Value? {
    let hard = quota[.status][.hard]
    guard !hard.isEmpty, QuotaUsage.isInScope(quota, request.object, kind: request.kind) else { return nil }
    let resource = request.entry.resourceName
    var wanted = QuotaUsage.usage(of: request.object, kind: request.kind, resource: resource)
    let restricted = hard.fields.map(\.key).filter { wanted[$0] != nil || isOfPods($0, request.kind) }
    if restricted.isEmpty { return nil }
    if request.kind == .pod, request.operation == .create {
      if let why = missing(request.object, restricted) {
        throw request.forbidden("failed quota: \(quota.name): \(why)")
      }
    }
    let used = quota[.status][.used]
    if restricted.contains(where: { !used.has($0) }) {
      let names = restricted.map(\.string).joined(separator: ",")
      throw request.forbidden("status unknown for quota: \(quota.name), resources: \(names)")
    }
    if let old = request.old {
      for (name, amount) in QuotaUsage.usage(of: old, kind: request.kind, resource: resource) {
        if let new = wanted[name] { wanted[name] = new - amount }
      }
    }
    var next = used
    var exceeded: [Key] = []
    for name in restricted {
      guard let more = wanted[name], !more.isZero || request.old == nil,
        let before = Quantity(used[name]), let most = Quantity(hard[name])
      else { continue }
      let after = before + more
      if most < after && more.sign >= 0 && !(more.isZero && request.old != nil) { exceeded.append(name) }
      next[name] = after.apiValue
    }
    if !exceeded.isEmpty {
      let requested = exceeded.map { "\($0)=\(wanted[$0]?.canonical ?? "0")" }
      throw request.forbidden(
        "exceeded quota: \(quota.name), requested: \(requested.joined(separator: ",")), used: "
          + "\(list(used, exceeded)), limited: \(list(hard, exceeded))")
    }
    return next == used ? nil : next
  }

  private static func list(_ amounts: Value, _ names: [Key]) -> String {
    names.map { "\($0)=\(Quantity(amounts[$0])?.canonical ?? "")" }.joined(separator: ",")
  }

  /// Resources that pods are measured by even where this pod takes none.
  private static func isOfPods(_ name: Key, _ kind: GroupKind) -> Bool {
    kind == .pod && containerNames.contains(name)
  }

  /// A quota on cpu or memory wants every container to say what it needs.
  private static func missing(_ pod: Value, _ restricted: [Key]) -> String? {
    var texts: [String] = []
    for name in containerNames where restricted.contains(name) {
      let parts = name.string.split(separator: ".")
      let list: Key = parts.count == 2 && parts[0] == "limits" ? .limits : .requests
      let resource = Key(String(parts[parts.count - 1]))
      var containers: [String] = []
      for place in [Key.containers, Key.initContainers] {
        for container in pod[.spec][place].items where !container[.resources][list].has(resource) {
          containers.append(container[.name].string ?? "")
        }
      }
      if !containers.isEmpty {
        texts.append("\(name) for: \(Set(containers).sorted().joined(separator: ","))")
      }
    }
    return texts.isEmpty ? nil : "must specify " + texts.joined(separator: "; ")
  }
}
