import APIMachinery
import Basics

/// The address of an object in a report.
public struct ObjectName: Hashable, Sendable {
  public var apiVersion: String
  public var kind: String
  public var namespace: String
  public var name: String

  public init(apiVersion: String, kind: String, namespace: String, name: String) {
    self.apiVersion = apiVersion
    self.kind = kind
    self.namespace = namespace
    self.name = name
  }

  public init(of object: Value) {
    self.init(
      apiVersion: object.apiVersion, kind: object.kindName, namespace: object.namespace, name: object.name)
  }

  public var group: String { GroupVersionKind(apiVersion: apiVersion, kind: kind).group }

  /// `deployment.apps/web`, as kubectl names it.
  public var short: String {
    group.isEmpty ? "\(kind.lowercased())/\(name)" : "\(kind.lowercased()).\(group)/\(name)"
  }

  /// `deployment.apps/web (shop)`.
  public var display: String { namespace.isEmpty ? short : "\(short) (\(namespace))" }

  /// `Deployment.apps/shop/web`: unique, the address in JSON.
  public var address: String {
    let type = group.isEmpty ? kind : "\(kind).\(group)"
    return namespace.isEmpty ? "\(type)/\(name)" : "\(type)/\(namespace)/\(name)"
  }

  /// Order in reports: namespace, kind, name; cluster-scoped first.
  public static func inReportOrder(_ a: ObjectName, _ b: ObjectName) -> Bool {
    (a.namespace, a.kind, a.group, a.name) < (b.namespace, b.kind, b.group, b.name)
  }
}

/// One changed field of an object.
public struct FieldDifference: Sendable {
  /// `spec.template.spec.containers[web].image`.
  public var path: String
  /// Nil where the field was absent.
  public var before: Value?
  public var after: Value?
  /// The values are secret and never shown.
  public var sensitive: Bool
  public var effect: FieldEffect

  public init(path: String, before: Value?, after: Value?, sensitive: Bool, effect: FieldEffect) {
    self.path = path
    self.before = before
    self.after = after
    self.sensitive = sensitive
    self.effect = effect
  }
}

/// What the plan does with one object of the manifests or of the inventory.
public struct Change: Sendable {
  public var object: ObjectName
  public var action: Action
  public var reason: ActionReason
  /// Where the manifest stands; nil for a deletion.
  public var source: Place?
  /// The order in which it is done, from 0.
  public var wave: Int
  public var fields: [FieldDifference]
  /// The object before and after its write, secrets masked.
  public var before: Value?
  public var after: Value?
  /// A few words on a new object: replicas, images.
  public var summary: String
  public var rollout: Rollout?
  /// Names of the objects that go with a deletion, pods last.
  public var takesWithIt: [ObjectName]

  public init(object: ObjectName, action: Action, reason: ActionReason, source: Place?, wave: Int) {
    self.object = object
    self.action = action
    self.reason = reason
    self.source = source
    self.wave = wave
    fields = []
    summary = ""
    takesWithIt = []
  }
}
