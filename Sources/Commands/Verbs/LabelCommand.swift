import APIMachinery
import APIServer
import Kubectl

/// `label TYPE NAME KEY=VALUE… KEY-…` (`kubectl/pkg/cmd/label`).
struct LabelCommand: VerbCommand {
  static let name = "label"
  static let summary = "Set or remove labels"
  static let usage = "[--overwrite] (-f FILE | TYPE NAME…) KEY=VALUE… KEY-…"
  static let flags = MetadataVerb.flags("labels")

  func perform(_ verb: Verb) throws {
    let words = try PairArguments(verb.arguments.positional, "label")
    let changes = try words.labels()
    try MetadataVerb(field: .labels, what: "label", done: "labeled", undone: "unlabeled").perform(
      verb, words.resources, changes
    ) { taken in
      // kubectl tells each on a line of its own.
      .aggregate(
        taken.map { .client("'\($0.key)' already has a value (\($0.value)), and --overwrite is false") })
    }
  }
}

/// `annotate TYPE NAME KEY=VALUE… KEY-…` (`kubectl/pkg/cmd/annotate`).
struct AnnotateCommand: VerbCommand {
  static let name = "annotate"
  static let summary = "Set or remove annotations"
  static let usage = "[--overwrite] (-f FILE | TYPE NAME…) KEY=VALUE… KEY-…"
  static let flags = MetadataVerb.flags("annotations")

  func perform(_ verb: Verb) throws {
    let words = try PairArguments(verb.arguments.positional, "annotation")
    let changes = try words.values("annotation")
    try MetadataVerb(field: .annotations, what: "annotation", done: "annotated", undone: "annotated").perform(
      verb, words.resources, changes
    ) { taken in
      let list = taken.map { "'\($0.key)' already has a value (\($0.value))" }.joined(separator: "; ")
      return .client("--overwrite is false but found the following declared annotation(s): \(list)")
    }
  }
}

/// What `label` and `annotate` have in common.
struct MetadataVerb {
  let field: Key
  let what: String
  let done: String
  let undone: String

  static func flags(_ what: String) -> [Option] {
    [
      Option("overwrite", "let present \(what) be overwritten"),
      Option("list", "print the \(what) that the objects have then"),
      VerbFlags.allNamespaces, VerbFlags.resourceVersion,
    ] + VerbFlags.targets
  }

  func perform(
    _ verb: Verb, _ resources: [String], _ changes: PairArguments.Changes,
    taken: ([(key: String, value: String)]) -> KubectlError
  ) throws {
    let lists = verb.arguments.flag("list")
    if resources.isEmpty, !verb.arguments.has("filename") {
      throw KubectlError.client(
        "one or more resources must be specified as <resource> <name> or <resource>/<name>")
    }
    if changes.set.isEmpty, changes.remove.isEmpty, !lists {
      throw KubectlError.client("at least one \(what) update is required")
    }
    let version = verb.arguments.string("resource-version")
    let targets = try verb.targets(resources)
    if targets.count > 1, version != nil {
      throw KubectlError.client("--resource-version may only be used with a single resource")
    }
    try verb.each(targets) { _, object in
      let old = object.metadata[field]
      for key in changes.remove where !old.has(Key(key)) {
        verb.console.print("\(what) \"\(key)\" not found.")
      }
      if !verb.arguments.flag("overwrite") {
        let overwritten = changes.overwritten(in: old)
        if !overwritten.isEmpty {
          throw overwritten.count == 1 ? single(taken(overwritten)) : taken(overwritten)
        }
      }
      let new = changes.applied(to: old)
      var next = object
      next.metadata.set(field, new.isEmpty ? nil : new)
      if let version { next.metadata[.resourceVersion] = .string(version) }
      let stored = next == object ? object : try verb.server.update(next)
      if lists {
        if targets.count > 1 {
          let kind = ObjectKey(of: object).kind
          verb.console.print("Listing \(what)s for \(kind.kind).\(kind.group)/\(object.name):")
        }
        for pair in stored.metadata[field].fields {
          verb.console.print("\(targets.count > 1 ? " " : "")\(pair.key)=\(pair.value.string ?? "")")
        }
        return
      }
      let message =
        old == stored.metadata[field]
        ? (what == "label" ? "not labeled" : done)
        : !verb.arguments.flag("overwrite") && changes.set.isEmpty ? undone : done
      verb.done(stored, message)
    }
  }

  /// One error needs no list.
  private func single(_ error: KubectlError) -> KubectlError {
    if case .aggregate(let errors) = error, let first = errors.first { return first }
    return error
  }
}
