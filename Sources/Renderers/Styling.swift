/// Text for a terminal, in colour or plain.
struct Styling {
  enum Style: String {
    case bold = "1"
    case dim = "2"
    case red = "31"
    case green = "32"
    case yellow = "33"
    case cyan = "36"
    case boldRed = "1;31"
    case boldYellow = "1;33"
  }

  var color: Bool

  func paint(_ text: String, _ style: Style) -> String {
    color && !text.isEmpty ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
  }

  /// The width of text on a terminal, near enough: scalars without combining marks and escapes.
  static func width(_ text: String) -> Int {
    var width = 0
    var inEscape = false
    for scalar in text.unicodeScalars {
      if scalar == "\u{1B}" { inEscape = true }
      if inEscape {
        if scalar == "m" { inEscape = false }
        continue
      }
      switch scalar.value {
      case 0x300...0x36F, 0x200B...0x200F, 0xFE00...0xFE0F: break
      case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
        0xFF00...0xFF60,
        0x1F300...0x1FAFF:
        width += 2
      default: width += 1
      }
    }
    return width
  }

  /// `text` with spaces to `width`.
  static func pad(_ text: String, _ width: Int) -> String {
    let have = self.width(text)
    return have >= width ? text : text + String(repeating: " ", count: width - have)
  }

  static func padLeft(_ text: String, _ width: Int) -> String {
    let have = self.width(text)
    return have >= width ? text : String(repeating: " ", count: width - have) + text
  }

  /// A field's path for reading: items that a name tells apart as `containers[web]`.
  static func path(_ text: String) -> String {
    safe(text.split(separator: "[name=", omittingEmptySubsequences: false).joined(separator: "["))
  }

  /// Control characters made visible, so that no value can steer the terminal.
  static func safe(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { isControl($0) }) else { return text }
    var out = ""
    for scalar in text.unicodeScalars {
      if scalar == "\n" {
        out += "\\n"
      } else if scalar == "\t" {
        out += "\\t"
      } else if isControl(scalar) {
        out += "\\u{" + String(scalar.value, radix: 16) + "}"
      } else {
        out.unicodeScalars.append(scalar)
      }
    }
    return out
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || (0x202A...0x202E).contains(scalar.value)
      || (0x2066...0x2069).contains(scalar.value)
  }
}
