public import APIMachinery

/// Fetches what a controller, or the kubelet, will read next, for some keys at a time (`TreePrefetch`).
public struct ReadAhead {
  /// Keys at a time: enough to wait for memory side by side, few enough for their trees to stay at hand.
  static let window = 16
  private var left = 0
  private var prefetch = TreePrefetch()

  public init() {}

  /// To be called before each key: of every `window` keys the first fetches for all. `upcoming` is given how many
  /// keys are wanted; it gives what they will read and for how many keys that is, which may be fewer.
  @inline(__always)
  public mutating func next(_ upcoming: (Int) -> (objects: [Value], keys: Int)) {
    if left > 0 {
      left -= 1
      return
    }
    let (objects, keys) = upcoming(Self.window)
    left = max(0, keys - 1)
    if keys > 1 { prefetch.load(objects) }
  }
}
