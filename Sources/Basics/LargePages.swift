#if canImport(Glibc)
  import Glibc
#endif

/// Large pages for what is allocated. A pass makes and looks at millions of small objects in a gigabyte or less: with
/// pages of 4 KiB the processor spends much of its time in finding them.
public enum LargePages {
  /// Asks for them for what the heap grows into next, where the system grants them on request
  /// (`transparent_hugepage/enabled` is `madvise`). Only address space is set aside: memory is taken as it is used.
  /// Where that is refused, or the C library is another, the heap grows as usual. Call it before other threads are
  /// started.
  public static func prefer() {
    #if canImport(Glibc)
      guard let option = MallocOption() else { return }
      let room = 1 << 30
      let large: UInt = 2 << 20
      // Setting one of these ends the adjustment of both, so both are set to what they would become.
      option.set(.mmapThreshold, 32 << 20)
      option.set(.trimThreshold, Int(Int32.max))
      option.set(.topPad, room)
      let before = UInt(bitPattern: sbrk(0))
      // More than what is left at the heap's end. Through Swift's allocator: a call of `malloc` whose result is not
      // used would be left out of the program.
      UnsafeMutableRawPointer.allocate(byteCount: 1 << 20, alignment: 16).deallocate()
      option.set(.topPad, 1 << 20)
      let after = UInt(bitPattern: sbrk(0))
      let start = (before + large - 1) / large * large
      guard after > start else { return }
      madvise(UnsafeMutableRawPointer(bitPattern: start), Int(after - start), MADV_HUGEPAGE)
      heap = start..<after
    #endif
  }

  /// What the heap grows into, where large pages were asked for.
  nonisolated(unsafe) private static var heap: Range<UInt> = 0..<0

  /// Tells that the heap will grow to about so many bytes. Another core then takes that memory from the system ahead of
  /// the one that will use it: a virtual machine may wait a second for a gigabyte. Say less rather than more. Does
  /// nothing for little, for one core, or where large pages were not asked for.
  public static func expect(_ bytes: Int) {
    #if canImport(Glibc)
      let (start, size) = (heap.lowerBound, min(bytes, heap.count))
      guard size >= 64 << 20 else { return }
      Parallel.aside {
        let step = 4 << 20
        for at in stride(from: 0, to: size, by: step) {
          let place = UnsafeMutableRawPointer(bitPattern: start + UInt(at))
          // `MADV_POPULATE_WRITE` of Linux 5.14, which the C library's headers may not know. Others refuse it.
          if madvise(place, min(step, size - at), 23) != 0 { return }
        }
      }
    #endif
  }

  #if canImport(Glibc)
    /// `mallopt(3)`, which Swift's view of the C library leaves out.
    private struct MallocOption {
      enum Name: Int32 {
        case trimThreshold = -1
        case topPad = -2
        case mmapThreshold = -3
      }
      private typealias Function = @convention(c) (Int32, Int32) -> Int32
      private let function: Function

      init?() {
        guard let found = dlsym(nil, "mallopt") else { return nil }
        function = unsafeBitCast(found, to: Function.self)
      }

      func set(_ name: Name, _ value: Int) { _ = function(name.rawValue, Int32(value)) }
    }
  #endif
}
