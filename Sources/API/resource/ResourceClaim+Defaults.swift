import APIMachinery

/// An exact count of devices is one unless it is given (`pkg/apis/resource/v1/defaults.go`).
enum ResourceClaimDefaults {
  private static let devices = Key.devices
  private static let requests = Key.requests
  private static let exactly = Key.exactly
  private static let firstAvailable = Key.firstAvailable
  private static let allocationMode = Key.allocationMode
  private static let count = Key.count

  static func claim(_ object: inout Value) {
    if object[.spec].has(devices) {
      fill(&object[.spec][devices])
    } else if object[.spec][.spec].has(devices) {
      fill(&object[.spec][.spec][devices])
    }
  }

  private static func fill(_ part: inout Value) {
    PodDefaults.map(&part, requests) { request in
      if request.has(exactly) { request[exactly] = counted(request[exactly]) }
      PodDefaults.map(&request, firstAvailable) { $0 = counted($0) }
    }
  }

  private static func counted(_ request: Value) -> Value {
    guard request[allocationMode].says("ExactCount"), (request[count].int ?? 0) == 0 else {
      return request
    }
    return request.setting(count, 1)
  }
}
