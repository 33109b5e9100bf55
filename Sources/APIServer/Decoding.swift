import API
import APIMachinery

/// Decoding as the Go types do it: strict where asked, nulls and zeros of omitempty dropped, static defaults
/// filled in, and the served version turned into the stored one.
enum Decoding {
  static func decode(_ request: inout WriteRequest) throws(APIError) {
    let info = request.entry.info
    if request.isStrict, let refusal = info.decodingError(request.object) { throw refusal }
    if request.isCanonical {
      assert(
        SchemaDefault.apply(request.object, request.entry.type) == request.object,
        "a component wrote \(request.key) otherwise than it is stored")
      return
    }
    if request.object[.apiVersion] == request.entry.apiVersion {
      request.object = SchemaDefault.apply(request.object, request.entry.type, over: request.old)
      return
    }
    if info.isCustom {
      // Custom objects are validated against the schema of the version they came in.
      request.object = info.decoded(request.object)
      return
    }
    request.object = VersionConversion.toStored(info.decoded(request.object), info)
    request.object = SchemaDefault.apply(request.object, request.entry.type)
  }

  /// Turns a custom object that came in another version into the stored one (conversion strategy None).
  static func convert(_ request: inout WriteRequest) {
    guard request.entry.info.isCustom, request.object[.apiVersion] != request.entry.apiVersion else { return }
    request.object[.apiVersion] = request.entry.apiVersion
    request.object = SchemaDefault.apply(request.object, request.entry.type)
  }

  /// Only what is written through the status sub-resource is looked at.
  static func decodeStatus(_ request: inout WriteRequest) {
    guard let type = request.entry.statusType, let status = request.object.get(.status) else { return }
    if request.isCanonical {
      assert(
        SchemaDefault.apply(status, type) == status,
        "a component wrote the status of \(request.key) otherwise than it is stored")
      return
    }
    let decoded = SchemaDefault.apply(status, type, over: request.old?.get(.status))
    if decoded.identity != status.identity { request.object[.status] = decoded }
  }
}
