import Basics
import YAML

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Brings a file or standard input into memory.
enum FileLoader {
  /// Larger files are no manifests.
  static let maximumSize = 256 << 20

  enum Outcome {
    case text(SourceBytes)
    case failure(Diagnostic)
  }

  static func load(_ path: String) -> Outcome {
    if path == "-" { return stream(0, "-") }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return unreadable(path) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return unreadable(path) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      if status.st_mode & S_IFMT == S_IFDIR { return unreadable(path, "is a directory") }
      return stream(descriptor, path)
    }
    let size = Int(status.st_size)
    guard size <= maximumSize else { return tooLarge(path) }
    let source = SourceBytes.reading(capacity: size) { space in
      var done = 0
      while done < size {
        let count = read(descriptor, space.baseAddress! + done, size - done)
        if count < 0, errno == EINTR { continue }
        if count < 0 { return nil }
        if count == 0 { break }
        done += count
      }
      return done
    }
    return source.map { .text($0) } ?? unreadable(path)
  }

  /// A pipe, whose length is not known beforehand.
  private static func stream(_ descriptor: Int32, _ path: String) -> Outcome {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(descriptor, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      if count < 0 { return unreadable(path) }
      if count == 0 { break }
      bytes += chunk[..<count]
      if bytes.count > maximumSize { return tooLarge(path) }
    }
    return .text(SourceBytes(bytes))
  }

  private static func unreadable(_ path: String, _ reason: String? = nil) -> Outcome {
    let reason = reason ?? String(cString: strerror(errno))
    return .failure(
      Diagnostic(
        .error, "unreadable", "cannot read \(path): \(reason)", at: Place(file: path),
        remedy: "check the path and its permissions"))
  }

  private static func tooLarge(_ path: String) -> Outcome {
    .failure(
      Diagnostic(
        .error, "too-large", "\(path) is larger than \(maximumSize >> 20) MiB", at: Place(file: path),
        remedy: "split it, or leave it out of the manifests"))
  }
}
