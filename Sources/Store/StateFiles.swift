#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What a test lets happen at a step that changes the disk.
enum StateFault: Sendable {
  case proceed
  /// The call fails with this error number.
  case fail(Int32)
  /// The process is gone: nothing after this happens, not even cleaning up.
  case kill
  /// As `kill`, after half of the bytes were written.
  case killHalfway
}

/// Asked before each step that changes the disk.
protocol StateFaults: AnyObject, Sendable {
  func next(_ step: String) -> StateFault
}

/// The state directory's files by paths relative to it: every call to the system is here.
struct StateFiles: Sendable {
  /// As the user named the directory; messages begin with it.
  let shown: String
  /// Without symbolic links.
  let root: String
  var faults: (any StateFaults)?

  func absolute(_ relative: String) -> String { relative.isEmpty ? root : root + "/" + relative }
  func show(_ relative: String) -> String { relative.isEmpty ? shown : shown + "/" + relative }

  // MARK: Reading

  enum Entry: Sendable {
    case file(size: Int)
    case directory, other
  }

  func entry(_ relative: String) -> Entry? { Self.entry(at: absolute(relative)) }

  static func entry(at path: String) -> Entry? {
    var info = stat()
    guard stat(path, &info) == 0 else { return nil }
    switch info.st_mode & S_IFMT {
    case S_IFREG: return .file(size: Int(info.st_size))
    case S_IFDIR: return .directory
    default: return .other
    }
  }

