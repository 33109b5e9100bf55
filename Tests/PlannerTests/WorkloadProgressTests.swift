import APIMachinery
import Planner
import Testing

@Suite struct WorkloadProgressTests {
  static func deployment(_ want: Int, updated: Int, available: Int, total: Int) -> Value {
    [
      "kind": "Deployment", "spec": ["replicas": .int(want)],
      "status": [
        "updatedReplicas": .int(updated), "availableReplicas": .int(available), "replicas": .int(total),
      ],
    ]
  }

  @Test(
    arguments: [
      (deployment(3, updated: 3, available: 3, total: 3), nil),
      (deployment(3, updated: 2, available: 3, total: 3), "2 of 3 new replicas updated"),
      (deployment(3, updated: 3, available: 3, total: 4), "1 old replicas pending termination"),
      (deployment(3, updated: 3, available: 1, total: 3), "1 of 3 updated replicas available"),
    ] as [(Value, String?)])
  func saysWhatIsMissing(_ object: Value, _ trouble: String?) {
    #expect(WorkloadProgress.trouble(object) == trouble)
  }
}
