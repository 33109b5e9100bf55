import API
import APIMachinery
import Basics
import PlanReport
import Store

/// Webhooks are not called: which writes of the pass each of them would have been asked about
/// (`apiserver/pkg/admission/plugin/webhook`, the rules, selectors and scope of a configuration).
struct WebhookFindings {
  let builder: ReportBuilder
  let source: (Value) -> Place?

  private static let group = "admissionregistration.k8s.io"
  private static let shown = 3

  func findings() -> [Finding] {
    var out: [Finding] = []
    for kind in ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"] {
      for configuration in builder.store.list(GroupKind(group: Self.group, kind: kind), namespace: nil) {
        for hook in configuration[.webhooks].items {
          let seen = builder.changes.filter { isSeen($0, by: hook) }
          if seen.isEmpty { continue }
          out.append(
            Finding(
              .note, .notEvaluated, ObjectName(of: configuration), text(hook, seen.map(\.key)),
              source: source(configuration)))
        }
      }
    }
    return out
  }

  private func text(_ hook: Value, _ keys: [ObjectKey]) -> String {
    let names = keys.prefix(Self.shown).map { key in
      key.namespace.isEmpty ? "\(key.kind)/\(key.name)" : "\(key.kind)/\(key.namespace)/\(key.name)"
    }
    let more = keys.count > names.count ? " and \(keys.count - names.count) more" : ""
    let objects = keys.count == 1 ? "object" : "objects"
    return "webhook \(hook[.name].string ?? "") is not called; it would see \(keys.count) \(objects): "
      + names.joined(separator: ", ") + more
  }

  private func isSeen(_ change: ObjectChange, by hook: Value) -> Bool {
    guard let info = builder.scheme.info(change.key.kind), info.group != Self.group,
      let operation = operation(change)
    else { return false }
    let isMatched = hook[.rules].items.contains { matches($0, info, operation, exact: isExact(hook), change) }
    return isMatched && isSelected(change, info, hook)
  }

  /// What was done to the object itself; a change of its status alone is a write of another resource.
  private func operation(_ change: ObjectChange) -> String? {
    guard let new = change.new else { return "DELETE" }
    guard let old = change.old else { return "CREATE" }
    func plain(_ object: Value) -> Value {
      var copy = object.removing(.status)
      copy[.metadata] = copy[.metadata].removing(.resourceVersion).removing(.managedFields)
      return copy
    }
    return plain(new) == plain(old) ? nil : "UPDATE"
  }

  private func isExact(_ hook: Value) -> Bool { hook[.matchPolicy].says("Exact") }

  private func matches(
    _ rule: Value, _ info: KindInfo, _ operation: String, exact: Bool, _ change: ObjectChange
  ) -> Bool {
    func has(_ list: Value, _ wanted: [String]) -> Bool {
      list.items.contains { $0.string == "*" || wanted.contains($0.string ?? "") }
    }
    let written = (change.new ?? change.old)?.groupVersionKind.version ?? ""
    let scope = rule[.scope].string ?? "*"
    return has(rule[.operations], [operation]) && has(rule[.apiGroups], [info.group])
      && has(rule[.apiVersions], exact ? [written] : info.versions)
      && rule[.resources].items.contains { ["*", "*/*", info.plural].contains($0.string ?? "") }
      && (scope == "*" || scope == (info.namespaced ? "Namespaced" : "Cluster"))
  }

  private func isSelected(_ change: ObjectChange, _ info: KindInfo, _ hook: Value) -> Bool {
    let objects = LabelSelector(hook[.objectSelector])
    if !hook[.objectSelector].isEmpty,
      ![change.new, change.old].contains(where: { $0.map { objects.matches($0) } ?? false })
    {
      return false
    }
    if hook[.namespaceSelector].isEmpty { return true }
    let selector = LabelSelector(hook[.namespaceSelector])
    if change.key.kind == .namespace {
      return (change.new ?? change.old).map { selector.matches($0) } ?? false
    }
    guard info.namespaced else { return true }
    let namespace = builder.store.get(ObjectKey(.namespace, .empty, change.key.namespace))
    return namespace.map { selector.matches($0) } ?? false
  }
}
