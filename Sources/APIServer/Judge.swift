import API
public import APIMachinery
import Store

/// The server's answer to one document, judged alone: nothing is stored.
public struct Judgement: Sendable {
  /// The HTTP status: 201 created, 200 applied to a stored object, else the refusal's.
  public var code: Int
  public var object: Value?
  public var error: APIError?
  /// Texts of the `Warning` headers of the answer.
  public var warnings: [String] = []
  /// The object as it would be stored, and where.
  var stored: (key: ObjectKey, object: Value)?

  public init(code: Int, object: Value?, error: APIError?) {
    self.code = code
    self.object = object
    self.error = error
  }

  /// `{"code":201,"object":…}` or `{"code":422,"reason":…,"message":…,"causes":[…]}`, with `warnings` if there are any.
  public var value: Value {
    var out: Value = ["code": .int(code)]
    if let object { out[.object] = object }
    if !warnings.isEmpty { out["warnings"] = .array(warnings.map { .string($0) }) }
    guard let error else { return out }
    out[.reason] = .string(error.reason.rawValue)
    out[.message] = .string(error.message)
    if !error.causes.isEmpty {
      out[.causes] = .array(
        error.causes.map {
          ["reason": .string($0.reason), "message": .string($0.message), "field": .string($0.field)]
        })
    }
    return out
  }
}

extension APIServer {
  /// What the server would answer to creating the document or, where the object exists, to applying it.
  /// Objects of the control plane itself are created, never applied, if the document is judged `alone`.
  public func judge(_ document: Value, alone: Bool = false) -> Judgement {
    let saved = identities
    warnings = []
    var result: Judgement
    do throws(APIError) {
      result = try answer(document, alone)
    } catch {
      result = Judgement(code: error.code, object: nil, error: error)
    }
    // A text is sent once.
    for text in warnings where !result.warnings.contains(text) { result.warnings.append(text) }
    identities = saved
    warnings = []
    return result
  }

  private func answer(_ document: Value, _ alone: Bool) throws(APIError) -> Judgement {
    guard let entry = try? entry(of: document) else { throw unregistered(document) }
    let namespace: Key =
      entry.info.namespaced
      ? (document.namespace.isEmpty ? Key.`default` : document.namespaceKey) : .empty
    let key = ObjectKey(entry.kind, namespace, document.nameKey)
    if alone, SystemObjects.contains(key) {
      _ = try dryRunCreate(document)
      throw APIError.alreadyExists(entry.resourceName, document.name)
    }
    var judged: Judgement
    if document.name.isEmpty || store.get(key) == nil {
      let made = try dryRunCreate(document)
      judged = Judgement(code: 201, object: answer(made, to: document, entry), error: nil)
      judged.stored = (ObjectKey(entry.kind, namespace, made.nameKey), made)
    } else {
      let result = try dryRunApply(document)
      judged = Judgement(code: 200, object: answer(result.after, to: document, entry), error: nil)
      judged.stored = (key, result.after)
    }
    return judged
  }

  /// Stores what was judged, as far as other documents can tell the difference.
  public func adopt(_ answer: Judgement) {
    guard let (key, object) = answer.stored else { return }
    let old = store.get(key)
    store.put(key, object)
    views.note(WatchEvent(old == nil ? .added : .modified, key, old: old, object: object))
  }

  /// The object in the version that was asked in.
  private func answer(_ object: Value, to document: Value, _ entry: KindEntry) -> Value {
    VersionConversion.fromStored(object, apiVersion: document.apiVersion, entry.info)
  }

  /// The refusal of a version or spelling of a kind that is not served.
  private func unregistered(_ document: Value) -> APIError {
    let apiVersion = document.apiVersion
    let kind = document.kindName
    guard let known = scheme.info(named: kind) else {
      return APIError(.notFound, scheme.noMatch(apiVersion: apiVersion, kind: kind).message)
    }
    return APIError(
      .badRequest,
      "\(kind) in version \"\(document.groupVersionKind.version)\" cannot be handled as a \(known.kind): no "
        + "kind \"\(kind)\" is registered for version \"\(apiVersion)\" in scheme "
        + "\"pkg/api/legacyscheme/scheme.go:30\"")
  }
}
