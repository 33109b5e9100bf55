import API
public import APIMachinery
import Store

/// How server-side apply is asked for (`kubectl apply --server-side`).
public struct ServerSideApply: Sendable {
  public var manager: String
  /// Takes fields from other managers instead of refusing.
  public var force: Bool

  public init(manager: String = "kubectl", force: Bool = false) {
    self.manager = manager
    self.force = force
  }
}

/// Server-side apply: who applied which field is kept in `managedFields`, and a field that its manager no longer
/// applies goes (`apimachinery/pkg/util/managedfields`). Only appliers are managers here: what controllers and
/// other verbs write belongs to nobody, so objects that were never applied this way carry no record.
extension APIServer {
  @discardableResult
  public func apply(manifest: Value, _ options: ServerSideApply) throws(APIError) -> ApplyResult {
    let entry = try entry(of: manifest)
    var desired = manifest
    if entry.info.namespaced {
      if desired.namespace.isEmpty { desired[.metadata][.namespace] = "default" }
    } else {
      desired[.metadata] = desired[.metadata].removing(.namespace)
    }
    guard let type = entry.info.type(version: desired.groupVersionKind.version) else {
      return try apply(manifest: manifest)
    }
    if !desired[.metadata][ManagedFields.key].isEmpty {
      throw APIError(.badRequest, "metadata.managedFields must be nil")
    }
    if let refusal = entry.info.decodingError(desired) { throw refusal }
    // What the main resource cannot write is neither applied nor owned.
    if entry.info.hasStatus { desired.remove(.status) }
    desired[.metadata].remove(.creationTimestamp)
    let outer = warnings
    warnings = []
    defer { warnings = outer + warnings }
    let key = ObjectKey(entry.kind, entry.info.namespaced ? desired.namespaceKey : .empty, desired.nameKey)
    let owned = ManagedFields.owned(desired, type)
    guard let live = store.get(key) else {
      desired[.metadata][ManagedFields.key] = record([], owned, desired, options)
      var request = WriteRequest(.create, .none, entry, desired, old: nil)
      request.keepsManagedFields = true
      let made = try run(WritePath.create, &request)
      return ApplyResult(action: .created, before: nil, after: made, warnings: warnings)
    }
    let seen = VersionConversion.fromStored(live, apiVersion: desired.apiVersion, entry.info)
    var managers = ManagedFields.managers(of: seen, type, migratingTo: options.manager)
    let before = managers.first { $0.name == options.manager }?.fields ?? .emptyObject
    managers.removeAll { $0.name == options.manager }
    try settleConflicts(&managers, desired, seen, owned, type, options)
    var merged = FieldMerge.merge(desired, into: seen, type)
    let gone = ManagedFields.subtract(before, owned)
    let others = managers.reduce(Value.emptyObject) { ManagedFields.union($0, $1.fields) }
    FieldMerge.remove(ManagedFields.subtract(gone, others), from: &merged, type)
    merged[.metadata][ManagedFields.key] = record(managers, owned, desired, options)
    if merged == seen {
      return ApplyResult(action: .unchanged, before: live, after: live, warnings: warnings)
    }
    var request = WriteRequest(.update, .none, entry, merged, old: live)
    request.keepsManagedFields = true
    let stored = try run(WritePath.update, &request)
    return ApplyResult(action: .configured, before: live, after: stored, warnings: warnings)
  }

  /// Fields that somebody else applied with another value: a refusal, or with force the others lose them.
  private func settleConflicts(
    _ managers: inout [ManagedFields.Manager], _ desired: Value, _ live: Value, _ owned: Value,
    _ type: SchemaType, _ options: ServerSideApply
  ) throws(APIError) {
    var conflicts: [(manager: String, path: String)] = []
    for i in managers.indices {
      let shared = ManagedFields.intersection(owned, managers[i].fields)
      let changed = FieldMerge.differing(shared, desired, live, type)
      if changed.isEmpty { continue }
      if options.force {
        managers[i].fields = ManagedFields.subtract(managers[i].fields, changed)
      } else {
        conflicts += ManagedFields.paths(changed).map { (managers[i].name, $0) }
      }
    }
    managers.removeAll { $0.fields.isEmpty }
    if conflicts.isEmpty { return }
    throw APIError(
      .conflict, Self.message(conflicts),
      causes: conflicts.map {
        APIError.Cause(
          reason: "FieldManagerConflict", message: "conflict with \"\($0.manager)\"", field: $0.path)
      })
  }

