import Basics
import Foundation
import Renderers

/// Where a command's bytes go: results to standard output, everything else to standard error.
public final class Console {
  public private(set) var out: [UInt8] = []
  public private(set) var err: [UInt8] = []
  private let buffered: Bool
  public let environment: [String: String]
  public let outIsTerminal: Bool
  public let errIsTerminal: Bool
  /// What `--color` said: auto, always or never.
  public var colorChoice = "auto"

  /// With `buffered` nothing leaves the process: for tests.
  public init(buffered: Bool = false, environment: [String: String]? = nil) {
    self.buffered = buffered
    self.environment = environment ?? ProcessInfo.processInfo.environment
    outIsTerminal = !buffered && isatty(1) == 1
    errIsTerminal = !buffered && isatty(2) == 1
  }

  /// `--color` over `NO_COLOR`, `CLICOLOR_FORCE` and `FORCE_COLOR`, then the terminal and `TERM`.
  public func color(terminal: Bool) -> Bool {
    if colorChoice == "always" { return true }
    if colorChoice == "never" { return false }
    if let no = environment["NO_COLOR"], !no.isEmpty { return false }
    for name in ["CLICOLOR_FORCE", "FORCE_COLOR"] {
      if let force = environment[name], !force.isEmpty, force != "0" { return true }
    }
    return terminal && environment["TERM"] != "dumb"
  }

  public func write(_ bytes: [UInt8]) {
    out += bytes
    if out.count > 1 << 20 { flush() }
  }

  public func print(_ text: String) { write(Array((text + "\n").utf8)) }

  public func warn(_ text: String) {
    err += Array((text + "\n").utf8)
    flushErr()
  }

  /// Diagnostics on standard error, sorted by place.
  public func report(_ diagnostics: [Diagnostic]) {
    guard !diagnostics.isEmpty else { return }
    let renderer = DiagnosticRenderer(color: color(terminal: errIsTerminal))
    let sorted = diagnostics.sortedByPlace()
    err += Array(renderer.render(Array(sorted.prefix(200))).utf8)
    if sorted.count > 200 { err += Array("… and \(sorted.count - 200) more\n".utf8) }
    flushErr()
  }

  private func flushErr() {
    guard !buffered else { return }
    FileHandle.standardError.write(Data(err))
    err = []
  }

  public func flush() {
    guard !buffered, !out.isEmpty else { return }
    FileHandle.standardOutput.write(Data(out))
    out = []
  }
}
