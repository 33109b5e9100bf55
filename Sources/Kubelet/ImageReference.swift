/// Names of images as container runtimes spell them out (`distribution/reference.ParseNormalizedNamed`).
enum ImageReference {
  /// `nginx` becomes `docker.io/library/nginx:latest`.
  static func spelledOut(_ image: String) -> String {
    let (name, suffix) = split(image)
    return repository(name) + (suffix.isEmpty ? ":latest" : suffix)
  }

  /// The repository without tag and digest.
  static func repository(of image: String) -> String { repository(split(image).name) }

  private static func split(_ image: String) -> (name: String, suffix: String) {
    let bytes = Array(image.utf8)
    if let at = bytes.firstIndex(of: 64) {
      // A digest wins over a tag that stands before it.
      let name = split(String(decoding: bytes[..<at], as: UTF8.self)).name
      return (name, String(decoding: bytes[at...], as: UTF8.self))
    }
    let slash = bytes.lastIndex(of: 47) ?? -1
    if let colon = bytes.lastIndex(of: 58), colon > slash {
      return (
        String(decoding: bytes[..<colon], as: UTF8.self), String(decoding: bytes[colon...], as: UTF8.self)
      )
    }
    return (image, "")
  }

  private static func repository(_ name: String) -> String {
    guard let slash = name.utf8.firstIndex(of: 47) else { return "docker.io/library/" + name }
    let first = name[..<slash]
    if first == "localhost" || first.utf8.contains(46) || first.utf8.contains(58) { return name }
    return "docker.io/" + name
  }
}
