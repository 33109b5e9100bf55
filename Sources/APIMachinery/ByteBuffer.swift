/// Raw memory that grows at its end: where JSON is written to. Its owner frees it.
struct ByteBuffer {
  private var start: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  private(set) var count = 0

  init(capacity: Int = 4096) {
    self.capacity = capacity
    start = .allocate(capacity: capacity)
  }

  func free() { start.deallocate() }

  var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: start, count: count) }

  @inline(__always)
  private mutating func reserve(_ more: Int) {
    if capacity &- count < more { grow(more) }
  }

  @inline(never)
  private mutating func grow(_ more: Int) {
    capacity = max(capacity * 2, count + more)
    let room = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    room.update(from: start, count: count)
    start.deallocate()
    start = room
  }

  @inline(__always)
  mutating func append(_ byte: UInt8) {
    reserve(1)
    start[count] = byte
    count &+= 1
  }

  @inline(__always)
  mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
    reserve(bytes.count &+ 16)
    guard let from = bytes.baseAddress else { return }
    copy(from, bytes.count)
  }

  /// Copies into reserved room. Short pieces go in two steps of eight bytes, which is less than a call.
  @inline(__always)
  private mutating func copy(_ from: UnsafePointer<UInt8>, _ length: Int) {
    let target = UnsafeMutableRawPointer(start + count)
    let source = UnsafeRawPointer(from)
    if length >= 8 && length <= 16 {
      let head = source.loadUnaligned(as: UInt64.self)
      let tail = source.loadUnaligned(fromByteOffset: length &- 8, as: UInt64.self)
      target.storeBytes(of: head, as: UInt64.self)
      target.storeBytes(of: tail, toByteOffset: length &- 8, as: UInt64.self)
    } else {
      target.copyMemory(from: source, byteCount: length)
    }
    count &+= length
  }

  @inline(__always)
  mutating func append(_ text: StaticString) {
    append(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  mutating func appendNumber(_ number: Int) {
    reserve(24)
    var rest = number.magnitude
    var digits = 1
    var limit: UInt = 10
    while digits < 20 && rest >= limit {
      digits &+= 1
      let (next, overflow) = limit.multipliedReportingOverflow(by: 10)
      if overflow { break }
      limit = next
    }
    if number < 0 {
      start[count] = 0x2D
      count &+= 1
    }
    var at = count &+ digits
    count = at
    repeat {
      at &-= 1
      start[at] = UInt8(truncatingIfNeeded: rest % 10) &+ 0x30
      rest /= 10
    } while rest > 0
  }

  /// The text as a JSON string with its quotes.
  @inline(__always)
  mutating func appendQuoted(_ text: UnsafeBufferPointer<UInt8>) {
    let (end, _) = JSONScan.plainEnd(text, from: 0)
    guard end == text.count, let from = text.baseAddress else { return appendEscaped(text) }
    reserve(text.count &+ 16)
    start[count] = 0x22
    count &+= 1
    copy(from, text.count)
    start[count] = 0x22
    count &+= 1
  }

  @inline(never)
  private mutating func appendEscaped(_ text: UnsafeBufferPointer<UInt8>) {
    var quoted: [UInt8] = []
    quoted.reserveCapacity(text.count + 16)
    JSONText.appendQuoted(text, to: &quoted)
    quoted.withUnsafeBufferPointer { append($0) }
  }
}
