import APIMachinery
import APIServer

/// Every stored object has a resource version of its own, none beyond the last one given out.
enum ResourceVersionCheck {
  static func run(_ server: APIServer) -> [Violation] {
    var seen: [Int: ObjectKey] = [:]
    var violations: [Violation] = []
    for object in ClusterChecker.objects(server) {
      let key = ObjectKey(of: object)
      guard let version = Int(object.resourceVersion), version <= server.resourceVersion else {
        violations.append(
          Violation(
            check: "resource-version", key: key, message: "\(object.resourceVersion) was never given out"))
        continue
      }
      if let other = seen[version] {
        violations.append(
          Violation(check: "resource-version", key: key, message: "\(version) is that of \(other) too"))
      }
      seen[version] = key
    }
    return violations
  }
}
