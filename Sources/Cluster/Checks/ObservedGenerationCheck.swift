import APIMachinery
import APIServer

/// No controller has seen a generation that does not exist yet.
enum ObservedGenerationCheck {
  static func run(_ server: APIServer) -> [Violation] {
    ClusterChecker.objects(server).compactMap { object in
      guard let observed = object.status[.observedGeneration].int, observed > object.generation else {
        return nil
      }
      return Violation(
        check: "observed-generation", key: ObjectKey(of: object),
        message: "generation \(object.generation), observed \(observed)")
    }
  }
}
