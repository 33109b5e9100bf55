public import API

/// The words that name resources: `TYPE NAME…`, `TYPE/NAME…`, `TYPE,TYPE` (`cli-runtime/pkg/resource/builder.go`,
/// ResourceTypeOrNameArgs).
public enum ResourceArguments: Sendable {
  /// Objects by name, in the order of the words.
  case named([(info: KindInfo, name: String)])
  /// All objects of these kinds, or those that a selector picks.
  case listed([KindInfo])

  public static let missing = """
    You must provide one or more resources by argument or filename.
    Example resource specifications include:
       '-f rsrc.yaml'
       '--filename=rsrc.json'
       '<resource> <name>'
       '<resource>'
    """

  /// Reads the words. `lists`: a type alone is enough (a selector or `--all` was given, or the verb reads).
  public static func parse(_ words: [String], _ scheme: Scheme, lists: Bool) throws(KubectlError)
    -> ResourceArguments
  {
    if words.contains(where: { $0.contains("/") }) { return .named(try combined(words, scheme)) }
    guard let first = words.first else { throw .client(missing) }
    let kinds = try kinds(first, scheme)
    let names = words.dropFirst()
    if names.isEmpty {
      if !lists { throw .client("resource(s) were provided, but no name was specified") }
      return .listed(kinds)
    }
    var out: [(info: KindInfo, name: String)] = []
    for kind in kinds { for name in names { out.append((kind, name)) } }
    return .named(out)
  }

  /// `TYPE/NAME` words only.
  private static func combined(_ words: [String], _ scheme: Scheme) throws(KubectlError)
    -> [(info: KindInfo, name: String)]
  {
    var out: [(info: KindInfo, name: String)] = []
    for word in words {
      let parts = word.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
      guard parts.count > 1 else {
        throw .client(
          "there is no need to specify a resource type as a separate argument when passing arguments in "
            + "resource/name form (e.g. 'plimsoll get resource/<resource_name>' instead of 'plimsoll get "
            + "resource resource/<resource_name>'")
      }
      guard parts.count == 2 else {
        throw .client("arguments in resource/name form may not have more than one slash")
      }
      guard !parts[0].isEmpty, !parts[1].isEmpty else {
        throw .client("arguments in resource/name form must have a single resource and name")
      }
      for kind in try kinds(parts[0], scheme) { out.append((kind, parts[1])) }
    }
    return out
  }

  /// The kinds that a word with commas means; a category such as `all` means several.
  public static func kinds(_ word: String, _ scheme: Scheme) throws(KubectlError) -> [KindInfo] {
    var out: [KindInfo] = []
    for part in word.split(separator: ",") {
      let name = String(part)
      if let info = scheme.info(named: name) {
        out.append(info)
        continue
      }
      let group = category(name, scheme)
      if group.isEmpty { throw .client("the server doesn't have a resource type \"\(name)\"") }
      out += group
    }
    return out
  }

  /// The order in which discovery tells the kinds of `all`.
  private static let order = [
    "pods", "replicationcontrollers", "services", "daemonsets", "deployments", "replicasets", "statefulsets",
    "horizontalpodautoscalers", "cronjobs", "jobs",
  ]

  private static func category(_ name: String, _ scheme: Scheme) -> [KindInfo] {
    let members = scheme.kinds.filter { $0.categories.contains(name) }
    let rank = { (info: KindInfo) in order.firstIndex(of: info.plural) ?? order.count }
    return members.enumerated().sorted { a, b in
      let (x, y) = (rank(a.element), rank(b.element))
      return x == y ? a.offset < b.offset : x < y
    }.map(\.element)
  }
}

extension KindInfo {
  /// `deployment.apps`; the kind alone in the core group: how kubectl names an object's type.
  public var printedName: String { group.isEmpty ? kind.lowercased() : "\(kind.lowercased()).\(group)" }
}
