import Basics
import Foundation

/// What environment variables say; none changes a byte of what is printed or written.
enum Environment {
  private static func value(_ name: String) -> String? { ProcessInfo.processInfo.environment[name] }

  /// `PLIMSOLL_FULL_SYNC=1`: every object is looked at, even if the state says that nothing is due.
  static var mayRest: Bool { value("PLIMSOLL_FULL_SYNC").map { $0 != "1" } ?? true }

  /// `PLIMSOLL_THREADS=N`: how many threads work at the same time.
  static func setThreads() {
    if let text = value("PLIMSOLL_THREADS"), let count = Int(text), count > 0 {
      Parallel.widthOverride = min(count, 64)
    }
  }
}
