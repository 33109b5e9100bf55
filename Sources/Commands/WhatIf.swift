import API
import APIMachinery
import Basics
import ManifestReader
import Planner
import Store

/// The flags of `plan` that ask what would happen with other nodes.
struct WhatIf {
  static let options = [
    Option("without-node", value: "NAME", "what if this node were removed", repeats: true),
    Option("node-down", value: "NAME", "what if this node fell silent", repeats: true),
    Option("add-node", value: "FILE[*N]", "what if the nodes in FILE were there, N of each", repeats: true),
  ]

  let without: [String]
  let down: [String]
  let added: [(file: String, copies: Int)]
  var isEmpty: Bool { without.isEmpty && down.isEmpty && added.isEmpty }

  init(_ arguments: Arguments) throws {
    without = arguments.strings("without-node")
    down = arguments.strings("node-down")
    added = try arguments.strings("add-node").map { word in
      guard let star = word.lastIndex(of: "*"), let n = Int(word[word.index(after: star)...]) else {
        return (word, 1)
      }
      guard n > 0, n <= 100_000 else {
        throw Arguments.UsageError(message: "--add-node \(word): the number must be from 1 to 100000")
      }
      return (String(word[..<star]), n)
    }
    if !isEmpty, arguments.has("out") {
      throw Arguments.UsageError(message: "a what-if cannot be applied: --out goes with none of its flags")
    }
  }

  /// Changes what a pass starts from.
  func change(_ input: inout PassInput) throws {
    if isEmpty { return }
    for name in without + down {
      let key = ObjectKey(.node, name: name)
      let isWritten = input.manifests.contains { Self.isNode($0, name) }
      guard input.base.get(key) != nil || (isWritten && down.contains(name)) else {
        throw CommandFailure(code: "no-node", APIError.notFound("nodes", name).message)
      }
    }
    input.manifests.removeAll { manifest in without.contains { Self.isNode(manifest, $0) } }
    input.removals = without.map { ObjectKey(.node, name: $0) }
    for name in down { input.assumptions.nodes.append(.init(name: Key(name), heartbeat: false)) }
    for (file, copies) in added { input.manifests += try nodes(file, copies) }
  }

  private static func isNode(_ manifest: Manifest, _ name: String) -> Bool {
    manifest.value.kindName == "Node" && manifest.value.apiVersion == "v1" && manifest.value.name == name
  }

  private func nodes(_ file: String, _ copies: Int) throws -> [Manifest] {
    let result = ManifestReader.read([file])
    if result.diagnostics.hasErrors { throw CommandFailure(.failure, result.diagnostics) }
    var all: [Manifest] = []
    for manifest in result.manifests {
      guard manifest.value.kindName == "Node", manifest.value.apiVersion == "v1" else {
        throw CommandFailure(code: "no-node", "\(file): only nodes can be added", at: manifest.spans.start)
      }
      if copies == 1 {
        all.append(manifest)
        continue
      }
      for i in 1...copies {
        var copy = manifest
        let name: Value = .string("\(manifest.value.name)-\(i)")
        copy.value[.metadata][.name] = name
        // A copy is a host of its own.
        if copy.value.label(.kubernetesIoHostname) != nil {
          copy.value[.metadata][.labels][.kubernetesIoHostname] = name
        }
        all.append(copy)
      }
    }
    return all
  }
}
