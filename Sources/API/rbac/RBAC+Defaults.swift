import APIMachinery

/// `SetDefaults_Subject` (`pkg/apis/rbac/v1/defaults.go`).
enum RBACDefaults {
  /// An empty list of rules is none.
  static func role(_ object: inout Value) {
    if object[.rules].isArray, object[.rules].isEmpty { object[.rules] = .null }
  }

  static func binding(_ object: inout Value) {
    PodDefaults.map(&object, .subjects) { subject in
      guard subject[.apiGroup].string ?? "" == "" else { return }
      switch subject[.kind].string {
      case "User", "Group": subject[.apiGroup] = "rbac.authorization.k8s.io"
      default: break
      }
    }
  }
}
