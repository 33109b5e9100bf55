import APIMachinery

/// Any object, field by field (`describe.go`, genericDescriber).
enum GenericDescriber {
  static func describe(_ object: Value, _ writer: inout DescribeWriter) {
    writer.field("Name", object.name)
    writer.field("Namespace", object.namespace)
    writer.metadata(object)
    var rest = object
    for key in [Key.name, .namespace, .labels, .annotations, "managedFields"] { rest.metadata.remove(key) }
    content(rest, level: 0, &writer)
  }

  private static func content(_ value: Value, level: Int, _ writer: inout DescribeWriter) {
    for field in value.fields {
      let title = title(field.key.string)
      switch field.value {
      case .object:
        writer.line(level, "\(title):")
        content(field.value, level: level + 1, &writer)
      case .array:
        writer.line(level, "\(title):")
        for item in field.value.items {
          if item.isObject {
            content(item, level: level + 1, &writer)
          } else {
            writer.line(level + 1, DescribeWriter.text(item))
          }
        }
      default:
        let text = field.value.isNull ? "<nil>" : DescribeWriter.text(field.value)
        writer.line(level, "\(title):\t\(text.split(separator: "\n").joined(separator: "\n\t"))")
      }
    }
  }

  private static let acronyms: Set<String> = ["API", "URL", "UID", "OSB", "GUID"]

  /// `creationTimestamp` → `Creation Timestamp`; names with other than letters and dashes stay.
  static func title(_ name: String) -> String {
    guard name.unicodeScalars.allSatisfy({ $0.properties.isAlphabetic || $0 == "-" }) else { return name }
    return words(name).map { word in
      acronyms.contains(word.uppercased())
        ? word.uppercased() : (word.first.map { String($0).uppercased() } ?? "") + word.dropFirst()
    }.joined(separator: " ")
  }

  /// The parts of a name in camel case: runs of small letters, runs of capitals; a capital before a small letter
  /// begins its word.
  static func words(_ name: String) -> [String] {
    enum Class { case lower, upper, other }
    func kind(_ c: Character) -> Class { c.isLowercase ? .lower : c.isUppercase ? .upper : .other }
    var runs: [(kind: Class, text: String)] = []
    for c in name {
      if let last = runs.last, last.kind == kind(c) {
        runs[runs.count - 1].text.append(c)
      } else {
        runs.append((kind(c), String(c)))
      }
    }
    for i in runs.indices.dropLast() where runs[i].kind == .upper && runs[i + 1].kind == .lower {
      if let capital = runs[i].text.popLast() {
        runs[i + 1].text.insert(capital, at: runs[i + 1].text.startIndex)
      }
    }
    return runs.map(\.text).filter { !$0.isEmpty }
  }
}
