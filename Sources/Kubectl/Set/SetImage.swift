public import APIMachinery

/// `set image` (`kubectl/pkg/cmd/set/set_image.go`).
public enum SetImage {
  /// The object with the images of its containers set; a container that is not there is an error.
  public static func apply(_ images: [(key: String, value: String)], to object: Value) throws(KubectlError)
    -> Value
  {
    var missing: [KubectlError] = []
    let next = try PodSpecPath.change(object) { spec throws(KubectlError) in
      for (name, image) in images {
        let found = PodSpecPath.containers(in: &spec, name) { $0[.image] = .string(image) }
        if found == 0 { missing.append(.client("unable to find container named \"\(name)\"")) }
      }
    }
    if let error = KubectlError.of(missing) { throw error }
    return next
  }
}
