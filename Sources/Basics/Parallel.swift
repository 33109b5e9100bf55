import Dispatch
import Synchronization

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

  /// The same, but each result is handed to `consume` in the order of the inputs, on the caller's core, while others
  /// are still being made.
  public static func map<Input: Sendable, Output: Sendable>(
    _ inputs: [Input], _ transform: @escaping @Sendable (Input) -> Output, _ consume: (Output) -> Void
  ) {
    if inputs.count < 2 || width == 1 {
      for input in inputs { consume(transform(input)) }
      return
    }
    let line = Line(inputs, transform)
    for _ in 1..<Swift.min(width, inputs.count) {
      DispatchQueue.global(qos: .userInitiated).async { while line.makeNext() {} }
    }
    for i in inputs.indices {
      // As long as the next result is not there the caller makes others.
      while true {
        if let made = line.take(i) {
          consume(made)
          break
        }
        if !line.makeNext() { line.somethingIsMade.wait() }
      }
    }
  }

  /// Results that wait for their turn.
  private final class Line<Input: Sendable, Output: Sendable>: Sendable {
    private let inputs: [Input]
    private let transform: @Sendable (Input) -> Output
    private let next: Counter
    private let made: Mutex<[Output?]>
    let somethingIsMade = DispatchSemaphore(value: 0)

    init(_ inputs: [Input], _ transform: @escaping @Sendable (Input) -> Output) {
      self.inputs = inputs
      self.transform = transform
      next = Counter(limit: inputs.count)
      made = Mutex(Array(repeating: nil, count: inputs.count))
    }

    /// False when there is nothing left to be made.
    func makeNext() -> Bool {
      guard let i = next.take() else { return false }
      let output = transform(inputs[i])
      made.withLock { $0[i] = output }
      somethingIsMade.signal()
      return true
    }

    func take(_ i: Int) -> Output? {
      made.withLock { made in
        defer { made[i] = nil }
        return made[i]
      }
    }
  }

  /// Starts work on another core that nobody waits for; without a second core it is left undone. Only for what changes
  /// no result.
  static func aside(_ work: @escaping @Sendable () -> Void) {
    if width > 1 { DispatchQueue.global(qos: .utility).async(execute: work) }
  }

  private struct Slots<T>: @unchecked Sendable { let start: UnsafeMutablePointer<T> }
}
