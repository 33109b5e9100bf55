import Basics

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Finds the manifests below a directory: `.yaml`, `.yml` and `.json`, in path order, hidden ones left out.
/// A directory that needs rendering (kustomize, Helm) is refused, as is a link that leads out of the root.
struct DirectoryWalker {
  private(set) var files: [String] = []
  private(set) var diagnostics: [Diagnostic] = []
  private var links: [(path: String, target: String)] = []
  private let root: String

  enum Kind { case file, directory, link, other, missing }

  private init(_ root: String) { self.root = Self.realPath(root) ?? root }

  static func walk(_ directory: String) -> DirectoryWalker {
    var path = directory
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    var walker = DirectoryWalker(path)
    walker.visit(path, depth: 0)
    walker.addLinks()
    walker.files.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    return walker
  }

  static func kind(_ path: String, following: Bool) -> Kind {
    var status = stat()
    guard (following ? stat(path, &status) : lstat(path, &status)) == 0 else { return .missing }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return .file
    case S_IFDIR: return .directory
    case S_IFLNK: return .link
    default: return .other
    }
  }

  static func realPath(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  private static func names(in directory: String) -> [String]? {
    guard let handle = opendir(directory) else { return nil }
    defer { closedir(handle) }
    var names: [String] = []
    while let entry = readdir(handle) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  static func isManifestName(_ name: String) -> Bool {
    [".yaml", ".yml", ".json"].contains { name.hasSuffix($0) }
  }

  private mutating func visit(_ directory: String, depth: Int) {
    guard depth < 100 else {
      return fail("too-deep", "\(directory) is nested too deeply", directory, "flatten the directories")
    }
    guard let names = Self.names(in: directory) else {
      let reason = String(cString: strerror(errno))
      return fail(
        "unreadable", "cannot read \(directory): \(reason)", directory, "check the path and its permissions")
    }
    if refusesRendered(directory, names) { return }
    for name in names where !name.hasPrefix(".") {
      let path = directory + "/" + name
      switch Self.kind(path, following: false) {
      case .directory: visit(path, depth: depth + 1)
      case .file where Self.isManifestName(name): addFile(path, name)
      case .link: follow(path, name)
      default: continue
      }
    }
  }

  private mutating func addFile(_ path: String, _ name: String) {
    if name == "values.yaml" || name == "values.yml" {
      diagnostics.append(
        Diagnostic(
          .warning, "values-file", "\(path) holds the values of a chart and is not read as a manifest",
          at: Place(file: path), remedy: "name it with -f if it is a manifest"))
      return
    }
    files.append(path)
  }

  /// A link may lead to another place below the root, never out of it.
  private mutating func follow(_ path: String, _ name: String) {
    let kind = Self.kind(path, following: true)
    guard kind != .missing, let target = Self.realPath(path) else {
      if Self.isManifestName(name) {
        fail("unreadable", "\(path) is a link to nothing", path, "remove or repair the link")
      }
      return
    }
    guard kind == .directory || Self.isManifestName(name) else { return }
    guard target == root || target.hasPrefix(root == "/" ? "/" : root + "/") else {
      return fail(
        "link-outside", "\(path) is a link that leaves the directory", path,
        "copy the file into the directory, or name its target with -f")
    }
    // What a linked directory holds is read where it stands.
    if kind == .file { links.append((path, target)) }
  }

  /// Links to files that are not read under their own name, such as those of a mounted ConfigMap.
  private mutating func addLinks() {
    var known = Set(files.compactMap { Self.realPath($0) })
    for link in links where known.insert(link.target).inserted { files.append(link.path) }
  }

  private mutating func refusesRendered(_ directory: String, _ names: [String]) -> Bool {
    let kustomize = ["kustomization.yaml", "kustomization.yml", "Kustomization"]
    if let found = names.first(where: { kustomize.contains($0) }) {
      fail(
        "needs-rendering", "\(directory) holds a \(found) and must be rendered first",
        directory + "/" + found, "kubectl kustomize \(directory) | plimsoll plan -f -")
      return true
    }
    if names.contains("Chart.yaml") {
      let name = directory.split(separator: "/").last.map(String.init) ?? "release"
      fail(
        "needs-rendering", "\(directory) is a Helm chart and must be rendered first",
        directory + "/Chart.yaml", "helm template \(name) \(directory) | plimsoll plan -f -")
      return true
    }
    return false
  }

  private mutating func fail(_ code: String, _ message: String, _ path: String, _ remedy: String) {
    diagnostics.append(Diagnostic(.error, code, message, at: Place(file: path), remedy: remedy))
  }
}
