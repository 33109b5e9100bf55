import API
public import APIMachinery

/// The scale sub-resource of an object (`autoscaling/v1.Scale`): Deployments, ReplicaSets, StatefulSets,
/// ReplicationControllers, and custom kinds whose definition has one.
public struct Scale {
  /// The object as it was read.
  public let object: Value
  public let replicas: Int
  /// `status.replicas`.
  public let current: Int
  /// The selector as text; empty where the kind has none.
  public let selector: String
  private let replicasPath: [Key]

  /// The scale of the object that a reference (`apiVersion`, `kind`, `name`) names. Refusals are in the words
  /// that a client of the sub-resource sees.
  public static func get(_ reference: Value, namespace: Key, _ client: any ObjectReader)
    throws(APIError) -> Scale
  {
    let kind = GroupKind(
      apiVersion: reference[.apiVersion].string ?? "", kind: reference[.kind].string ?? "")
    let name = reference[.name].string ?? ""
    if let info = Scheme.builtin.info(kind) {
      guard info.hasScale else { throw noSuchResource }
      guard let object = client.get(ObjectKey(kind, namespace, Key(name))) else {
        throw .notFound(info.resourceName, name)
      }
      return Scale(builtin: object, kind)
    }
    guard let definition = definition(of: kind, client) else {
      throw APIError(
        .notFound,
        "no matches for kind \"\(kind.kind)\" in group \"\(kind.group)\"")
    }
    let versions = definition.spec["versions"].items
    let stored = versions.first { $0["storage"].bool == true } ?? .null
    guard let paths = stored["subresources"].get("scale") else { throw noSuchResource }
    guard let object = client.get(ObjectKey(kind, namespace, Key(name))) else {
      let plural = definition.spec[.names]["plural"].string ?? ""
      throw .notFound("\(plural).\(kind.group)", name)
    }
    return Scale(custom: object, paths)
  }

  private static let noSuchResource = APIError(
    .notFound, "the server could not find the requested resource")

  private static func definition(of kind: GroupKind, _ client: any ObjectReader) -> Value? {
    client.list(.customResourceDefinition).first {
      $0.spec[.group].string == kind.group && $0.spec[.names][.kind].string == kind.kind
    }
  }

  private init(builtin object: Value, _ kind: GroupKind) {
    self.object = object
    replicasPath = [.spec, .replicas]
    replicas = object.spec[.replicas].int ?? (kind == .replicationController ? 0 : 1)
    current = object.status[.replicas].int ?? 0
    let source = object.spec[.selector]
    selector =
      (kind == .replicationController ? LabelSelector(matchLabels: source) : LabelSelector(source)).text
  }

  private init(custom object: Value, _ paths: Value) {
    self.object = object
    replicasPath = Self.path(paths["specReplicasPath"])
    replicas = Self.read(object, replicasPath).int ?? 0
    current = Self.read(object, Self.path(paths["statusReplicasPath"])).int ?? 0
    selector = Self.read(object, Self.path(paths["labelSelectorPath"])).string ?? ""
  }

  /// `.spec.replicas` as keys.
  private static func path(_ text: Value) -> [Key] {
    (text.string ?? "").split(separator: ".").map { Key(String($0)) }
  }

  private static func read(_ object: Value, _ path: [Key]) -> Value {
    path.isEmpty ? .null : path.reduce(object) { $0[$1] }
  }

  /// Writes the number of replicas; the update goes through validation and admission as any other.
  public func update(_ replicas: Int, _ client: any ObjectWriter) throws(APIError) {
    guard !replicasPath.isEmpty else { return }
    try client.update(Self.setting(object, replicasPath[...], .int(replicas)))
  }

  private static func setting(_ object: Value, _ path: ArraySlice<Key>, _ value: Value) -> Value {
    guard let first = path.first else { return value }
    return object.setting(first, setting(object[first], path.dropFirst(), value))
  }
}
