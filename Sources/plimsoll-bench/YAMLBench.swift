import APIMachinery
import Basics
import Foundation
import ManifestReader
import YAML

/// `plimsoll-bench yaml FILE [--libyaml PROGRAM]`: how fast YAML becomes objects, per CPU-second, beside libyaml's
/// bare event loop (the program prints `N events  S s CPU  M MB/s`).
/// `plimsoll-bench convert FILE…`: the documents as JSON Lines.
func benchYAML(_ arguments: [String]) {
  var files: [String] = []
  var program: String?
  var rest = arguments[...]
  while let argument = rest.popFirst() {
    if argument == "--libyaml" { program = rest.popFirst() } else { files.append(argument) }
  }
  for file in files {
    guard let data = FileManager.default.contents(atPath: file) else {
      print("cannot read \(file)")
      continue
    }
    let bytes = [UInt8](data)
    let source = SourceBytes(bytes)
    print("\(file): \(bytes.count / 1_000) kB")
    if let program { print("  libyaml events        " + lastLine(of: program, file)) }
    report("validation          ", bytes.count) { _ = source.firstInvalid(in: 0..<source.count) }
    report("nodes               ", bytes.count) {
      var parser = Parser(source)
      do throws(YAMLError) { while try parser.nextDocument() {} } catch { print(error) }
    }
    // What was made is freed outside the measured time, as a pass keeps it to its end.
    var kept: [ManifestReader.Result] = []
    report(
      "objects with places ", bytes.count, before: { kept.removeAll() },
      { kept.append(ManifestReader.read([file])) })
    if let first = kept.first?.diagnostics.first { print(first.message) }
  }
}

private func report(_ name: String, _ bytes: Int, before: () -> Void = {}, _ work: () -> Void) {
  var best = Double.infinity
  for _ in 0..<9 {
    before()
    let start = cpuSeconds()
    work()
    best = min(best, cpuSeconds() - start)
  }
  print("  \(name)  \(Int(best * 1e6)) µs CPU  \(Int(Double(bytes) / 1e6 / best)) MB/s")
}

private func cpuSeconds() -> Double { Double(clock()) / Double(CLOCKS_PER_SEC) }

private func lastLine(of program: String, _ file: String) -> String {
  let process = Process()
  process.executableURL = URL(filePath: program)
  process.arguments = [file]
  let pipe = Pipe()
  process.standardOutput = pipe
  do { try process.run() } catch { return "\(error)" }
  let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
  process.waitUntilExit()
  return text.split(separator: "\n").last.map(String.init) ?? ""
}

/// Prints the documents of files as `plimsoll convert` does; the exit status is 1 after an error.
func benchConvert(_ arguments: [String]) -> Int32 {
  var status: Int32 = 0
  for file in arguments where file != "-f" {
    let (lines, diagnostics) = ManifestReader.convertDocuments(file)
    var out: [UInt8] = []
    for line in lines { out += line + [0x0A] }
    FileHandle.standardOutput.write(Data(out))
    for diagnostic in diagnostics {
      let place = diagnostic.place?.description ?? file
      FileHandle.standardError.write(Data("\(place): \(diagnostic.severity): \(diagnostic.message)\n".utf8))
    }
    if diagnostics.hasErrors { status = 1 }
  }
  return status
}
