import API
import APIMachinery
import Store

/// Nothing is made in a namespace that is missing or going away; three namespaces stay
/// (`plugin/pkg/admission/namespace/lifecycle`).
enum NamespaceLifecycle: AdmissionPlugin {
  static let name = "NamespaceLifecycle"
  private static let immortal: Set<String> = ["default", "kube-system", "kube-public"]

  static func mutate(_ server: APIServer, _ request: inout WriteRequest) throws(APIError) {
    guard request.operation == .create, request.entry.info.namespaced else { return }
    let namespace = request.namespace
    guard let found = server.store.get(ObjectKey(.namespace, .empty, namespace)) else {
      throw .notFound("namespaces", namespace.string)
    }
    guard found[.status][.phase].says("Terminating") else { return }
    let why = "unable to create new content in namespace \(namespace) because it is being terminated"
    var error = request.forbidden(why)
    error.causes = [
      APIError.Cause(
        reason: "NamespaceTerminating", message: "namespace \(namespace) is being terminated",
        field: "metadata.namespace")
    ]
    throw error
  }

  static func validate(_ server: APIServer, _ request: inout WriteRequest) throws(APIError) {
    guard request.operation == .delete, request.kind == .namespace, immortal.contains(request.object.name)
    else { return }
    throw request.forbidden("this namespace may not be deleted")
  }
}
