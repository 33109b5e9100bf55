public import APIMachinery
public import Basics
import ControllerRuntime

/// What a description looks things up in.
public struct DescribeContext {
  public var client: any ObjectReader
  public var now: Instant
  public var showsEvents: Bool

  public init(client: any ObjectReader, now: Instant, showsEvents: Bool = true) {
    self.client = client
    self.now = now
    self.showsEvents = showsEvents
  }

  /// How long ago a time of the API is.
  func age(_ time: Value) -> String {
    guard let then = PodState.time(time) else { return "<unknown>" }
    return HumanDuration.string((now - then).count / 1_000_000_000)
  }

  /// Pods of a namespace that a controller with this selector keeps.
  func pods(of owner: Value, _ selector: LabelSelector) -> [Value] {
    client.list(.pod, namespace: owner.namespaceKey).filter {
      OwnerReferences.isController(owner, of: $0) && selector.matches($0)
    }
  }
}

/// One kind's description. Adding a kind is one file and one line in `Describers.all`.
protocol Describer: Sendable {
  static var kind: GroupKind { get }
  static func describe(_ object: Value, _ writer: inout DescribeWriter, _ context: DescribeContext)
  /// Whether its events are shown at the end.
  static var hasEvents: Bool { get }
}

extension Describer {
  static var hasEvents: Bool { true }
}

/// `describe`: the texts of all kinds (`kubectl/pkg/describe/describe.go`).
public enum Describers {
  static let all: [any Describer.Type] = [
    PodDescriber.self, NodeDescriber.self, DeploymentDescriber.self, ReplicaSetDescriber.self,
    ReplicationControllerDescriber.self, StatefulSetDescriber.self, DaemonSetDescriber.self,
    JobDescriber.self, CronJobDescriber.self, ServiceDescriber.self, EndpointsDescriber.self,
    EndpointSliceDescriber.self, IngressDescriber.self, IngressClassDescriber.self,
    PersistentVolumeClaimDescriber.self, PersistentVolumeDescriber.self, StorageClassDescriber.self,
    HorizontalPodAutoscalerDescriber.self, PodDisruptionBudgetDescriber.self, ResourceQuotaDescriber.self,
    LimitRangeDescriber.self, NamespaceDescriber.self, ConfigMapDescriber.self, SecretDescriber.self,
    ServiceAccountDescriber.self, PriorityClassDescriber.self,
  ]

  /// The description of an object, columns set, with a line end at its end.
  public static func text(_ object: Value, _ context: DescribeContext) -> String {
    var writer = DescribeWriter()
    let kind = ObjectKey(of: object).kind
    let describer = all.first { $0.kind == kind }
    if let describer {
      describer.describe(object, &writer, context)
    } else {
      GenericDescriber.describe(object, &writer)
    }
    if context.showsEvents, describer?.hasEvents ?? true { EventText.write(object, &writer, context) }
    return writer.aligned
  }
}

/// The events about an object, at the end of its description.
enum EventText {
  static func write(_ object: Value, _ writer: inout DescribeWriter, _ context: DescribeContext) {
    let namespace = object.namespace.isEmpty ? "default" : object.namespace
    let events = context.client.list(.event, namespace: Key(namespace)).filter { event in
      let about = event[.involvedObject]
      return about[.name].string == object.name && about[.kind].string == object.kindName
        && (about[.uid].string == object.uid || about[.uid].string == object.name)
    }
    if events.isEmpty {
      writer.line(0, "Events:\t<none>")
      return
    }
    let sorted = events.enumerated().sorted { a, b in
      let (x, y) = (last(a.element), last(b.element))
      if x != y { return x < y }
      // What happened in one second is told in the order of the writes.
      let (m, n) = (Int(a.element.resourceVersion) ?? 0, Int(b.element.resourceVersion) ?? 0)
      return m == n ? a.offset < b.offset : m < n
    }.map(\.element)
    writer.line(0, "Events:")
    writer.line(1, "Type\tReason\tAge\tFrom\tMessage")
    writer.line(1, "----\t------\t----\t----\t-------")
    for event in sorted {
      let first = event[.eventTime].isNull ? event[.firstTimestamp] : event[.eventTime]
      var age = context.age(first)
      if let count = event[.count].int, count > 1 {
        age = "\(context.age(event[.lastTimestamp])) (x\(count) over \(age))"
      }
      let source = event[.source][.component].string ?? event[.reportingComponent].string ?? ""
      writer.line(
        1,
        [event[.type].string ?? "", event[.reason].string ?? "", age, source, message(event)]
          .joined(separator: "\t"))
    }
  }

  private static func message(_ event: Value) -> String {
    let text = (event[.message].string ?? "").split(separator: "\n").joined(separator: " ")
    guard let path = event[.involvedObject][.fieldPath].string, !path.isEmpty else { return text }
    return "\(path): \(text)"
  }

  private static func last(_ event: Value) -> Instant {
    PodState.time(event[.lastTimestamp]) ?? PodState.time(event[.eventTime]) ?? Instant(seconds: 0)
  }
}

/// Parts that many descriptions share.
extension DescribeWriter {
  mutating func head(_ object: Value) {
    field("Name", object.name)
    if !object.namespace.isEmpty { field("Namespace", object.namespace) }
  }

  mutating func metadata(_ object: Value) {
    labels("Labels", object.labels)
    annotations("Annotations", object.annotations)
  }

  mutating func controller(_ object: Value) {
    guard let owner = object.controllerReference else { return }
    field("Controlled By", "\(owner[.kind].string ?? "")/\(owner[.name].string ?? "")")
  }

  /// `Pods Status: 2 Running / 0 Waiting / …`.
  mutating func podsStatus(_ pods: [Value]) {
    let count = { (phase: String) in pods.count { $0.status[.phase].string == phase } }
    field(
      "Pods Status",
      "\(count("Running")) Running / \(count("Pending")) Waiting / \(count("Succeeded")) Succeeded / "
        + "\(count("Failed")) Failed")
  }

  /// Conditions as type, status and reason.
  mutating func conditions(_ object: Value) {
    let conditions = object.status[.conditions].items
    if conditions.isEmpty { return }
    line(0, "Conditions:")
    line(1, "Type\tStatus\tReason")
    line(1, "----\t------\t------")
    for item in conditions {
      line(1, "\(item[.type].string ?? "") \t\(item[.status].string ?? "")\t\(item[.reason].string ?? "")")
    }
  }
}
