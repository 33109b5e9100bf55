import APIMachinery

/// What a Job says of failures and of success (`pkg/apis/batch/validation/validation.go`).
enum JobPolicyValidation {
  private static let actions = ["Count", "FailIndex", "FailJob", "Ignore"]

  /// `validatePodFailurePolicy`.
  static func failure(_ spec: Value, _ path: Path, _ out: inout Findings) {
    let policy = spec[.podFailurePolicy]
    let names =
      (Array(spec[.template][.spec][.containers].items)
      + Array(spec[.template][.spec][.initContainers].items)).compactMap { $0[.name].string }
    if policy[.rules].count > 20 { out.tooMany(path.child("rules"), policy[.rules].count, most: 20) }
    for (i, rule) in policy[.rules].items.enumerated() {
      failureRule(rule, spec, names, path.child("rules").index(i), &out)
    }
  }

  private static func failureRule(
    _ rule: Value, _ spec: Value, _ names: [String], _ at: Path, _ out: inout Findings
  ) {
    let action = rule[.action].string ?? ""
    if action.isEmpty {
      out.required(at.child("action"), valid(actions))
    } else if action == "FailIndex" {
      if !spec.has(.backoffLimitPerIndex) {
        out.invalid(at.child("action"), action, "requires the backoffLimitPerIndex to be set")
      }
    } else {
      out.oneOf(at.child("action"), rule[.action], actions)
    }
    if let codes = rule.get(.onExitCodes) { exitCodes(codes, names, at.child("onExitCodes"), &out) }
    let conditions = rule[.onPodConditions]
    let place = at.child("onPodConditions")
    if conditions.count > 20 { out.tooMany(place, conditions.count, most: 20) }
    for (j, condition) in conditions.items.enumerated() {
      let type = condition[.type].string ?? ""
      out.invalid(place.index(j).child("type"), type, all: Names.isQualifiedName(type))
      if condition[.status].string.isNilOrEmpty {
        out.required(place.index(j).child("status"), valid(["False", "True", "Unknown"]))
      } else {
        out.oneOf(place.index(j).child("status"), condition[.status], ["False", "True", "Unknown"])
      }
    }
    if rule.has(.onExitCodes), !conditions.isEmpty {
      out.add(
        "FieldValueInvalid", at,
        "Invalid value: specifying both OnExitCodes and OnPodConditions is not supported")
    }
    if !rule.has(.onExitCodes), conditions.isEmpty {
      out.add(
        "FieldValueInvalid", at,
        "Invalid value: specifying one of OnExitCodes and OnPodConditions is required")
    }
  }

  /// A set of words as Go's `%q` prints it.
  private static func valid(_ words: [String]) -> String {
    "valid values: [" + words.map { "\"\($0)\"" }.joined(separator: " ") + "]"
  }

  private static func exitCodes(_ codes: Value, _ names: [String], _ at: Path, _ out: inout Findings) {
    let op = codes[.operator].string ?? ""
    if op.isEmpty {
      out.required(at.child("operator"), valid(["In", "NotIn"]))
    } else {
      out.oneOf(at.child("operator"), codes[.operator], ["In", "NotIn"])
    }
    if let name = codes[.containerName].string, !names.contains(name) {
      out.invalid(
        at.child("containerName"), name,
        "must be one of the container or initContainer names in the pod template")
    }
    let place = at.child("values")
    let values = codes[.values].items.compactMap(\.int)
    if values.isEmpty {
      out.invalid(place, codes[.values], "at least one value is required")
    } else if values.count > 255 {
      out.tooMany(place, values.count, most: 255)
    }
    var seen: Set<Int> = []
    for (i, value) in values.enumerated() {
      if op == "In", value == 0 { out.invalid(place.index(i), 0, "must not be 0 for the In operator") }
      if !seen.insert(value).inserted { out.duplicate(place.index(i), .int(value)) }
    }
    if values != values.sorted() { out.invalid(place, codes[.values], "must be ordered") }
  }

