import APIMachinery
import ControllerRuntime
import Controllers
import Testing

/// The numbers of rolling updates.
struct DeploymentMathTests {
  @Test(arguments: [
    ("25%", "25%", 4, 1, 1), ("25%", "25%", 10, 3, 2), ("0", "0", 5, 0, 1), ("0%", "10%", 5, 0, 1),
    ("100%", "0", 3, 3, 0),
  ])
  func fenceposts(_ surge: String, _ unavailable: String, _ replicas: Int, _ up: Int, _ down: Int) {
    func value(_ s: String) -> Value { Int(s).map { .int($0) } ?? .string(s) }
    let posts = DeploymentMath.fenceposts(
      surge: value(surge), unavailable: value(unavailable), replicas: replicas)
    #expect(posts == (up, down))
  }

  /// Ten replicas with a surge of three, eight old and five new, grow to fifteen: nine and six, and what is left
  /// over goes to the larger.
  @Test(arguments: [(8, 13, 15, 3, 5, 0, 3), (5, 13, 15, 3, 5, 3, 2), (0, 13, 15, 3, 5, 0, 0)])
  func proportions(
    _ size: Int, _ before: Int, _ wanted: Int, _ surge: Int, _ toAdd: Int, _ added: Int, _ share: Int
  ) {
    let found = DeploymentMath.proportion(
      size: size, maxBefore: before, wanted: wanted, surge: surge, toAdd: toAdd, added: added)
    #expect(found == share)
  }

  /// `rand.SafeEncodeString` of the decimal digits.
  @Test(arguments: [(UInt32(0), "4"), (12, "56"), (1_234_567_890, "56789bcdf4")])
  func encoding(_ number: UInt32, _ text: String) { #expect(TemplateHash.encode(number) == text) }
}
