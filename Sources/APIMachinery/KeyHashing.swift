/// Keys are numbers of a table, so that a table of keys needs no hash that withstands an attacker: these mix the
/// numbers with the table's own seed. Only dictionaries and sets see them; no order of output follows from them.
extension Key {
  @inlinable public func _rawHashValue(seed: Int) -> Int {
    KeyHashing.finish(KeyHashing.mix(UInt64(truncatingIfNeeded: seed), UInt64(id)))
  }
}

extension GroupKind {
  @inlinable public func _rawHashValue(seed: Int) -> Int { id._rawHashValue(seed: seed) }
}

extension ObjectKey {
  @inlinable public func _rawHashValue(seed: Int) -> Int {
    let place = UInt64(kind.id.id) << 32 | UInt64(namespace.id)
    let mixed = KeyHashing.mix(UInt64(truncatingIfNeeded: seed), place)
    return KeyHashing.finish(KeyHashing.mix(mixed, UInt64(name.id)))
  }
}

@usableFromInline enum KeyHashing {
  @inlinable static func mix(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let product = (a ^ b ^ 0x9E37_79B9_7F4A_7C15).multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
    return product.high ^ product.low
  }

  @inlinable static func finish(_ a: UInt64) -> Int { Int(truncatingIfNeeded: a) }
}

/// What is a hash already, or the identity of a node, as the key of a table.
public struct HashKey: Hashable, Sendable {
  @usableFromInline let value: UInt64
  @inlinable public init(_ hash: UInt64) { value = hash }
  @inlinable public init(_ identity: ObjectIdentifier) { value = UInt64(UInt(bitPattern: identity)) }

  @inlinable public func _rawHashValue(seed: Int) -> Int {
    KeyHashing.finish(KeyHashing.mix(UInt64(truncatingIfNeeded: seed), value))
  }
}
