import Dispatch

/// Work on several cores whose results come back in the order of the inputs. The only place that starts threads.
public enum Parallel {
  /// Cores to use; 1 makes everything sequential.
  public static var width: Int { widthOverride ?? Swift.min(activeCores, 8) }

  nonisolated(unsafe) public static var widthOverride: Int?
  private static let activeCores = Swift.max(1, coreCount())

  /// `transform` of each input. Inputs are handed to the cores one after another, results keep their order.
  public static func map<Input: Sendable, Output: Sendable>(
    _ inputs: [Input], _ transform: @Sendable (Input) -> Output
  ) -> [Output] {
    if inputs.count < 2 || width == 1 { return inputs.map(transform) }
    return [Output](unsafeUninitializedCapacity: inputs.count) { buffer, count in
      let out = Slots(start: buffer.baseAddress!)
      let next = Counter(limit: inputs.count)
      DispatchQueue.concurrentPerform(iterations: Swift.min(width, inputs.count)) { _ in
        while let i = next.take() { (out.start + i).initialize(to: transform(inputs[i])) }
      }
      count = inputs.count
    }
  }

  private struct Slots<T>: @unchecked Sendable { let start: UnsafeMutablePointer<T> }
}
