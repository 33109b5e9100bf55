import APIMachinery

/// What controllers ask about storage classes (`pkg/volume/util/storageclass.go`).
enum StorageClasses {
  private static let marks: [Key] = [
    "storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class",
  ]

  static func isDefault(_ storageClass: Value) -> Bool {
    marks.contains { storageClass.annotation($0) == "true" }
  }

  /// The default class; of several the youngest, then the first by name.
  static func defaultName(_ client: any ObjectReader) -> String? {
    var best: Value?
    for one in client.list(.storageClass) where isDefault(one) {
      let age = one.metadata[.creationTimestamp].string ?? ""
      if let best, (best.metadata[.creationTimestamp].string ?? "") >= age { continue }
      best = one
    }
    return best?.name
  }

  static func named(_ name: Key, _ client: any ObjectReader) -> Value? {
    name.isEmpty ? nil : client.get(ObjectKey(.storageClass, .empty, name))
  }
}
