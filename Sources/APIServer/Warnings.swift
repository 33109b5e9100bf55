import API
import APIMachinery

/// The warnings of the kinds' strategies, for writes whose warnings somebody reads.
enum Warnings {
  /// Before anything is prepared; the version is the one that the request is written in.
  static func early(_ request: inout WriteRequest) {
    guard request.wantsWarnings else { return }
    request.warnings += ObjectWarnings.early(
      request.object, old: request.old, request.entry.info,
      request.object.groupVersionKind.version)
  }

  static func add(_ request: inout WriteRequest) {
    guard request.wantsWarnings else { return }
    request.warnings += ObjectWarnings.texts(request.object, old: request.old, request.entry.info)
  }
}
