import API
import APIMachinery
import Testing

struct SchemeTests {
  @Test(arguments: [
    ("deploy", "Deployment.apps"), ("Deployments", "Deployment.apps"), ("deployment", "Deployment.apps"),
    ("deployments.apps", "Deployment.apps"), ("deployment.v1.apps", "Deployment.apps"), ("po", "Pod"),
    ("events", "Event"), ("events.events.k8s.io", "Event.events.k8s.io"), ("pods.v1.", "Pod"),
    ("hpa", "HorizontalPodAutoscaler.autoscaling"), ("netpol", "NetworkPolicy.networking.k8s.io"),
    ("endpoints", "Endpoints"), ("ingresses.networking.k8s.io", "Ingress.networking.k8s.io"),
  ])
  func words(_ word: String, _ kind: String) {
    #expect(Scheme.builtin.info(named: word)?.groupKind.description == kind)
  }

  @Test func versions() throws {
    let hpa = try #require(Scheme.builtin.info(apiVersion: "autoscaling/v1", kind: "HorizontalPodAutoscaler"))
    #expect(hpa.gvk.version == "v2")
    #expect(hpa.type.type(at: .spec, .metrics)?.shape == .list)
    #expect(hpa.type(version: "v1")?.type(at: .spec)?.field("targetCPUUtilizationPercentage") != nil)
    #expect(Scheme.builtin.info(apiVersion: "extensions/v1beta1", kind: "Deployment") == nil)
    let no = Scheme.builtin.noMatch(apiVersion: "extensions/v1beta1", kind: "Deployment")
    #expect(no.message == "no matches for kind \"Deployment\" in version \"extensions/v1beta1\"")
    #expect(no.replacement == "apps/v1")
  }

  @Test func everyKindHasAType() {
    for info in Scheme.builtin.kinds {
      for version in info.versions { #expect(info.type(version: version)?.shape == .object, "\(info.gvk)") }
    }
  }

  @Test func mergeFacts() throws {
    let pod = try #require(Scheme.builtin.info(.pod)).type
    let containers = try #require(pod.type(at: .spec)?.field(.containers))
    #expect(containers.type.listType == .map && containers.type.listKeys == [.name])
    #expect(containers.patchStrategy == .merge && containers.patchMergeKey == .name)
    let ports = try #require(pod.type(at: .spec, .containers, .ports))
    #expect(ports.listKeys == [.containerPort, .protocol])
  }
}
