/// One option of a command, as the help shows it.
public struct Option: Sendable {
  /// With its dashes, without them in the table: `state`.
  public var name: String
  public var short: Character?
  /// The word for the value in the help; nil for a switch.
  public var value: String?
  public var help: String
  /// Whether it may be given several times.
  public var repeats: Bool
  /// Whether the value may be left out, and what it is then (`--prune`, `--prune=false`).
  public var implied: String?
  /// With `implied`: whether the next word is the value nevertheless.
  public var takes: (@Sendable (String) -> Bool)?
  /// Words that the value must be one of.
  public var choices: [String]

  public init(
    _ name: String, short: Character? = nil, value: String? = nil, _ help: String, repeats: Bool = false,
    implied: String? = nil, choices: [String] = [], takes: (@Sendable (String) -> Bool)? = nil
  ) {
    self.name = name
    self.short = short
    self.value = value
    self.help = help
    self.repeats = repeats
    self.implied = implied
    self.choices = choices
    self.takes = takes
  }
}

/// The words after the command, sorted into options and the rest.
public struct Arguments: Sendable {
  public private(set) var positional: [String] = []
  private var values: [String: [String]] = [:]

  /// What is wrong with the words, to be printed with a pointer to the help.
  public struct UsageError: Error {
    public var message: String
  }

  /// Sorts `words` by the options that are declared.
  public init(_ words: [String], _ options: [Option]) throws(UsageError) {
    var i = 0
    var onlyPositional = false
    while i < words.count {
      let word = words[i]
      i += 1
      if onlyPositional || word == "-" || !word.hasPrefix("-") {
        positional.append(word)
      } else if word == "--" {
        onlyPositional = true
      } else if word.hasPrefix("--") {
        try long(String(word.dropFirst(2)), options, words, &i)
      } else {
        try short(String(word.dropFirst()), options, words, &i)
      }
    }
  }

  private mutating func long(
    _ body: String, _ options: [Option], _ words: [String], _ i: inout Int
  ) throws(UsageError) {
    let parts = body.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let name = parts[0]
    let given: String? = parts.count > 1 ? parts[1] : nil
    if let option = options.first(where: { $0.name == name }) {
      try take(option, "--\(name)", given, words, &i)
    } else if name.hasPrefix("no-"), given == nil,
      let option = options.first(where: { $0.name == name.dropFirst(3) && $0.value == nil })
    {
      try set(option, "--\(name)", "false")
    } else {
      throw UsageError(message: "unknown flag: --\(name)\(suggestion(name, options))")
    }
  }

  private mutating func short(
    _ body: String, _ options: [Option], _ words: [String], _ i: inout Int
  ) throws(UsageError) {
    guard let letter = body.first, let option = options.first(where: { $0.short == letter }) else {
      throw UsageError(message: "unknown shorthand flag: -\(body)")
    }
    var rest = String(body.dropFirst())
    if option.value == nil, let next = rest.first, next != "=" {
      // Several switches behind one dash: -Ao wide.
      try set(option, "-\(letter)", "true")
      return try short(rest, options, words, &i)
    }
    if rest.hasPrefix("=") { rest.removeFirst() }
    try take(option, "-\(letter)", rest.isEmpty ? nil : rest, words, &i)
  }

  private mutating func take(
    _ option: Option, _ spelled: String, _ given: String?, _ words: [String], _ i: inout Int
  ) throws(UsageError) {
    if option.value == nil {
      let value = given ?? "true"
      guard value == "true" || value == "false" else {
        throw UsageError(message: "\(spelled) is a switch: true or false, not \"\(value)\"")
      }
      return try set(option, spelled, value)
    }
    if let given { return try set(option, spelled, given) }
    if let implied = option.implied {
      guard i < words.count, option.takes?(words[i]) == true else {
        return try set(option, spelled, implied)
      }
    }
    guard i < words.count else { throw UsageError(message: "\(spelled) needs a value") }
    i += 1
    try set(option, spelled, words[i - 1])
  }

  private mutating func set(_ option: Option, _ spelled: String, _ value: String) throws(UsageError) {
    if !option.choices.isEmpty, !option.choices.contains(value) {
      throw UsageError(
        message: "\(spelled): \"\(value)\" is none of \(option.choices.joined(separator: ", "))")
    }
    if option.repeats {
      values[option.name, default: []].append(value)
    } else {
      values[option.name] = [value]
    }
  }

  private func suggestion(_ name: String, _ options: [Option]) -> String {
    let near = options.map { (EditDistance.between($0.name, name), $0.name) }.min { $0 < $1 }
    guard let near, near.0 <= max(2, name.count / 3) else { return "" }
    return ", did you mean --\(near.1)?"
  }

  public func has(_ name: String) -> Bool { values[name] != nil }
  public func string(_ name: String) -> String? { values[name]?.last }
  public func strings(_ name: String) -> [String] { values[name] ?? [] }
  /// A switch; `standard` where it was not given.
  public func flag(_ name: String, _ standard: Bool = false) -> Bool {
    values[name].map { $0.last == "true" } ?? standard
  }

  /// The same without some options.
  func without(_ names: Set<String>) -> Arguments {
    var copy = self
    copy.values = values.filter { !names.contains($0.key) }
    return copy
  }

  public func int(_ name: String) throws(UsageError) -> Int? {
    guard let text = string(name) else { return nil }
    guard let n = Int(text) else { throw UsageError(message: "--\(name): \"\(text)\" is not a whole number") }
    return n
  }
}

/// Levenshtein distance, for suggestions.
enum EditDistance {
  static func between(_ a: String, _ b: String) -> Int {
    let x = Array(a.utf8.prefix(64))
    let y = Array(b.utf8.prefix(64))
    var row = Array(0...y.count)
    for i in 0..<x.count {
      var diagonal = row[0]
      row[0] = i + 1
      for j in 0..<y.count {
        let cost = x[i] == y[j] ? diagonal : diagonal + 1
        diagonal = row[j + 1]
        row[j + 1] = min(cost, min(row[j], row[j + 1]) + 1)
      }
    }
    return row[y.count]
  }
}
