/// One thing that keeps a document from being decoded strictly.
public struct SchemaFinding: Sendable, Hashable {
  public enum Code: String, Sendable {
    /// A field the type does not have.
    case unknownField = "unknown-field"
    /// A value of a JSON type that the field cannot hold; decoding goes on and reports the first.
    case wrongType = "wrong-type"
    /// A text that its type refuses (quantity, time); decoding ends there.
    case malformed
  }

  /// One step from the root of the document to the place.
  public enum Step: Sendable, Hashable {
    case field(Key)
    case index(Int)
  }

  public let code: Code
  public let steps: [Step]
  /// In the API server's words: `unknown field "spec.replica"`.
  public let message: String
  /// The field that was probably meant.
  public let suggestion: String?
  /// The type that does not have the field, or that was wanted (`DeploymentSpec`, `int32`).
  public let type: String

  /// `spec.containers[0].image`.
  public var path: String { Self.path(steps) }

  static func path(_ steps: [Step]) -> String {
    var text = ""
    for step in steps {
      switch step {
      case .field(let key): text += text.isEmpty ? key.string : "." + key.string
      case .index(let i): text += "[\(i)]"
      }
    }
    return text
  }
}

extension SchemaFinding {
  /// The refusal of a document with these findings (400), or nil if there are none. A decoding error hides
  /// unknown fields; of several decoding errors the server tells one.
  public static func refusal(_ findings: [SchemaFinding], version: String, kind: String) -> APIError? {
    if findings.isEmpty { return nil }
    let unknown = findings.filter { $0.code == .unknownField }
    let error =
      findings.first { $0.code == .malformed } ?? findings.first { $0.code == .wrongType }
    let why = error?.message ?? "strict decoding error: " + unknown.map(\.message).joined(separator: ", ")
    var refusal = APIError(
      .badRequest, "\(kind) in version \"\(version)\" cannot be handled as a \(kind): \(why)")
    refusal.places = (error.map { [$0] } ?? unknown).map { .init(path: $0.path, suggestion: $0.suggestion) }
    return refusal
  }
}

/// Which known word was probably meant (edit distance with swaps).
public enum Spelling {
  /// The candidate nearest to `word`, if near enough: one edit for short words, two from six letters on.
  public static func nearest(_ word: String, _ candidates: [String]) -> String? {
    let w = Array(word.lowercased().utf8)
    guard w.count < 64 else { return nil }
    var best: (distance: Int, text: String)?
    let limit = w.count < 4 ? 1 : w.count < 6 ? 2 : 3
    for candidate in candidates {
      let c = Array(candidate.lowercased().utf8)
      guard abs(c.count - w.count) <= limit, c.count < 64 else { continue }
      let d = distance(w, c)
      if d <= limit, best == nil || d < best!.distance || d == best!.distance && candidate < best!.text {
        best = (d, candidate)
      }
    }
    return best?.text
  }

  /// Insertions, deletions, replacements and swaps of neighbours.
  static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var before: [Int] = []
    var last = Array(0...b.count)
    for i in 0..<a.count {
      var row = [i + 1]
      for j in 0..<b.count {
        var d = min(row[j] + 1, last[j + 1] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { d = min(d, before[j - 1] + 1) }
        row.append(d)
      }
      before = last
      last = row
    }
    return last[b.count]
  }
}
