import APIMachinery

enum ConfigMapDescriber: Describer {
  static let kind = GroupKind.configMap

  static func describe(_ object: Value, _ writer: inout DescribeWriter, _ context: DescribeContext) {
    writer.head(object)
    writer.metadata(object)
    writer.line(0, "")
    writer.line(0, "Data")
    writer.line(0, "====")
    for field in object[.data].fields {
      writer.line(0, "\(field.key):")
      writer.line(0, "----")
      for line in (field.value.string ?? "").split(separator: "\n", omittingEmptySubsequences: false) {
        writer.line(0, String(line))
      }
      writer.line(0, "")
    }
    writer.line(0, "")
    writer.line(0, "BinaryData")
    writer.line(0, "====")
    for field in object[.binaryData].fields {
      writer.line(0, "\(field.key): \(SecretDescriber.size(field.value)) bytes")
    }
    writer.line(0, "")
  }
}

/// Only the sizes of a Secret's values are told.
enum SecretDescriber: Describer {
  static let kind = GroupKind.secret
  static let hasEvents = false

  static func describe(_ object: Value, _ writer: inout DescribeWriter, _ context: DescribeContext) {
    writer.head(object)
    writer.metadata(object)
    writer.line(0, "")
    writer.field("Type", object[.type])
    writer.line(0, "")
    writer.line(0, "Data")
    writer.line(0, "====")
    for field in object[.data].fields { writer.field(field.key.string, "\(size(field.value)) bytes") }
  }

  /// How many bytes a base64 text stands for.
  static func size(_ value: Value) -> Int {
    let digits = (value.string ?? "").utf8.filter { $0 != 0x3D && $0 > 0x20 }.count
    return digits * 3 / 4
  }
}

enum ServiceAccountDescriber: Describer {
  static let kind = GroupKind.serviceAccount

  static func describe(_ object: Value, _ writer: inout DescribeWriter, _ context: DescribeContext) {
    writer.head(object)
    writer.metadata(object)
    let names = object[.imagePullSecrets].items.compactMap { $0[.name].string }
    writer.field("Image pull secrets", names.first ?? "<none>")
    for name in names.dropFirst() { writer.line(0, "                   \t\(name)") }
  }
}