  /// Names in a directory in byte order, without `.` and `..`; nil if there is no such directory.
  func names(in relative: String) throws(StateError) -> [String]? {
    guard let directory = opendir(absolute(relative)) else {
      if errno == ENOENT { return nil }
      throw failure(.unreadable, "cannot be listed", relative)
    }
    defer { closedir(directory) }
    var names: [String] = []
    while let found = readdir(directory) {
      let name = withUnsafeBytes(of: &found.pointee.d_name) { raw in
        String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// The whole of a file; nil if there is none.
  func read(_ relative: String) throws(StateError) -> [UInt8]? {
    guard let reader = try FileReader(self, relative) else { return nil }
    return try reader.bytes(from: 0, count: reader.size)
  }

  // MARK: Changing

  func makeDirectories(_ relative: String) throws(StateError) {
    var path = ""
    for part in relative.split(separator: "/") {
      path += path.isEmpty ? String(part) : "/\(part)"
      if case .directory? = entry(path) { continue }
      try step("mkdir", path)
      if mkdir(absolute(path), 0o777) != 0 && errno != EEXIST {
        throw failure(.unwritable, "cannot be created", path)
      }
    }
  }

  func rename(_ from: String, to: String) throws(StateError) {
    try step("rename", to)
    #if canImport(Glibc)
      let result = Glibc.rename(absolute(from), absolute(to))
    #else
      let result = Darwin.rename(absolute(from), absolute(to))
    #endif
    if result != 0 { throw failure(.unwritable, "cannot be replaced", to) }
  }

  /// Removes a file; one that is not there is no error.
  func remove(_ relative: String) throws(StateError) {
    try step("unlink", relative)
    if unlink(absolute(relative)) != 0 && errno != ENOENT {
      throw failure(.unwritable, "cannot be removed", relative)
    }
  }

  /// Removes a directory if it is empty.
  func removeIfEmpty(_ relative: String) throws(StateError) {
    try step("rmdir", relative)
    _ = rmdir(absolute(relative))
  }

  /// Makes files' contents or directories' entries durable. Where they are many, one `sync` first lets the disk
  /// do it all at once; the calls for each then only report errors.
  func syncEach(_ all: [String]) throws(StateError) {
    if all.count > 24 {
      try step("sync", "")
      #if canImport(Glibc)
        Glibc.sync()
      #else
        Darwin.sync()
      #endif
    }
    for path in all {
      try step("fsync", path)
      let descriptor = open(absolute(path), O_RDONLY | O_CLOEXEC)
      if descriptor < 0 {
        if errno == ENOENT { continue }
        throw failure(.unwritable, "cannot be opened", path)
      }
      let result = fsync(descriptor)
      let error = errno
      close(descriptor)
      if result != 0 { throw failure(.unwritable, "cannot be synced", path, error) }
    }
  }

  /// Cuts a file to `size` (0 makes it) and writes `bytes` there.
  func append(_ relative: String, at size: Int, _ bytes: [UInt8]) throws(StateError) {
    try step("truncate", relative)
    let descriptor = open(absolute(relative), O_WRONLY | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw failure(.unwritable, "cannot be opened", relative) }
    var file = FileWriter(descriptor: descriptor, relative: relative, files: self)
    defer { file.close() }
    guard ftruncate(descriptor, off_t(size)) == 0, lseek(descriptor, off_t(size), SEEK_SET) >= 0 else {
      throw failure(.unwritable, "cannot be cut", relative)
    }
    try file.write(bytes)
    try file.sync()
  }

  /// A new, empty file.
  func create(_ relative: String) throws(StateError) -> FileWriter {
    try step("create", relative)
    let descriptor = open(absolute(relative), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw failure(.unwritable, "cannot be created", relative) }
    return FileWriter(descriptor: descriptor, relative: relative, files: self)
  }

  // MARK: Failures

  @discardableResult func step(_ what: String, _ relative: String) throws(StateError) -> StateFault {
    guard let faults else { return .proceed }
    switch faults.next("\(what) \(relative)") {
    case .proceed: return .proceed
    case .fail(let number): throw failure(.unwritable, "failed (\(what))", relative, number)
    case .kill: throw StateError(.killed, "killed at \(what)", path: show(relative))
    case .killHalfway:
      if what == "write" { return .killHalfway }
      throw StateError(.killed, "killed at \(what)", path: show(relative))
    }
  }

  func failure(
    _ code: StateError.Code, _ what: String, _ relative: String, _ number: Int32 = errno
  ) -> StateError {
    var remedy: String?
    switch number {
    case ENOSPC, EDQUOT: remedy = "Free some space on the disk and run the command again."
    case EACCES, EPERM, EROFS: remedy = "Check the permissions of \(shown)."
    default: break
    }
    return StateError(
      code, "\(what): \(String(cString: strerror(number)))", path: show(relative), remedy: remedy)
  }
}

/// A file that is written from its beginning.
struct FileWriter {
  let descriptor: Int32
  let relative: String
  let files: StateFiles
  private var isOpen = true

  init(descriptor: Int32, relative: String, files: StateFiles) {
    self.descriptor = descriptor
    self.relative = relative
    self.files = files
  }

  func write(_ bytes: [UInt8]) throws(StateError) {
    let fault = try files.step("write", relative)
    var limit = bytes.count
    if case .killHalfway = fault { limit /= 2 }
    let error: Int32 = bytes.withUnsafeBytes { raw in
      var at = 0
      while at < limit {
        let written = system(descriptor, raw.baseAddress! + at, limit - at)
        if written < 0 && errno == EINTR { continue }
        if written <= 0 { return errno }
        at += written
      }
      return 0
    }
    if error != 0 { throw files.failure(.unwritable, "cannot be written", relative, error) }
    if limit < bytes.count {
      throw StateError(.killed, "killed in the middle of writing", path: files.show(relative))
    }
  }

  private func system(_ descriptor: Int32, _ from: UnsafeRawPointer, _ count: Int) -> Int {
    #if canImport(Glibc)
      Glibc.write(descriptor, from, count)
    #else
      Darwin.write(descriptor, from, count)
    #endif
  }

  func sync() throws(StateError) {
    try files.step("fsync", relative)
    if fsync(descriptor) != 0 { throw files.failure(.unwritable, "cannot be synced", relative) }
  }

  mutating func close() {
    guard isOpen else { return }
    isOpen = false
    #if canImport(Glibc)
      _ = Glibc.close(descriptor)
    #else
      _ = Darwin.close(descriptor)
    #endif
  }
}

/// A file that is read in parts.
final class FileReader: Sendable {
  let size: Int
  private let descriptor: Int32
  private let files: StateFiles
  private let relative: String

  /// Nil if there is no such file.
  init?(_ files: StateFiles, _ relative: String) throws(StateError) {
    descriptor = open(files.absolute(relative), O_RDONLY | O_CLOEXEC)
    self.files = files
    self.relative = relative
    if descriptor < 0 {
      size = 0
      if errno == ENOENT { return nil }
      throw files.failure(.unreadable, "cannot be read", relative)
    }
    var info = stat()
    guard fstat(descriptor, &info) == 0, info.st_mode & S_IFMT == S_IFREG else {
      size = 0
      throw StateError(.unreadable, "is not a regular file", path: files.show(relative))
    }
    size = Int(info.st_size)
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Up to `count` bytes; fewer at the end of the file.
  func bytes(from offset: Int, count: Int) throws(StateError) -> [UInt8] {
    var number: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: max(count, 0)) { buffer, filled in
      while filled < count {
        let got = pread(descriptor, buffer.baseAddress! + filled, count - filled, off_t(offset + filled))
        if got < 0 && errno == EINTR { continue }
        if got < 0 { number = errno }
        if got <= 0 { break }
        filled += got
      }
    }
    if number != 0 { throw files.failure(.unreadable, "cannot be read", relative, number) }
    return bytes
  }
}

/// Bytes in lines.
enum Lines {
  /// The offset of the newline at or after `from`; the end if there is none.
  @inline(__always)
  static func end(_ bytes: UnsafeBufferPointer<UInt8>, _ from: Int) -> Int {
    guard from < bytes.count, let base = bytes.baseAddress else { return bytes.count }
    guard let found = memchr(base + from, 0x0A, bytes.count - from) else { return bytes.count }
    return UnsafeRawPointer(base).distance(to: UnsafeRawPointer(found))
  }
}
