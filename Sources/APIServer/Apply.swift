import API
public import APIMachinery
import Store

/// What one `kubectl apply` of a manifest came to.
public struct ApplyResult: Sendable {
  public enum Action: String, Sendable { case created, configured, unchanged }
  public var action: Action
  public var before: Value?
  public var after: Value
  /// The warnings of kubectl and of the server, in order.
  public var warnings: [String]
}

/// Client-side apply: what was applied last is kept in an annotation, and the three-way merge of that, the
/// manifest and the stored object is written (`kubectl/pkg/cmd/apply`).
extension APIServer {
  /// Applies a manifest, which is decoded strictly.
  @discardableResult
  public func apply(manifest: Value, prepared: PreparedManifest? = nil) throws(APIError) -> ApplyResult {
    try apply(manifest, prepared, isDryRun: false)
  }

  /// The same, but nothing is stored.
  public func dryRunApply(_ manifest: Value) throws(APIError) -> ApplyResult {
    try apply(manifest, nil, isDryRun: true)
  }

  /// A new object as the server would store it; automatic addresses are placeholders, as in a dry run.
  public func dryRunCreate(_ object: Value) throws(APIError) -> Value {
    var request = WriteRequest(.create, .none, try entry(of: object), object, old: nil)
    request.isDryRun = true
    request.usesPlaceholders = true
    request.isStrict = true
    request.wantsWarnings = true
    return try run(WritePath.create, &request)
  }

  /// An updated object as the server would store it.
  public func dryRunUpdate(_ object: Value) throws(APIError) -> Value {
    var request = try updateRequest(object, .none)
    request.isDryRun = true
    return try run(WritePath.update, &request)
  }

  /// What kubectl sends for a manifest.
  static func desired(_ manifest: Value, _ entry: KindEntry) throws(APIError) -> Value {
    var desired = manifest
    if entry.info.namespaced {
      if desired.namespace.isEmpty { desired[.metadata][.namespace] = "default" }
    } else {
      desired[.metadata] = desired[.metadata].removing(.namespace)
    }
    if desired.name.isEmpty, let prefix = desired[.metadata][.generateName].string {
      throw APIError(.badRequest, "from \(prefix): cannot use generate name with apply")
    }
    LastApplied.annotate(&desired)
    return desired
  }

  private func apply(_ manifest: Value, _ prepared: PreparedManifest?, isDryRun: Bool) throws(APIError)
    -> ApplyResult
  {
    let entry = try entry(of: manifest)
    let desired: Value
    if let prepared { desired = prepared.desired } else { desired = try Self.desired(manifest, entry) }
    let outer = warnings
    warnings = []
    defer { warnings = outer + warnings }
    let key = ObjectKey(entry.kind, entry.info.namespaced ? desired.namespaceKey : .empty, desired.nameKey)
    guard let live = store.get(key) else {
      if let prepared {
        let made = try run(prepared)
        return ApplyResult(action: .created, before: nil, after: made, warnings: warnings)
      }
      var request = WriteRequest(applied: desired, entry)
      request.isDryRun = isDryRun
      let made = try run(WritePath.create, &request)
      return ApplyResult(action: .created, before: nil, after: made, warnings: warnings)
    }
    return try patch(live, desired, entry, isDryRun: isDryRun)
  }

  private func patch(_ live: Value, _ desired: Value, _ entry: KindEntry, isDryRun: Bool) throws(APIError)
    -> ApplyResult
  {
    let facts: (any MergeFacts)? =
      entry.info.isCustom ? nil : entry.info.type(version: desired.groupVersionKind.version)
    if live[.apiVersion] == desired[.apiVersion], UnchangedApply.holds(live, desired, facts) {
      return ApplyResult(action: .unchanged, before: live, after: live, warnings: warnings)
    }
    let seen = VersionConversion.fromStored(live, apiVersion: desired.apiVersion, entry.info)
    let last = LastApplied.read(seen)
    if last == nil { warnings.append(LastApplied.missing(entry.info, live.name)) }
    let patch: Value
    let merged: Value
    do {
      patch = try ThreeWayMerge.patch(lastApplied: last, desired: desired, live: seen, facts: facts)
      if patch.isEmpty {
        return ApplyResult(action: .unchanged, before: live, after: live, warnings: warnings)
      }
      if let facts {
        merged = try StrategicMergePatch.apply(patch, to: seen, facts: facts)
      } else {
        merged = JSONMergePatch.apply(patch, to: seen)
      }
    } catch {
      throw APIError(.badRequest, error.message)
    }
    if live.isTerminating {
      warnings.append(
        "Detected changes to resource \(live.name) which is currently being deleted.")
    }
    if let refusal = PatchRefusal.decoding(merged, patch: patch, entry.info) { throw refusal }
    var request = WriteRequest(.update, .none, entry, merged, old: live)
    request.isDryRun = isDryRun
    request.wantsWarnings = true
    let stored = try run(WritePath.update, &request)
    return ApplyResult(action: .configured, before: live, after: stored, warnings: warnings)
  }
}

/// The annotation that keeps the manifest applied last (`kubectl/pkg/util/apply.go`).
public enum LastApplied {
  /// Puts the manifest, without the annotation itself, into its own annotations.
  static func annotate(_ manifest: inout Value) {
    let plain = plain(manifest)
    manifest[.metadata][.annotations] = plain[.metadata][.annotations].setting(
      ThreeWayMerge.lastAppliedAnnotation, .string(text(plain)))
  }

  /// The manifest without the annotation.
  static func plain(_ manifest: Value) -> Value {
    var plain = manifest
    let kept = plain[.metadata][.annotations].removing(ThreeWayMerge.lastAppliedAnnotation)
    plain[.metadata][.annotations] = kept.isObject ? kept : .emptyObject
    return plain
  }

  private static func text(_ value: Value) -> String { String(decoding: bytes(value), as: UTF8.self) }

  /// Compact JSON as Go's encoder writes it, with a line end.
  static func bytes(_ value: Value) -> [UInt8] {
    GoJSON.bytes(value) + [0x0A]
  }

  /// What was applied last, or nil if nothing is known of it.
  public static func read(_ live: Value) -> Value? {
    guard let text = live.annotation(ThreeWayMerge.lastAppliedAnnotation), !text.isEmpty,
      case .success(let value) = JSON.parse(text), value.isObject
    else { return nil }
    return value
  }

  static func missing(_ info: KindInfo, _ name: String) -> String {
    "resource \(info.plural)/\(name) is missing the \(ThreeWayMerge.lastAppliedAnnotation) annotation which "
      + "is required by kubectl apply. kubectl apply should only be used on resources created declaratively "
      + "by either kubectl create --save-config or kubectl apply. The missing annotation will be patched "
      + "automatically."
  }
}
