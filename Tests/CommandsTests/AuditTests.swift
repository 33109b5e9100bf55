import APIMachinery
import Foundation
import Testing

@testable import Commands

/// `audit` on a small cluster whose stored objects were changed behind its back.
@Suite struct AuditTests {
  typealias End = EndToEndTests

  static let manifests =
    EndToEndTests.pod + """
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: settings}
      data: {color: blue}
      ---
      apiVersion: v1
      kind: Secret
      metadata: {name: key}
      stringData: {token: first}

      """

  struct World {
    let folder = End.Folder()
    let file: String
    let state: String

    /// A cluster with the manifests applied and then `change` done to each exported object (nil removes it).
    init(_ change: (Value) -> Value?) throws {
      file = folder.write("all.yaml", AuditTests.manifests)
      let origin = folder.path + "/origin"
      let applied = End.run("apply", "-f", file, "--state", origin, "--yes", "--now", End.now)
      #expect(applied.status == .success, "\(applied.err)")
      let all = try JSON.parse(End.run("export", "--state", origin).out).get()
      let changed = all.setting(.items, .array(all[.items].items.compactMap(change)))
      let dump = folder.write("dump.json", CanonicalJSON.string(changed))
      state = folder.path + "/live"
      #expect(End.run("import", dump, "--state", state, "--now", End.now).status == .success)
    }

    func audit(_ more: String...) -> (status: Status, out: String, err: String) {
      End.run(["audit", "-f", file, "--state", state, "--now", "2026-11-24T09:00:00Z"] + more)
    }
  }

  @Test func nothingDiffersAfterAnApply() throws {
    let result = try World { $0 }.audit()
    #expect(result.status == .success)
    #expect(result.out == "In sync. 4 objects are as desired.\n")
  }

  @Test func outsideEditsAreNamedFieldByField() throws {
    let world = try World { object in
      var object = object
      switch object.kindName {
      case "Deployment":
        object.spec[.replicas] = 5
        object.setLabel("owner", "me")
      case "ConfigMap" where object.name == "settings": return nil
      case "Secret" where object.name == "key": object[.data]["token"] = "c2Vjb25k"
      default: break
      }
      return object
    }
    let result = world.audit()
    #expect(result.status == .changes)
    #expect(result.out.contains("spec.replicas: desired 2, actual 5"))
    #expect(result.out.contains("metadata.labels: desired nothing, actual {\"owner\":\"me\"}"))
    #expect(result.out.contains("outside edit, apply leaves it"))
    #expect(result.out.contains("+ configmap/settings (default)  missing"))
    #expect(result.out.contains("data.token: desired ***, actual ***"))
    #expect(!result.out.contains("c2Vjb25k"))
    #expect(result.out.contains("Audit: 1 in sync, 2 drifted, 1 missing, 0 extra, 0 accepted, 0 unmanaged."))
    #expect(!world.audit("-o", "json").out.contains("c2Vjb25k"))
    #expect(world.audit("--fail-on", "missing").status == .gate)
  }

  @Test func aChangedManifestIsNotApplied() throws {
    let world = try World { $0 }
    _ = world.folder.write(
      "all.yaml", AuditTests.manifests.replacingOccurrences(of: "nginx:1.25", with: "nginx:1.26"))
    let result = world.audit()
    #expect(result.status == .changes)
    #expect(result.out.contains("containers[c].image: desired nginx:1.26, actual nginx:1.25"))
    #expect(result.out.contains("not applied yet"))
    #expect(!result.out.contains("outside"))
  }

  @Test func aFieldChangedOnBothSidesSaysBoth() throws {
    let world = try World { object in
      var object = object
      if object.kindName == "Deployment" { object.spec[.replicas] = 5 }
      return object
    }
    _ = world.folder.write(
      "all.yaml", AuditTests.manifests.replacingOccurrences(of: "replicas: 2", with: "replicas: 3"))
    let result = world.audit()
    #expect(result.out.contains("spec.replicas: desired 3, actual 5, last applied 2"))
    #expect(result.out.contains("manifest and outside edit"))
  }

  @Test func anAutoscalersReplicasAreItsOwn() throws {
    let world = try World { object in
      var object = object
      if object.kindName == "Deployment" { object.spec[.replicas] = 5 }
      return object
    }
    let scaler = world.folder.write(
      "hpa.yaml",
      """
      apiVersion: autoscaling/v2
      kind: HorizontalPodAutoscaler
      metadata: {name: web, namespace: default}
      spec:
        scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
        maxReplicas: 9

      """)
    #expect(End.run("import", scaler, "--state", world.state, "--now", End.now).status == .success)
    #expect(world.audit().out.contains("horizontal-pod-autoscaler-controller"))
  }

  @Test func aBaselineAcceptsUntilItsDay() throws {
    let world = try World { object in
      var object = object
      if object.kindName == "Deployment" { object.spec[.replicas] = 5 }
      return object
    }
    func baseline(_ until: String, _ path: String) -> String {
      world.folder.write(
        "known.yaml",
        """
        apiVersion: plimsoll.dev/v1
        kind: AuditBaseline
        accepted:
        - {object: Deployment.apps/default/web, path: \(path), until: \(until), reason: sale}

        """)
    }
    let known = world.audit("--baseline", baseline("2026-11-24", "spec.replicas"))
    #expect(known.status == .success)
    #expect(known.out.contains("sale"))
    let over = world.audit("--baseline", baseline("2026-11-23", "spec.replicas"))
    #expect(over.status == .changes)
    #expect(over.out.contains("ran out"))
    let other = world.audit("--baseline", baseline("2026-12-31", "spec.paused"))
    #expect(other.status == .changes)
    #expect(other.out.contains("no longer differs"))
    let wrong = world.audit("--baseline", baseline("someday", "spec.replicas"))
    #expect(wrong.status == .failure)
    #expect(wrong.err.contains("accepted[0].until"))

    let written = world.folder.path + "/written.yaml"
    #expect(world.audit("--write-baseline", written).status == .changes)
    #expect(world.audit("--baseline", written).status == .success)
  }

  @Test func whatNoManifestDescribesIsUnmanaged() throws {
    let world = try World { $0 }
    let stray = world.folder.write(
      "stray.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: stray, namespace: default}\n")
    #expect(End.run("import", stray, "--state", world.state, "--now", End.now).status == .success)
    #expect(world.audit().status == .success)
    #expect(world.audit().out.contains("? configmap/stray (default)"))
    #expect(world.audit("--fail-on", "unmanaged").status == .gate)
  }

  @Test func withoutAStateThereIsNothingToAudit() {
    let folder = End.Folder()
    let file = folder.write("all.yaml", AuditTests.manifests)
    let result = End.run("audit", "-f", file, "--state", folder.state)
    #expect(result.status == .failure)
    #expect(result.err.contains("there is no state"))
  }
}
