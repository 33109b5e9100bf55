public import APIMachinery
public import Basics

/// Differences that are known and accepted until a day (`plimsoll.dev/v1 AuditBaseline`).
public struct AuditBaseline: Sendable {
  public struct Entry: Sendable {
    /// `Deployment.apps/shop/web`, as reports name objects.
    public var object: String
    /// A field and all below it; nil for everything about the object.
    public var path: String?
    public var until: Instant
    public var reason: String
    public init(object: String, path: String?, until: Instant, reason: String) {
      self.object = object
      self.path = path
      self.until = until
      self.reason = reason
    }
  }

  public var entries: [Entry]
  public init(entries: [Entry] = []) { self.entries = entries }

  public static func isBaseline(_ document: Value) -> Bool {
    document.apiVersion == "plimsoll.dev/v1" && document.kindName == "AuditBaseline"
  }

  /// Reads a document; what it does not understand is told by path and message.
  public static func read(_ document: Value) -> (AuditBaseline, [Assumptions.Finding]) {
    var findings: [Assumptions.Finding] = []
    func wrong(_ path: String, _ message: String) { findings.append(.init(path: path, message: message)) }
    var out = AuditBaseline()
    let fields: Set<String> = ["apiVersion", "kind", "metadata", "accepted"]
    for field in document.fields where !fields.contains(field.key.string) {
      wrong(field.key.string, "is not a field of AuditBaseline; known is accepted")
    }
    if let list = document.get("accepted"), !list.isArray, !list.isNull {
      wrong("accepted", "must be a list")
    }
    for (i, item) in document["accepted"].items.enumerated() {
      let at = "accepted[\(i)]"
      let known: Set<String> = ["object", "path", "until", "reason"]
      for field in item.fields where !known.contains(field.key.string) {
        wrong("\(at).\(field.key)", "is none of object, path, until, reason")
      }
      guard let object = item[.object].string, !object.isEmpty else {
        wrong("\(at).object", "must name an object, such as Deployment.apps/shop/web")
        continue
      }
      guard let until = item["until"].string.flatMap(day) else {
        wrong("\(at).until", "must be a day or a time, such as 2026-12-31")
        continue
      }
      out.entries.append(
        Entry(object: object, path: item[.path].string, until: until, reason: item[.reason].string ?? ""))
    }
    return (out, findings)
  }

  /// The end of a day, or an instant.
  private static func day(_ text: String) -> Instant? {
    RFC3339.parse(text) ?? RFC3339.parse(text + "T23:59:59Z")
  }

  /// The document in YAML, for a file that a person edits.
  public var text: String {
    var out = "apiVersion: plimsoll.dev/v1\nkind: AuditBaseline\naccepted:"
    if entries.isEmpty { return out + " []\n" }
    out += "\n"
    for entry in entries {
      out += "- object: \(quoted(entry.object))\n"
      if let path = entry.path { out += "  path: \(quoted(path))\n" }
      out += "  until: \(RFC3339.string(entry.until))\n  reason: \(quoted(entry.reason))\n"
    }
    return out
  }

  private func quoted(_ text: String) -> String { CanonicalJSON.string(.string(text)) }
}
