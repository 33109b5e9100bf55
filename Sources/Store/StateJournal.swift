import APIMachinery
import Basics

/// What turns the old state into the new one once everything new lies in `.staging`. The commit happens when
/// this file appears under its name: before, the old state holds; after, the next run finishes what is left.
struct StateJournal: Sendable {
  static let name = "journal"
  static let staging = ".staging"

  enum Step: Sendable, Hashable {
    /// The staged file takes the target's place. The digest tells whether that has happened already.
    case replace(staged: String, target: String, digest: String)
    case delete(target: String)
  }

  var serial: Int
  var steps: [Step]
  /// The audit line, and the size that the history had before it.
  var historyLine: [UInt8]
  var historySize: Int

  private static let serialKey = Key("serial")
  private static let historySizeKey = Key("history_size")
  private static let historyKey = Key("history")
  private static let replaceKey = Key("replace")
  private static let deleteKey = Key("delete")
  private static let stagedKey = Key("staged")
  private static let digestKey = Key("digest")
  private static let endKey = Key("end")

  init(serial: Int, steps: [Step], historyLine: [UInt8], historySize: Int) {
    self.serial = serial
    self.steps = steps
    self.historyLine = historyLine
    self.historySize = historySize
  }

  /// JSON Lines; the last one has the SHA-256 of all before it.
  var bytes: [UInt8] {
    var out: [UInt8] = []
    let head = Value.fields(
      (Self.serialKey, .int(serial)), (Self.historySizeKey, .int(historySize)),
      (Self.historyKey, .string(String(decoding: historyLine, as: UTF8.self))))
    CanonicalJSON.appendLines([head], to: &out)
    CanonicalJSON.appendLines(
      steps.map { step in
        switch step {
        case .replace(let staged, let target, let digest):
          .fields(
            (Self.replaceKey, .string(target)), (Self.stagedKey, .string(staged)),
            (Self.digestKey, .string(digest)))
        case .delete(let target): .fields((Self.deleteKey, .string(target)))
        }
      }, to: &out)
    let end = SHA256.hex(out)
    CanonicalJSON.appendLines([.fields((Self.endKey, .string(end)))], to: &out)
    return out
  }

  /// Nil if the bytes are no complete journal.
  init?(_ bytes: [UInt8]) {
    var lines: [Value] = []
    var last = 0
    var at = 0
    while at < bytes.count {
      guard let end = bytes[at...].firstIndex(of: 0x0A),
        case .success(let value) = JSON.parse(Array(bytes[at..<end]))
      else { return nil }
      lines.append(value)
      last = at
      at = end + 1
    }
    guard lines.count >= 2, lines.removeLast()[Self.endKey].string == SHA256.hex(bytes[..<last]),
      let serial = lines[0][Self.serialKey].int, let size = lines[0][Self.historySizeKey].int, size >= 0,
      let history = lines[0][Self.historyKey].string
    else { return nil }
    var steps: [Step] = []
    for line in lines.dropFirst() {
      if let target = line[Self.replaceKey].string, let staged = line[Self.stagedKey].string,
        let digest = line[Self.digestKey].string, Self.isTarget(target), ShardPath.isSafe(staged)
      {
        steps.append(.replace(staged: staged, target: target, digest: digest))
      } else if let target = line[Self.deleteKey].string, Self.isTarget(target) {
        steps.append(.delete(target: target))
      } else {
        return nil
      }
    }
    self.init(serial: serial, steps: steps, historyLine: Array(history.utf8), historySize: size)
  }

  /// No journal may reach out of the directory.
  private static func isTarget(_ path: String) -> Bool {
    path == ClusterFile.name || ShardPath(relative: path) != nil
  }

  // MARK: Finishing

  /// Does what is left to do. Each step may have been done before.
  func finish(_ files: StateFiles) throws(StateError) {
    var directories: Set<String> = []
    for step in steps {
      switch step {
      case .replace(let staged, let target, let digest):
        try Self.replace(files, Self.staging + "/" + staged, target, digest)
        directories.insert(Self.parent(target))
      case .delete(let target):
        try files.remove(target)
        directories.insert(Self.parent(target))
      }
    }
    try files.append(StateHistory.file, at: historySize, historyLine)
    try files.syncEach(directories.union([""]).sorted())
    for case .delete(let target) in steps {
      var directory = Self.parent(target)
      while directory.contains("/") {
        try files.removeIfEmpty(directory)
        directory = Self.parent(directory)
      }
    }
    try files.remove(Self.name)
    try Self.removeStaging(files)
  }

  private static func replace(
    _ files: StateFiles, _ staged: String, _ target: String, _ digest: String
  ) throws(StateError) {
    if files.entry(staged) != nil {
      try files.makeDirectories(parent(target))
      return try files.rename(staged, to: target)
    }
    guard let bytes = try files.read(target), Self.digest(of: bytes) == digest else {
      throw StateError(
        .damagedJournal, "the journal speaks of a new content that is neither staged nor in place",
        path: files.show(target), remedy: StateError.restore)
    }
  }

  static func digest(of bytes: [UInt8]) -> String {
    bytes.withUnsafeBufferPointer { buffer in
      var digest = ShardDigest()
      digest.addLines(buffer)
      return digest.hex
    }
  }

  static func parent(_ path: String) -> String {
    path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
  }

  static func removeStaging(_ files: StateFiles) throws(StateError) {
    guard let names = try files.names(in: staging) else { return }
    for name in names { try files.remove(staging + "/" + name) }
    try files.removeIfEmpty(staging)
  }

  /// Whether a commit broke off here.
  static func isPending(_ files: StateFiles) -> Bool {
    files.entry(name) != nil || files.entry(staging) != nil
  }

  /// Rolls a broken-off commit forward if its journal is there, else back.
  static func recover(_ files: StateFiles) throws(StateError) {
    guard let bytes = try files.read(name) else { return try removeStaging(files) }
    guard let journal = StateJournal(bytes) else {
      throw StateError(
        .damagedJournal, "is damaged, so that a commit that broke off cannot be completed",
        path: files.show(name),
        remedy: "Restore \(files.shown) from version control or a backup and remove this file.")
    }
    try journal.finish(files)
  }
}
