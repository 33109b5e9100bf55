import Basics
import YAML

/// Tells the line of offsets that only grow, by counting line breaks once.
struct LineCounter {
  private let file: SourceFile
  private var counted = 0
  private var breaks = 0
  private var hasReturns = false

  init(_ file: SourceFile) { self.file = file }

  /// The line, from 1, of an offset that is not less than the one asked for before.
  mutating func line(at offset: Int) -> Int {
    count(to: min(offset, file.text.count))
    return hasReturns ? file.place(at: offset).line : breaks + 1
  }

  private mutating func count(to end: Int) {
    guard !hasReturns else { return }
    let raw = UnsafeRawPointer(file.text.base)
    var at = counted
    while at + 16 <= end {
      let block = raw.loadUnaligned(fromByteOffset: at, as: SIMD16<UInt8>.self)
      if any(block .== 0x0D) { hasReturns = true }
      let ones = SIMD16<UInt8>(repeating: 0).replacing(with: 1, where: block .== 0x0A)
      breaks += Int(ones.wrappedSum())
      at += 16
    }
    while at < end {
      if file.text.base[at] == 0x0D { hasReturns = true }
      if file.text.base[at] == 0x0A { breaks += 1 }
      at += 1
    }
    counted = max(counted, end)
  }
}