  /// `validateSuccessPolicy`.
  static func success(_ spec: Value, _ isIndexed: Bool, _ path: Path, _ out: inout Findings) {
    let policy = spec[.successPolicy]
    guard isIndexed else {
      return out.invalid(
        path, shown: GoForm.text(policy, "SuccessPolicy"), "requires indexed completion mode")
    }
    if policy[.rules].isEmpty {
      out.required(
        path.child("rules"), "at least one rules must be specified when the successPolicy is specified")
    }
    if policy[.rules].count > 20 { out.tooMany(path.child("rules"), policy[.rules].count, most: 20) }
    let completions = spec[.completions].int ?? 0
    for (i, rule) in policy[.rules].items.enumerated() {
      let at = path.child("rules").index(i)
      if !rule.has(.succeededCount), !rule.has(.succeededIndexes) {
        out.required(at, "at least one of succeededCount or succeededIndexes must be specified")
      }
      var total = 0
      if let text = rule[.succeededIndexes].string {
        if text.utf8.count > 65536 { out.tooLong(at.child("succeededIndexes"), most: 65536) }
        switch indexes(text, below: completions) {
        case .success(let n): total = n
        case .failure(let problem):
          out.invalid(at.child("succeededIndexes"), text, "error parsing succeededIndexes: \(problem.text)")
        }
      }
      guard let count = rule[.succeededCount].int else { continue }
      out.nonNegative(at.child("succeededCount"), rule[.succeededCount])
      if count > completions {
        out.invalid(
          at.child("succeededCount"), .int(count),
          "must be less than or equal to \(completions) (the number of specified completions)")
      }
      if rule.has(.succeededIndexes), count > total {
        out.invalid(
          at.child("succeededCount"), .int(count),
          "must be less than or equal to \(total) (the number of indexes in the specified "
            + "succeededIndexes field)"
        )
      }
    }
  }

  private struct IndexProblem: Error { let text: String }

  /// `validateIndexesFormat`: how many indexes the text names.
  private static func indexes(_ text: String, below limit: Int) -> Result<Int, IndexProblem> {
    if text.isEmpty { return .success(0) }
    var total = 0
    var last: Int?
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false)
      if ends.count > 2 {
        return .failure(
          IndexProblem(
            text:
              "the fragment \"\(part)\" violates the requirement that an index interval can have at "
              + "most two parts separated by '-'"
          ))
      }
      var numbers: [Int] = []
      for end in ends {
        guard let n = Int(end) else {
          return .failure(IndexProblem(text: "cannot convert string to integer for index: \"\(end)\""))
        }
        if n >= limit { return .failure(IndexProblem(text: "too large index: \"\(end)\"")) }
        numbers.append(n)
      }
      if let last, let first = numbers.first, last >= first {
        return .failure(IndexProblem(text: "non-increasing order, previous: \(last), current: \(first)"))
      }
      if numbers.count == 2, numbers[0] >= numbers[1] {
        return .failure(
          IndexProblem(text: "non-increasing order, previous: \(numbers[0]), current: \(numbers[1])"))
      }
      total += numbers.count == 2 ? numbers[1] - numbers[0] + 1 : 1
      last = numbers.last
    }
    return .success(total)
  }
}

/// `IsDomainPrefixedPath` (`apimachinery/pkg/util/validation`).
enum DomainPathRule {
  static func check(_ text: String, _ at: Path, _ out: inout Findings) {
    if text.isEmpty { return out.required(at) }
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
      return out.invalid(at, text, "must be a domain-prefixed path (such as \"acme.io/foo\")")
    }
    let problems = Names.isDNS1123Subdomain(parts[0])
    if !problems.isEmpty { return out.invalid(at, parts[0], all: problems) }
    let allowed = parts[1].utf8.allSatisfy {
      (0x61...0x7A).contains($0 | 0x20) || (0x30...0x39).contains($0)
        || "-._~!$&'()*+,;=:/%@".utf8.contains($0)
    }
    if !allowed {
      out.invalid(
        at, parts[1],
        "Invalid path (regex used for validation is '[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+')")
    }
  }
}
