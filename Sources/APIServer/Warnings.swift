import API
import APIMachinery

/// The warnings of the kinds' strategies, for writes whose warnings somebody reads.
enum Warnings {
  /// Of the version that the request is written in, whatever comes of it.
  static func version(_ request: inout WriteRequest) {
    guard request.wantsWarnings else { return }
    request.warnings += ObjectWarnings.version(
      request.entry.info, request.object.groupVersionKind.version)
  }

  /// Before anything is prepared.
  static func early(_ request: inout WriteRequest) {
    guard request.wantsWarnings, request.old == nil, request.kind == .pod else { return }
    request.warnings += PodWarnings.appArmorAnnotations(request.object)
  }

  static func add(_ request: inout WriteRequest) {
    guard request.wantsWarnings else { return }
    request.warnings += ObjectWarnings.texts(request.object, old: request.old, request.entry.info)
  }
}
