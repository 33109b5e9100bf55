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
    // A few runs of files for each core, each with a builder of its own.
    for part in Parallel.map(runs(result.files), { read(run: $0, options: options) }) {
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
    var result = Result()
    let file = SourceFile(path: name, text: SourceBytes(text))
    append(file, ValueBuilder(), options, to: &result)
    return result
  }

  private static func runs(_ files: [String]) -> [ArraySlice<String>] {
    let length = max(1, files.count / (Parallel.width * 4))
    return stride(from: 0, to: files.count, by: length).map { files[$0..<min($0 + length, files.count)] }
  }

  private static func read(run files: ArraySlice<String>, options: Options) -> Result {
    var result = Result()
    let builder = ValueBuilder()
    for path in files {
      switch FileLoader.load(path) {
      case .failure(let diagnostic): result.diagnostics.append(diagnostic)
      case .text(let text): append(SourceFile(path: path, text: text), builder, options, to: &result)
      }
    }
    return result
  }

  private static func append(
    _ file: SourceFile, _ builder: ValueBuilder, _ options: Options, to result: inout Result
  ) {
    var reader = DocumentReader(file, builder: builder, refusesDuplicates: options.refusesDuplicateKeys)
    var lines = LineCounter(file)
    while let document = reader.next() {
      let spans = DocumentSpans(file: file, offset: document.start, isJSON: document.isJSON)
      let manifest = Manifest(
        value: document.value, spans: SpanTree(spans), file: file.path,
        line: lines.line(at: document.offset))
      let itemLines = document.itemOffsets.map { lines.line(at: $0) }
      ListExpansion.expand(manifest, itemLines: itemLines, into: &result)
    }
    result.diagnostics += reader.diagnostics
  }

  // MARK: Converting

  /// The documents of a file as canonical JSON, one a line, as `convert` prints them: nothing is checked,
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
