import APIMachinery
import APIServer
import Kubectl

/// `set image TYPE NAME CONTAINER=IMAGE…` (`kubectl/pkg/cmd/set/set_image.go`).
struct SetImageCommand: VerbCommand {
  static let name = "set image"
  static let summary = "Set the images of a workload's containers"
  static let usage = "(-f FILE | TYPE NAME…) CONTAINER=IMAGE…"

  func perform(_ verb: Verb) throws {
    let words = try PairArguments(verb.arguments.positional, "image")
    let images = try words.values("image")
    if words.resources.isEmpty, !verb.arguments.has("filename") {
      throw KubectlError.client(
        "one or more resources must be specified as <resource> <name> or <resource>/<name>")
    }
    if images.set.isEmpty || !images.remove.isEmpty {
      throw KubectlError.client("at least one image update is required")
    }
    if images.set.count > 1, images.set.contains(where: { $0.key == "*" }) {
      throw KubectlError.client("multiple containers are already specified by *, but saw more than one")
    }
    try SetVerb.change(verb, words.resources, "image updated") { object throws(KubectlError) in
      try SetImage.apply(images.set, to: object)
    }
  }
}

enum SetVerb {
  static let containers = Option(
    "containers", short: "c", value: "NAME", "only containers of this name, which may hold * (default all)")

  /// Changes each object; one that stays as it is is not told of.
  static func change(
    _ verb: Verb, _ resources: [String], _ done: String, _ change: (Value) throws(KubectlError) -> Value
  ) throws {
    try verb.each(try verb.targets(resources)) { _, object in
      let next: Value
      do throws(KubectlError) { next = try change(object) } catch {
        throw KubectlError.client(error.text)
      }
      if next != object { verb.done(try verb.server.update(next), done) }
    }
  }
}
