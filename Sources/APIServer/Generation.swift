import API
import APIMachinery

/// `metadata.generation`: how often the desired state changed.
enum Generation {
  /// A new object of a counting kind has generation 1; a given number is kept by kinds that do not count.
  static func start(_ request: inout WriteRequest) {
    guard request.entry.hasGeneration else { return }
    if request.object[.metadata][.generation].int != 1 { request.object[.metadata][.generation] = 1 }
  }

  /// One more if the update changes what is desired.
  static func advance(_ request: inout WriteRequest) {
    guard request.entry.hasGeneration, let old = request.old else { return }
    let meta = request.object[.metadata]
    guard meta[.generation] == old[.metadata][.generation], changes(request.object, old, request.entry)
    else { return }
    request.object[.metadata] = meta.setting(.generation, .int(old.generation &+ 1))
  }

  private static func changes(_ new: Value, _ old: Value, _ entry: KindEntry) -> Bool {
    if entry.kind == .deployment && new[.metadata][.annotations] != old[.metadata][.annotations] {
      return true
    }
    if entry.kind == .endpointSlice && new[.metadata][.labels] != old[.metadata][.labels] { return true }
    return desired(new, entry) != desired(old, entry)
  }

  private static func desired(_ object: Value, _ entry: KindEntry) -> Value {
    if let spec = object.get(.spec), !entry.info.isCustom { return spec }
    let skipsStatus = entry.info.hasStatus
    return .object(
      object.fields.filter {
        $0.key != .metadata && $0.key != .apiVersion && $0.key != .kind && !(skipsStatus && $0.key == .status)
      })
  }
}
