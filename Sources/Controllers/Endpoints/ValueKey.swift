import APIMachinery

/// A value as the key of a dictionary, by its content.
struct ValueKey: Hashable {
  let value: Value
  init(_ value: Value) { self.value = value }

  func hash(into hasher: inout Hasher) { hasher.combine(value.hash) }
}
