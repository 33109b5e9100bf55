import API
import APIMachinery
import APIServer
import Basics
import Kubectl
import ManifestReader

/// One object that a verb is about.
struct VerbTarget {
  var info: KindInfo
  var key: ObjectKey
  /// As it is stored; nil if it is not there.
  var object: Value?
  /// The manifest that named it.
  var manifest: Value?
}

extension Verb {
  /// The objects that words and flags name. One that is missing is noted as NotFound and left out.
  func targets(_ words: [String], lists: Bool = false, ignoresSelector: Bool = false) throws -> [(
    info: KindInfo, object: Value
  )] {
    var out: [(info: KindInfo, object: Value)] = []
    for target in try named(words, lists: lists, ignoresSelector: ignoresSelector) {
      if let object = target.object {
        out.append((target.info, object))
      } else {
        fail(.api(.notFound(target.info.resourceName, target.key.name.string)))
      }
    }
    return out
  }

  /// The same, with those that are not there.
  func named(_ words: [String], lists: Bool = false, ignoresSelector: Bool = false) throws -> [VerbTarget] {
    let files = arguments.strings("filename")
    if !files.isEmpty {
      guard words.isEmpty else {
        throw KubectlError.client(
          "when paths, URLs, or stdin is provided as input, you may not specify a resource by arguments as "
            + "well")
      }
      return try fromFiles(files)
    }
    let selector = ignoresSelector ? nil : try labelSelector("selector")
    let all = arguments.flag("all")
    if all, selector != nil {
      throw KubectlError.client("cannot set --all and --selector at the same time")
    }
    let everywhere = arguments.flag("all-namespaces")
    switch try ResourceArguments.parse(words, scheme, lists: lists || all || selector != nil) {
    case .named(let names):
      if selector != nil {
        throw KubectlError.client("name cannot be provided when a selector is specified")
      }
      if all { throw KubectlError.client("setting 'all' parameter but found a non empty name") }
      if everywhere {
        throw KubectlError.client("a resource cannot be retrieved by name across all namespaces")
      }
      return names.map { info, name in target(info, info.namespaced ? namespace : "", name) }
    case .listed(let kinds):
      return kinds.flatMap { info in
        server.list(info.groupKind, namespace: info.namespaced && !everywhere ? Key(namespace) : nil)
          .filter { object in selector.map { $0.matches(object) } ?? true }
          .map { VerbTarget(info: info, key: ObjectKey(of: $0), object: $0) }
      }
    }
  }

  private func target(_ info: KindInfo, _ namespace: String, _ name: String) -> VerbTarget {
    let key = ObjectKey(info.groupKind, namespace: namespace, name: name)
    return VerbTarget(info: info, key: key, object: server.get(key))
  }

  private func fromFiles(_ files: [String]) throws -> [VerbTarget] {
    let result = ManifestReader.read(files)
    if result.diagnostics.hasErrors { throw CommandFailure(.failure, result.diagnostics) }
    console.report(result.diagnostics)
    var out: [VerbTarget] = []
    for manifest in result.manifests {
      let value = manifest.value
      guard let info = scheme.info(apiVersion: value.apiVersion, kind: value.kindName) else {
        fail(
          .client(
            "resource mapping not found for name: \"\(value.name)\" namespace: \"\(value.namespace)\" from "
              + "\"\(manifest.file)\": "
              + scheme.noMatch(apiVersion: value.apiVersion, kind: value.kindName).message
              + "\nensure CRDs are installed first"))
        continue
      }
      if info.namespaced, let given = arguments.string("namespace"), !value.namespace.isEmpty,
        value.namespace != given
      {
        throw KubectlError.client(
          "the namespace from the provided object \"\(value.namespace)\" does not match the namespace "
            + "\"\(given)\". You must pass '--namespace=\(value.namespace)' to perform this operation.")
      }
      let place = info.namespaced ? (value.namespace.isEmpty ? namespace : value.namespace) : ""
      var found = target(info, place, value.name)
      found.manifest = value
      out.append(found)
    }
    return out
  }

  /// A flag that holds a label selector.
  func labelSelector(_ flag: String) throws -> LabelSelector? {
    guard let text = arguments.string(flag) else { return nil }
    switch LabelSelector.parse(text) {
    case .success(let selector): return selector
    case .failure(let error): throw KubectlError.client(error.message)
    }
  }
}
