import API
import APIMachinery
import APIServer
import Basics
import Kubectl
import Planner

/// `delete TYPE NAME…` (`kubectl/pkg/cmd/delete`).
struct DeleteCommand: VerbCommand {
  static let name = "delete"
  static let summary = "Delete objects by name, file or selector"
  static let usage = "(-f FILE | TYPE NAME… | TYPE -l SELECTOR | TYPE --all)"
  static let flags =
    [
      Option(
        "cascade", value: "HOW", "what becomes of dependents: background (default), foreground or orphan",
        implied: "background", choices: ["background", "foreground", "orphan", "true", "false"]),
      Option("grace-period", value: "SECONDS", "how long pods may take; negative for their own"),
      Option(
        "now", value: "[RFC3339]",
        "alone: the same as --grace-period=1; with a time: when the pass begins", implied: "",
        takes: { RFC3339.parse($0) != nil }),
      Option("force", "take the objects away at once, with --grace-period=0"),
      Option("ignore-not-found", "it is no error that an object is missing"),
      Option("wait", "wait until the objects are gone, or the pass ends (default on)"),
      Option("timeout", value: "DURATION", "how long to wait in virtual time"),
      VerbFlags.allNamespaces,
    ] + VerbFlags.targets

  func perform(_ verb: Verb) throws {
    let options = try deleteOptions(verb)
    let listed = verb.arguments.flag("all") || verb.arguments.has("selector")
    let ignoresMissing = verb.arguments.flag("ignore-not-found", listed)
    let targets = try verb.named(verb.arguments.positional)
    if targets.contains(where: { !$0.info.namespaced }), verb.arguments.has("namespace"),
      !verb.arguments.flag("all-namespaces")
    {
      verb.warn("warning: deleting cluster-scoped resources, not scoped to the provided namespace")
    }
    var gone: [VerbTarget] = []
    try verb.each(targets) { target in
      guard let object = target.object else {
        if ignoresMissing { return }
        throw APIError.notFound(target.info.resourceName, target.key.name.string)
      }
      try verb.server.delete(target.key, options)
      tell(verb, object, target.info, forced: options.gracePeriodSeconds == 0)
      gone.append(target)
    }
    if gone.isEmpty, verb.errors.isEmpty { verb.console.print("No resources found") }
    if verb.dryRun == .none, verb.arguments.flag("wait", true) { try wait(verb, gone) }
  }

  private func deleteOptions(_ verb: Verb) throws -> DeleteOptions {
    var options = DeleteOptions(propagation: .background)
    switch verb.arguments.string("cascade") {
    case "foreground": options.propagation = .foreground
    case "orphan", "false": options.propagation = .orphan
    default: break
    }
    let force = verb.arguments.flag("force")
    var grace = try verb.arguments.int("grace-period") ?? -1
    if verb.arguments.string("now") == "" {
      if grace != -1 {
        throw KubectlError.client("--now and --grace-period cannot be specified together")
      }
      grace = 1
    }
    if grace == 0, !force { grace = 1 }
    if force, grace < 0 { grace = 0 }
    if force, grace > 0 {
      throw KubectlError.client("--force and --grace-period greater than 0 cannot be specified together")
    }
    if force {
      verb.warn(
        "Warning: Immediate deletion does not wait for confirmation that the running resource has been "
          + "terminated. The resource may continue to run on the cluster indefinitely.")
    }
    if grace >= 0 { options.gracePeriodSeconds = grace }
    return options
  }

  private func tell(_ verb: Verb, _ object: Value, _ info: KindInfo, forced: Bool) {
    let place = info.namespaced ? " from \(object.namespace) namespace" : ""
    verb.note(object)
    if verb.arguments.string("output") == "name" {
      verb.console.print(verb.name(object))
    } else {
      verb.console.print(
        "\(info.printedName) \"\(object.name)\" \(forced ? "force " : "")deleted\(verb.suffix)\(place)")
    }
  }

  /// Lets time pass until the objects are gone; kubectl would wait on for what holds them.
  private func wait(_ verb: Verb, _ targets: [VerbTarget]) throws {
    guard let timeout = try PassOptions.duration(verb.arguments, "timeout"), timeout > .zero else {
      verb.awaited = targets.compactMap(\.object)
      return
    }
    verb.pass.advance(to: verb.pass.now + timeout)
    for target in targets {
      guard let object = verb.server.get(target.key), object.uid == target.object?.uid else { continue }
      verb.fail(
        .client("timed out waiting for the condition on \(target.info.plural)/\(object.name)"))
    }
  }
}