  /// `managedfields/internal.getConflictMessage`.
  private static func message(_ conflicts: [(manager: String, path: String)]) -> String {
    if conflicts.count == 1 {
      return "Apply failed with 1 conflict: conflict with \"\(conflicts[0].manager)\": \(conflicts[0].path)"
    }
    var lines: [String] = []
    for manager in Set(conflicts.map(\.manager)).sorted() {
      lines.append("conflicts with \"\(manager)\":")
      lines += conflicts.filter { $0.manager == manager }.map { "- \($0.path)" }
    }
    return "Apply failed with \(conflicts.count) conflicts: \(lines.joined(separator: "\n"))"
  }

  private func record(
    _ others: [ManagedFields.Manager], _ owned: Value, _ desired: Value, _ options: ServerSideApply
  ) -> Value {
    let mine = ManagedFields.Manager(
      name: options.manager, apiVersion: desired.apiVersion, fields: owned)
    return .array((others + [mine]).sorted { $0.name < $1.name }.map(\.entry))
  }
}

/// Sets of fields in the form of `fieldsV1`: a field is `f:name`, an item of a keyed list `k:{…}`, an item of a set
/// `v:…`; `.` marks a place that belongs to the set and has others below it (`structured-merge-diff/fieldpath`).
enum ManagedFields {
  static let key = Key.managedFields
  private static let member = Key(".")

  struct Manager {
    var name: String
    var apiVersion: String
    var fields: Value

    var entry: Value {
      [
        "manager": .string(name), "operation": "Apply", "apiVersion": .string(apiVersion),
        "fieldsType": "FieldsV1", "fieldsV1": fields,
      ]
    }
  }

  /// The managers of an object. What was applied client-side last becomes the manager's that applies now
  /// (`client-go/util/csaupgrade`).
  static func managers(of live: Value, _ type: SchemaType, migratingTo name: String) -> [Manager] {
    let known = live[.metadata][key].items.map {
      Manager(
        name: $0[.manager].string ?? "", apiVersion: $0[.apiVersion].string ?? "", fields: $0[.fieldsV1])
    }
    if known.contains(where: { $0.name == name }) { return known }
    guard let last = LastApplied.read(live) else { return known }
    return known + [Manager(name: name, apiVersion: live.apiVersion, fields: owned(last, type))]
  }

  /// The fields of a manifest, without those that say which object it is.
  static func owned(_ manifest: Value, _ type: SchemaType) -> Value {
    var plain = manifest
    for key in [Key.apiVersion, .kind] { plain.remove(key) }
    for key in [Key.name, .namespace, .generateName, ManagedFields.key, .creationTimestamp] {
      plain[.metadata].remove(key)
    }
    if plain[.metadata].isEmpty { plain.remove(.metadata) }
    return set(of: plain, type)
  }

  private static func set(of value: Value, _ type: SchemaType?) -> Value {
    var out = Value.emptyObject
    for (step, child, childType) in FieldMerge.steps(value, type) {
      var below = FieldMerge.isLeaf(child, childType) ? .emptyObject : set(of: child, childType)
      if !below.isEmpty, step.string.hasPrefix("k:") { below[member] = [:] }
      out[step] = below
    }
    return out
  }

  static func union(_ a: Value, _ b: Value) -> Value {
    var out = a
    for field in b.fields {
      out[field.key] = out.has(field.key) ? union(out[field.key], field.value) : field.value
    }
    return out
  }

  /// What is in `a` and not in `b`.
  static func subtract(_ a: Value, _ b: Value) -> Value {
    var out = Value.emptyObject
    for field in a.fields {
      guard let other = b.get(field.key) else {
        out[field.key] = field.value
        continue
      }
      if field.value.isEmpty { continue }
      let rest = subtract(field.value, other)
      if !rest.isEmpty { out[field.key] = rest }
    }
    return out
  }

  static func intersection(_ a: Value, _ b: Value) -> Value {
    var out = Value.emptyObject
    for field in a.fields where field.key != member {
      guard let other = b.get(field.key) else { continue }
      if field.value.isEmpty || other.isEmpty {
        out[field.key] = [:]
      } else {
        let both = intersection(field.value, other)
        if !both.isEmpty { out[field.key] = both }
      }
    }
    return out
  }

  /// The paths of a set's leaves, as messages write them (`.spec.containers[name="c"].image`).
  static func paths(_ set: Value, _ prefix: String = "") -> [String] {
    set.fields.flatMap { field -> [String] in
      if field.key == member { return [] }
      let step = prefix + text(field.key.string)
      return field.value.isEmpty ? [step] : paths(field.value, step)
    }
  }

  private static func text(_ step: String) -> String {
    let rest = String(step.dropFirst(2))
    if step.hasPrefix("f:") { return "." + rest }
    if step.hasPrefix("v:") { return "[=\(rest)]" }
    guard case .success(let keys) = JSON.parse(rest) else { return "[\(rest)]" }
    let parts = keys.fields.map { "\($0.key.string)=\(CanonicalJSON.string($0.value))" }
    return "[\(parts.joined(separator: ","))]"
  }
}
