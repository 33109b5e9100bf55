import APIMachinery
import Basics
import YAML

/// One object as the user wrote it, with its place.
public struct Manifest: Sendable {
  public var value: Value
  /// Where each of its nodes stands.
  public var spans: SpanTree
  public var file: String
  /// The line on which the document (or the item of a list) begins.
  public var line: Int

  public init(value: Value, spans: SpanTree, file: String, line: Int) {
    self.value = value
    self.spans = spans
    self.file = file
    self.line = line
  }
}

/// Reads manifests: files, directories, standard input.
public enum ManifestReader {
  public struct Options: Sendable {
    /// A key that stands twice in a mapping is an error; otherwise a warning, and the last one counts.
    public var refusesDuplicateKeys = true
    /// Nothing to read is no error.
    public var allowsEmpty = false
    public init() {}
  }

  public struct Result: Sendable {
    public var manifests: [Manifest] = []
    public var diagnostics: [Diagnostic] = []
    /// The files that were read, in order.
    public var files: [String] = []
  }

  /// Everything below the paths, in the order of the paths and, below a directory, of the files. `-` is
  /// standard input. Lists are taken apart into their items.
  public static func read(_ paths: [String], options: Options = Options()) -> Result {
    var result = Result()
    for path in paths {
      if path != "-", DirectoryWalker.kind(path, following: true) == .directory {
        let walker = DirectoryWalker.walk(path)
        result.files += walker.files
        result.diagnostics += walker.diagnostics
        if walker.files.isEmpty, !walker.diagnostics.hasErrors, !options.allowsEmpty {
          result.diagnostics.append(
            Diagnostic(
              .error, "empty-input", "\(path) holds no manifest (.yaml, .yml, .json)", at: Place(file: path),
              remedy: "name the right directory, or allow this with --allow-empty"))
        }
      } else {
        result.files.append(path)
      }
    }
    let parts = Parallel.map(result.files) { path in read(file: path, options: options) }
    for part in parts {
      result.manifests += part.manifests
      result.diagnostics += part.diagnostics
    }
    if result.manifests.isEmpty, !result.files.isEmpty, !result.diagnostics.hasErrors, !options.allowsEmpty {
      result.diagnostics.append(
        Diagnostic(
          .error, "empty-input", "there is no object in \(paths.joined(separator: ", "))",
          remedy: "name the right files, or allow this with --allow-empty"))
    }
    return result
  }

  /// The objects of a text that is in memory already.
  public static func read(text: [UInt8], name: String, options: Options = Options()) -> Result {
    manifests(SourceFile(path: name, text: SourceBytes(text)), options)
  }

  private static func read(file path: String, options: Options) -> Result {
    switch FileLoader.load(path) {
    case .failure(let diagnostic):
      var result = Result()
      result.diagnostics = [diagnostic]
      return result
    case .text(let text):
      return manifests(SourceFile(path: path, text: text), options)
    }
  }

  private static func manifests(_ file: SourceFile, _ options: Options) -> Result {
    var result = Result()
    var reader = DocumentReader(
      file, builder: ValueBuilder(), refusesDuplicates: options.refusesDuplicateKeys)
    var lines = LineCounter(file)
    while let document = reader.next() {
      let spans = DocumentSpans(file: file, offset: document.start, isJSON: document.isJSON)
      let manifest = Manifest(
        value: document.value, spans: SpanTree(spans), file: file.path,
        line: lines.line(at: document.offset))
      ListExpansion.expand(manifest, into: &result)
    }
    result.diagnostics += reader.diagnostics
    return result
  }

  // MARK: Converting

  /// The documents of a file as canonical JSON, one for each line, as `convert` prints them: nothing is checked,
  /// lists stay whole, empty documents are left out. Reading stops at the first error, which is then the last
  /// of the diagnostics.
  public static func convertDocuments(_ path: String) -> (lines: [[UInt8]], diagnostics: [Diagnostic]) {
    switch FileLoader.load(path) {
    case .failure(let diagnostic): return ([], [diagnostic])
    case .text(let text): return convert(SourceFile(path: path, text: text))
    }
  }

  static func convert(_ file: SourceFile) -> (lines: [[UInt8]], diagnostics: [Diagnostic]) {
    var lines: [[UInt8]] = []
    var reader = DocumentReader(file, builder: ValueBuilder(), refusesDuplicates: false)
    while let document = reader.next() { lines.append(CanonicalJSON.bytes(document.value)) }
    return (lines, reader.diagnostics)
  }
}
