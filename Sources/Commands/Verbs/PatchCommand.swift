import API
import APIMachinery
import APIServer
import Basics
import Foundation
import Kubectl
import ManifestReader

/// `patch TYPE NAME -p PATCH` (`kubectl/pkg/cmd/patch`).
struct PatchCommand: VerbCommand {
  static let name = "patch"
  static let summary = "Change fields of objects by a strategic, merge or JSON patch"
  static let usage = "(-f FILE | TYPE NAME…) (-p PATCH | --patch-file FILE)"
  static let flags =
    [
      Option("patch", short: "p", value: "PATCH", "the patch as JSON or YAML"),
      Option("patch-file", value: "FILE", "a file that holds the patch"),
      Option("type", value: "TYPE", "strategic (default), merge or json"),
      Option("subresource", value: "NAME", "status or scale"),
    ] + VerbFlags.files

  func perform(_ verb: Verb) throws {
    guard let type = PatchType(rawValue: (verb.arguments.string("type") ?? "strategic").lowercased()) else {
      throw KubectlError.client(
        "--type must be one of [json merge strategic], not \"\(verb.arguments.string("type") ?? "")\"")
    }
    let part = verb.arguments.string("subresource") ?? ""
    guard let target = PatchTarget(rawValue: part) else {
      throw KubectlError.client("invalid subresource value: \"\(part)\". Must be one of [status scale]")
    }
    let patch = try document(verb)
    try verb.each(try verb.targets(verb.arguments.positional)) { info, object in
      let before = object.resourceVersion
      let stored = try verb.server.patch(ObjectKey(of: object), type, patch, target)
      let done = stored.resourceVersion == before ? "patched (no change)" : "patched"
      // The scale sub-resource answers with a Scale.
      let isObject = stored.kindName == info.kind
      verb.done(isObject ? stored : verb.server.get(ObjectKey(of: object)) ?? object, done)
    }
  }

  private func document(_ verb: Verb) throws -> Value {
    var text = verb.arguments.string("patch")
    if let file = verb.arguments.string("patch-file") {
      if text != nil {
        throw KubectlError.client("cannot specify --patch and --patch-file together")
      }
      guard let data = FileManager.default.contents(atPath: file) else {
        throw KubectlError.client("unable to read patch file: open \(file): no such file or directory")
      }
      text = String(decoding: data, as: UTF8.self)
    }
    guard let text, !text.isEmpty else {
      throw KubectlError.client("must specify --patch or --patch-file containing the contents of the patch")
    }
    if case .success(let value) = JSON.parse(Array(text.utf8)) { return value }
    var options = ManifestReader.Options()
    options.refusesDuplicateKeys = false
    let result = ManifestReader.read(text: Array(text.utf8), name: "patch", options: options)
    guard let first = result.manifests.first?.value, !result.diagnostics.hasErrors else {
      let why = result.diagnostics.first { $0.severity == .error }?.message ?? "no document"
      throw KubectlError.client("unable to parse \"\(text)\": \(why)")
    }
    return first
  }
}
