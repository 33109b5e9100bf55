import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Hands out 0, 1, 2 … up to a limit, each once, to any thread.
final class Counter: Sendable {
  private let next = Atomic<Int>(0)
  private let limit: Int
  init(limit: Int) { self.limit = limit }
  func take() -> Int? {
    let i = next.wrappingAdd(1, ordering: .relaxed).oldValue
    return i < limit ? i : nil
  }
}

func coreCount() -> Int { Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))) }
