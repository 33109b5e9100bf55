import APIMachinery

/// Sets of completion indexes as text: `0-2,5` (`indexed_job_utils.go`).
public enum JobIndexes {
  public static func parse(_ text: String, below limit: Int) -> Set<Int> {
    var all: Set<Int> = []
    for part in text.split(separator: ",") {
      let ends = part.split(separator: "-").compactMap { Int($0) }
      guard let first = ends.first, let last = ends.last, first <= last, first < limit else { continue }
      for i in first...min(last, limit - 1) { all.insert(i) }
    }
    return all
  }

  /// Runs of two are written with a comma, longer ones with a dash.
  public static func string(_ indexes: Set<Int>) -> String {
    var parts: [String] = []
    let sorted = indexes.sorted()
    var i = 0
    while i < sorted.count {
      var j = i
      while j + 1 < sorted.count && sorted[j + 1] == sorted[j] + 1 { j += 1 }
      switch j - i {
      case 0: parts.append(String(sorted[i]))
      case 1: parts += [String(sorted[i]), String(sorted[j])]
      default: parts.append("\(sorted[i])-\(sorted[j])")
      }
      i = j + 1
    }
    return parts.joined(separator: ",")
  }

  static let annotation: Key = "batch.kubernetes.io/job-completion-index"
  static let failures: Key = "batch.kubernetes.io/job-index-failure-count"
  static let ignored: Key = "batch.kubernetes.io/job-index-ignored-failure-count"

  static func index(of pod: Value) -> Int? {
    pod.annotation(annotation).flatMap { Int($0) }.flatMap { $0 < 0 ? nil : $0 }
  }

  /// A number of failures that a pod carries; 0 where it is missing or no number.
  static func count(_ pod: Value, _ key: Key) -> Int {
    pod.annotation(key).flatMap { Int32($0) }.map { max(0, Int($0)) } ?? 0
  }

  /// All failures of its index before a pod, ignored ones too.
  static func absolute(_ pod: Value) -> Int { count(pod, failures) + count(pod, ignored) }

  /// The start of the names of an index's pods; it stays within what the server leaves of a generated name
  /// (`podGenerateNameWithIndex`).
  static func generateName(_ job: String, _ index: Int) -> String {
    let end = "-\(index)-"
    let most = 58
    return job.utf8.count + end.utf8.count > most ? job.prefix(most - end.utf8.count) + end : job + end
  }
}
