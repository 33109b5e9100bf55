import API
public import APIMachinery
import Store

/// How a patch is to be read (`types.PatchType`).
public enum PatchType: String, Sendable {
  case strategic, merge, json
}

/// Which part of an object a request is about.
public enum PatchTarget: String, Sendable {
  case object = ""
  case status
  case scale
}

/// PATCH requests (`apiserver/pkg/endpoints/handlers/patch.go`).
extension APIServer {
  /// Patches a stored object and returns what is stored then. Unknown fields are dropped with a warning.
  @discardableResult
  public func patch(
    _ key: ObjectKey, _ type: PatchType, _ patch: Value, _ target: PatchTarget = .object,
    apiVersion: String? = nil
  ) throws(APIError) -> Value {
    guard let live = store.get(key), let entry = entry(key.kind) else { throw notFound(key) }
    if target == .scale { return try patchScale(key, type, patch) }
    if target == .status, !entry.info.hasStatus { throw .noSuchResource }
    if type == .strategic, entry.info.isCustom {
      throw APIError(
        .unsupportedMediaType,
        "the body of the request was in an unknown format - accepted media types include: "
          + "application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml, "
          + "application/apply-patch+cbor")
    }
    let version = apiVersion ?? entry.info.gvk.apiVersion
    let seen = VersionConversion.fromStored(live, apiVersion: version, entry.info)
    let facts: (any MergeFacts)? =
      entry.info.isCustom ? nil : entry.info.type(version: seen.groupVersionKind.version)
    let merged = try Self.merged(seen, type, patch, facts)
    try Self.checkIdentity(merged, live, entry)
    if let refusal = PatchRefusal.decoding(merged, patch: patch, entry.info, isStrict: false) {
      throw refusal
    }
    warnings += SchemaCheck.check(merged, entry.info).filter { $0.code == .unknownField }.map(\.message)
    var request = WriteRequest(.update, target == .status ? .status : .none, entry, merged, old: live)
    return try run(target == .status ? WritePath.updateStatus : WritePath.update, &request)
  }

  private static func merged(
    _ seen: Value, _ type: PatchType, _ patch: Value, _ facts: (any MergeFacts)?
  ) throws(APIError) -> Value {
    guard patch.isObject || type == .json else {
      throw APIError(.badRequest, "json: cannot unmarshal into a patch: an object is wanted")
    }
    do {
      switch type {
      case .json: return try JSONPatch.apply(patch, to: seen)
      case .merge: return JSONMergePatch.apply(patch, to: seen)
      case .strategic: return try StrategicMergePatch.apply(patch, to: seen, facts: facts)
      }
    } catch {
      if type == .json {
        throw APIError(
          .invalid, "the server rejected our request due to an error in our request",
          causes: [APIError.Cause(reason: "FieldValueInvalid", message: error.message, field: "patch")])
      }
      throw APIError(.badRequest, error.message)
    }
  }

  /// A patch cannot make another object of it.
  private static func checkIdentity(_ merged: Value, _ live: Value, _ entry: KindEntry) throws(APIError) {
    if merged.name != live.name {
      throw APIError(
        .badRequest,
        "the name of the object (\(merged.name)) does not match the name on the URL (\(live.name))")
    }
    if entry.info.namespaced, merged.namespace != live.namespace {
      throw APIError(
        .badRequest,
        "the namespace of the object (\(merged.namespace)) does not match the namespace on the URL "
          + "(\(live.namespace))")
    }
    if merged.kindName != entry.info.kind
      || !entry.info.versions.contains(merged.groupVersionKind.version)
    {
      throw APIError(
        .badRequest,
        "the object provided is unrecognized (must be of type \(entry.info.kind)): "
          + "\(merged.apiVersion), Kind=\(merged.kindName)")
    }
  }

  private func patchScale(_ key: ObjectKey, _ type: PatchType, _ patch: Value) throws(APIError) -> Value {
    let scale = try scale(of: key)
    let merged = try Self.merged(scale, type, patch, nil)
    let replicas = merged[.spec].get(.replicas) ?? 0
    guard let count = replicas.int else {
      throw APIError(.badRequest, "json: cannot unmarshal spec.replicas into Go struct field of type int32")
    }
    return try setScale(of: key, replicas: count)
  }
}

extension APIError {
  static let noSuchResource = APIError(.notFound, "the server could not find the requested resource")
}
