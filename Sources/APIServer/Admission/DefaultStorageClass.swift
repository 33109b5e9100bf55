import API
import APIMachinery

/// A claim without a class gets the default one (`plugin/pkg/admission/storage/storageclass/setdefault`).
enum DefaultStorageClass: AdmissionPlugin {
  static let name = "DefaultStorageClass"
  static let kinds: Set<GroupKind>? = [.persistentVolumeClaim]
  private static let marks = [
    Key("storageclass.kubernetes.io/is-default-class"),
    Key("storageclass.beta.kubernetes.io/is-default-class"),
  ]

  static func mutate(_ server: APIServer, _ request: inout WriteRequest) throws(APIError) {
    guard request.operation == .create, !request.object.hasStorageClass,
      let found = newestDefault(server.inNamespace(.storageClass, .empty), marks)
    else { return }
    request.object[.spec] = request.object[.spec].setting(.storageClassName, found[.metadata][.name])
  }

  /// Of several marked objects the youngest, then the first by name.
  static func newestDefault(_ all: [Value], _ marks: [Key]) -> Value? {
    let marked = all.filter { object in marks.contains { object.annotation($0) == "true" } }
    return marked.min { a, b in
      let (x, y) = (created(a), created(b))
      return x == y ? a.name < b.name : x > y
    }
  }

  private static func created(_ object: Value) -> String {
    object[.metadata][.creationTimestamp].string ?? ""
  }
}

/// An Ingress without a class gets the default one (`plugin/pkg/admission/network/defaultingressclass`).
enum DefaultIngressClass: AdmissionPlugin {
  static let name = "DefaultIngressClass"
  static let kinds: Set<GroupKind>? = [.ingress]
  private static let mark = Key("ingressclass.kubernetes.io/is-default-class")
  private static let classAnnotation = Key("kubernetes.io/ingress.class")

  static func mutate(_ server: APIServer, _ request: inout WriteRequest) throws(APIError) {
    guard request.operation == .create, !request.object[.spec].has(.ingressClassName),
      request.object.annotation(classAnnotation) == nil,
      let found = DefaultStorageClass.newestDefault(server.inNamespace(.ingressClass, .empty), [mark])
    else { return }
    request.object[.spec] = request.object[.spec].setting(.ingressClassName, found[.metadata][.name])
  }
}
