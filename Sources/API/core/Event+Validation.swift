import APIMachinery

/// Events of both groups (`pkg/apis/core/validation/events.go`).
enum EventValidation {
  private static let shortest = 128
  private static let longestNote = 1024

  /// The older form, which the core group still takes.
  static func core(_ event: Value, _ out: inout Findings) {
    let namespace = event.namespace
    let about = event[.involvedObject][.namespace].string ?? ""
    let place = Path("involvedObject").child("namespace")
    let why = "does not match event.namespace"
    if event[.eventTime].isNull {
      if about.isEmpty ? !["", "default"].contains(namespace) : about != namespace {
        out.invalid(place, about, why)
      }
    } else {
      if about.isEmpty, namespace != "default", namespace != "kube-system" { out.invalid(place, about, why) }
      report(event, Path("reportingComponent"), event[.reportingComponent], &out)
      limit(event, .message, longestNote, &out)
    }
    out.invalid(Path("namespace"), namespace, all: Names.isDNS1123Subdomain(namespace))
  }

  /// `events.k8s.io/v1`.
  static func event(_ event: Value, _ out: inout Findings) {
    let namespace = event.namespace
    let about = event[.regarding][.namespace].string ?? ""
    if event[.eventTime].isNull { out.required(Path("eventTime")) }
    if about.isEmpty ? namespace != "default" && namespace != "kube-system" : about != namespace {
      out.invalid(Path("involvedObject").child("namespace"), about, "does not match event.namespace")
    }
    report(event, Path("reportingController"), event[.reportingController], &out)
    limit(event, .note, longestNote, &out)
    let type = event[.type].string ?? ""
    if type.isEmpty {
      out.required(Path("type"))
    } else if type != "Normal", type != "Warning" {
      out.invalid(Path("type"), "", "has invalid value: \(type)")
    }
  }

  private static func report(_ event: Value, _ place: Path, _ reporter: Value, _ out: inout Findings) {
    let name = reporter.string ?? ""
    if name.isEmpty { out.required(place) }
    out.invalid(place, name, all: Names.isQualifiedName(name))
    for key in [Key.reportingInstance, .action, .reason] {
      if (event[key].string ?? "").isEmpty { out.required(Path(key.string)) }
      limit(event, key, shortest, &out)
    }
  }

  private static func limit(_ event: Value, _ key: Key, _ most: Int, _ out: inout Findings) {
    if event[key].text?.count ?? 0 > most {
      out.invalid(Path(key.string), "", "can have at most \(most) characters")
    }
  }
}
