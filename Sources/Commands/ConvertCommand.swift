import Basics
import ManifestReader

/// `convert -f FILE`: YAML or JSON in, JSON Lines out, nothing checked.
struct ConvertCommand: Command {
  static let name = "convert"
  static let summary = "Print YAML or JSON documents as JSON Lines, unchecked, as Kubernetes reads them"
  static let usage = "-f FILE"
  static let options = [
    Option("filename", short: "f", value: "FILE", "a file, or - for standard input", repeats: true)
  ]

  func run(_ arguments: Arguments, _ console: Console) throws -> ExitStatus {
    let files = arguments.strings("filename") + arguments.positional
    guard !files.isEmpty else { throw Arguments.UsageError(message: "name a file with -f") }
    for file in files {
      let (lines, diagnostics) = ManifestReader.convertDocuments(file)
      for line in lines { console.write(line + [0x0A]) }
      console.report(diagnostics)
      if diagnostics.hasErrors { return .failure }
    }
    return .success
  }
}
