/// Why a text is not YAML, and where.
public struct YAMLError: Error, Equatable, Sendable {
  public var problem: Problem
  /// Byte offset in the source.
  public var offset: Int

  public init(_ problem: Problem, at offset: Int) {
    self.problem = problem
    self.offset = offset
  }

  /// One sentence without the place.
  public var message: String { problem.message }
}

/// The ways in which a text can fail to be YAML.
public enum Problem: UInt8, Sendable, CaseIterable {
  case invalidUTF8, invalidUTF16, invalidUTF32, controlCharacter, nulByte, tooLarge, tooDeep
  case unexpectedCharacter, reservedIndicator, tabIndentation, badIndentation, expectedKey
  case keyNotAllowed, keyTooLong, multilineKey, expectedColon, sequenceNotAllowed, blockInFlow
  case unexpectedContent, unclosedQuote, unknownEscape, badCodePoint, markerInQuotes
  case blockHeader, blockIndentation, unclosedFlow, expectedComma, flowIndentation, commentSpace
  case emptyAnchor, emptyAlias, aliasProperties, duplicateProperty, propertySpace, badTag, unknownHandle
  case badDirective, duplicateDirective, unsupportedVersion, directiveWithoutDocument, documentMarker

  public var message: String {
    switch self {
    case .invalidUTF8: "the text is not valid UTF-8"
    case .invalidUTF16: "the text is not valid UTF-16"
    case .invalidUTF32: "the text is not valid UTF-32"
    case .controlCharacter: "control characters are not allowed"
    case .nulByte: "a NUL byte is not allowed; is this a text file?"
    case .tooLarge: "the text is too large"
    case .tooDeep: "the text is nested too deeply"
    case .unexpectedCharacter: "a value cannot start with this character"
    case .reservedIndicator: "'@' and '`' cannot start a value; quote it"
    case .tabIndentation: "a tab cannot be used for indentation; use spaces"
    case .badIndentation: "the indentation fits no enclosing block"
    case .expectedKey: "expected a key of the mapping"
    case .keyNotAllowed: "a mapping is not allowed in this place; quote the text if it holds ': '"
    case .keyTooLong: "a key without '?' may have at most 1024 characters"
    case .multilineKey: "a key without '?' must be on one line"
    case .expectedColon: "expected ':' after the key"
    case .sequenceNotAllowed: "a block sequence is not allowed in this place"
    case .blockInFlow: "block style is not allowed inside [] or {}"
    case .unexpectedContent: "unexpected text after the value"
    case .unclosedQuote: "the quoted text is never closed"
    case .unknownEscape: "unknown escape in double quotes"
    case .badCodePoint: "the escape names no Unicode character"
    case .markerInQuotes: "a document marker inside a quoted text"
    case .blockHeader: "expected a line break after the header of the block scalar"
    case .blockIndentation: "a leading blank line is indented more than the block scalar"
    case .unclosedFlow: "'[' or '{' is never closed"
    case .expectedComma: "expected ',' or the closing bracket"
    case .flowIndentation: "this line must be indented more than the block that holds it"
    case .commentSpace: "'#' must follow white space to begin a comment; quote the text if it is one"
    case .emptyAnchor: "an anchor needs a name"
    case .emptyAlias: "an alias needs a name; quote the text if it begins with '*'"
    case .aliasProperties: "an alias can have neither an anchor nor a tag"
    case .duplicateProperty: "a node can have one anchor and one tag"
    case .propertySpace: "white space must follow an anchor or a tag"
    case .badTag: "this is not a tag"
    case .unknownHandle: "the tag's handle is not declared by a %TAG directive"
    case .badDirective: "this directive is malformed"
    case .duplicateDirective: "this directive was given before"
    case .unsupportedVersion: "this version of YAML is not supported"
    case .directiveWithoutDocument: "directives must be followed by a document that begins with '---'"
    case .documentMarker: "only a comment may follow '...'"
    }
  }
}
