import API
import APIMachinery
import Store

/// Overhead, node selector and tolerations of the pod's runtime class (`plugin/pkg/admission/runtimeclass`).
enum RuntimeClassAdmission: AdmissionPlugin {
  static let name = "RuntimeClass"
  static let kinds: Set<GroupKind>? = [.pod]

  static func mutate(_ server: APIServer, _ request: inout WriteRequest) throws(APIError) {
    guard request.operation == .create, let name = request.object[.spec][.runtimeClassName].string,
      !name.isEmpty
    else { return }
    guard let found = server.store.get(ObjectKey(.runtimeClass, .empty, Key(name))) else {
      throw request.forbidden("pod rejected: RuntimeClass \"\(name)\" not found")
    }
    var spec = request.object[.spec]
    if let overhead = found[.overhead].get(.podFixed), !overhead.isEmpty {
      if let own = spec.get(.overhead), !own.isEmpty, own != overhead {
        throw request.forbidden(
          "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead")
      }
      spec[.overhead] = overhead
    }
    let scheduling = found[.scheduling]
    for field in scheduling[.nodeSelector].fields {
      let own = spec[.nodeSelector].get(field.key)
      if let own, own != field.value {
        throw request.forbidden(
          "conflict: runtimeClass.scheduling.nodeSelector[\(field.key)] = \(field.value.string ?? ""); "
            + "pod.spec.nodeSelector[\(field.key)] = \(own.string ?? "")")
      }
      if own == nil { spec[.nodeSelector] = spec[.nodeSelector].setting(field.key, field.value) }
    }
    for toleration in scheduling[.tolerations].items where !spec[.tolerations].items.contains(toleration) {
      var all = spec[.tolerations]
      all.append(toleration)
      spec[.tolerations] = all
    }
    request.object[.spec] = spec
  }

  static func validate(_ server: APIServer, _ request: inout WriteRequest) throws(APIError) {
    guard request.operation == .create, !request.object[.spec][.overhead].isEmpty else { return }
    let name = request.object[.spec][.runtimeClassName].string ?? ""
    let found = server.store.get(ObjectKey(.runtimeClass, .empty, Key(name)))
    if found?[.overhead][.podFixed].isEmpty ?? true {
      throw request.forbidden(
        "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead")
    }
  }
}
