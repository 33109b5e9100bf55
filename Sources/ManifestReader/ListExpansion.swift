import APIMachinery
import Basics

/// Takes lists apart, as kubectl does (`cli-runtime/pkg/resource/visitor.go`, `FlattenListVisitor`): a
/// kind that ends in `List` with `items`. Items of a typed list get their kind from it.
enum ListExpansion {
  private static let items = Key("items")
  private static let kind = Key("kind")
  private static let apiVersion = Key("apiVersion")

  /// `itemLines`: the lines of the items where they are known already.
  static func expand(
    _ manifest: Manifest, itemLines: [Int] = [], into result: inout ManifestReader.Result
  ) {
    guard case .object(let object) = manifest.value else {
      result.diagnostics.append(
        problem("not-an-object", "a manifest must be a mapping with apiVersion and kind", manifest.spans))
      return
    }
    guard let name = manifest.value.get(kind)?.string, name.hasSuffix("List"),
      let at = object.index(of: items), case .array(let list) = object[at].value
    else {
      result.manifests.append(manifest)
      return
    }
    let itemKind = String(name.dropLast(4))
    for index in 0..<list.count {
      var item = manifest
      item.value = list[index]
      item.spans = manifest.spans.descending([.key("items"), .index(index)])
      item.line = itemLines.count == list.count ? itemLines[index] : item.spans.startLine
      guard item.value.isObject else {
        result.diagnostics.append(problem("not-an-object", "an item of a list must be a mapping", item.spans))
        continue
      }
      if !itemKind.isEmpty, !item.value.has(kind), !item.value.has(apiVersion) {
        item.value.set(kind, .string(itemKind))
        item.value.set(apiVersion, manifest.value.get(apiVersion))
      }
      expand(item, into: &result)
    }
  }

  private static func problem(_ code: String, _ message: String, _ spans: SpanTree) -> Diagnostic {
    let span = spans.span([])
    return Diagnostic(.error, code, message, at: span.value, excerpt: span.excerpt)
  }
}
