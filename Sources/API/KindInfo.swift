import APIMachinery

/// One kind as discovery knows it (`metav1.APIResource` with its group and versions).
public struct KindInfo: Sendable {
  /// The group and kind with the stored, preferred version.
  public let gvk: GroupVersionKind
  /// All served versions, the stored one first.
  public let versions: [String]
  /// `deployments`, `deployment`, `deploy`.
  public let plural: String
  public let singular: String
  public let shortNames: [String]
  /// `all` for the kinds that `kubectl get all` shows; CRDs may name more.
  public let categories: [String]
  public let namespaced: Bool
  public let hasStatus: Bool
  public let hasScale: Bool
  /// Whether the kind comes from a CustomResourceDefinition.
  public let isCustom: Bool
  /// Where a custom kind's scale sub-resource reads the replicas (`.spec.replicas`).
  let specReplicasPath: String?
  let types: TypeSource
  /// The texts that warn of deprecated versions of a custom kind; empty for the usual one.
  var deprecations: [String: String] = [:]

  /// Where the types are: built-in ones are read from their text when first asked for.
  enum TypeSource: Sendable {
    case builtin
    case custom([(version: String, type: SchemaType)])
  }

  public var groupKind: GroupKind { gvk.groupKind }

  /// The fields on the way to the wanted replicas; nil without a scale sub-resource.
  public var replicasPath: [Key]? {
    guard hasScale else { return nil }
    guard let specReplicasPath else { return [.spec, .replicas] }
    return specReplicasPath.split(separator: ".").map { Key(String($0)) }
  }

  public var kind: String { gvk.kind }
  public var group: String { gvk.group }

  /// `deployments.apps`; the plural alone in the core group.
  public var resourceName: String { gvk.group.isEmpty ? plural : "\(plural).\(gvk.group)" }

  /// `Deployment.apps`, as refusals name a kind.
  public var qualifiedKind: String { gvk.group.isEmpty ? gvk.kind : "\(gvk.kind).\(gvk.group)" }

  /// The type of the stored version.
  public var type: SchemaType { type(version: gvk.version) ?? SchemaType.unknownObject }

  /// The type in a served version, or nil.
  public func type(version: String) -> SchemaType? {
    switch types {
    case .custom(let all): return all.first { $0.version == version }?.type
    case .builtin:
      let apiVersion = gvk.group.isEmpty ? version : "\(gvk.group)/\(version)"
      guard let section = BuiltinSchemas.sectionOfVersion[apiVersion] else { return nil }
      return SchemaLibrary.builtin[section + "." + gvk.kind]
    }
  }
}

extension SchemaType {
  /// An object of which nothing is known.
  static let unknownObject = SchemaType(.any)
}

extension SchemaLibrary {
  /// The types of Kubernetes 1.36's own kinds; read when first used.
  public static let builtin: SchemaLibrary = {
    do { return try SchemaLibrary(BuiltinSchemas.sections) } catch { preconditionFailure("\(error)") }
  }()
}
