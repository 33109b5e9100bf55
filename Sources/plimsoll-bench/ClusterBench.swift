import API
import APIMachinery
import Basics
import Cluster
import Foundation
import ManifestReader
import PlanReport
import Planner
import Store

/// `cluster --nodes N --pods P --deployments D [--folder DIR] [--components]`: the whole of apply and plan on a
/// world of that size, each step in a process of its own: a cold apply, a plan with nothing to do, a plan of one
/// new image.
func benchCluster(_ arguments: [String]) -> Int32 {
  let options = BenchOptions(arguments)
  let world = ClusterWorld(
    nodes: options.int("nodes", 400), pods: options.int("pods", 12_000),
    workloads: options.int("deployments", 600))
  return bench("cluster", world, ["apply", "unchanged", "image"], options)
}

/// `rollout --deployments D --replicas R [--nodes N]`: a new image for every Deployment of a running cluster.
func benchRollout(_ arguments: [String]) -> Int32 {
  let options = BenchOptions(arguments)
  let (deployments, replicas) = (options.int("deployments", 1000), options.int("replicas", 10))
  let world = ClusterWorld(
    nodes: options.int("nodes", max(10, deployments * replicas / 20)), deployments: deployments,
    replicas: replicas)
  return bench("rollout", world, ["apply", "images"], options)
}

private func bench(_ name: String, _ world: ClusterWorld, _ steps: [String], _ options: BenchOptions) -> Int32
{
  let folder = options["folder"] ?? NSTemporaryDirectory() + "plimsoll-\(name)-bench"
  if let step = options["step"] { return ClusterSteps(folder, options).run(step) }
  do {
    try? FileManager.default.removeItem(atPath: folder)
    try world.write(to: folder + "/manifests")
    print("\(world.nodes) nodes, \(world.pods) pods, \(world.workloads) workloads in \(folder)")
    for step in steps {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0])
      let components = options["components"] == nil ? [] : ["--components"]
      process.arguments = [name, "--step", step, "--folder", folder] + components
      try process.run()
      process.waitUntilExit()
      if process.terminationStatus != 0 { return process.terminationStatus }
    }
    return 0
  } catch {
    print("failed: \(error)")
    return 1
  }
}

/// `--name value` and `--name`.
struct BenchOptions {
  private var values: [String: String] = [:]
  init(_ arguments: [String]) {
    var name: String?
    for word in arguments {
      if word.hasPrefix("--") {
        name = String(word.dropFirst(2))
        values[name!] = ""
      } else if let known = name {
        values[known] = word
        name = nil
      }
    }
  }
  subscript(_ name: String) -> String? { values[name] }
  func int(_ name: String, _ otherwise: Int) -> Int { values[name].flatMap { Int($0) } ?? otherwise }
}

/// One command of the bench in a process of its own.
final class ClusterSteps {
  private let folder: String
  private let options: BenchOptions
  private let meter: PassMeter
  private var statePath: String { folder + "/state" }

  init(_ folder: String, _ options: BenchOptions) {
    self.folder = folder
    self.options = options
    meter = PassMeter(details: options["components"] != nil)
  }

  func run(_ step: String) -> Int32 {
    do {
      meter.begin()
      let read = ManifestReader.read([folder + "/manifests"])
      var manifests = read.manifests
      meter.phase("read \(manifests.count) documents")
      let layout = BenchScheme()
      let request = LockRequest(command: "bench", now: Instant(seconds: 0))
      let start = Instant(seconds: 1_800_000_000)
      if step == "image" || step == "images" { changeImages(&manifests, all: step == "images") }
      let directory: StateDirectory
      var input: PassInput
      if step == "apply" {
        directory = try StateDirectory.create(
          statePath, layout: layout, request: request, seed: 1, now: start)
        input = PassInput(manifests: manifests, manifestsName: "manifests", base: ObjectStore(), now: start)
      } else {
        directory = try StateDirectory.open(statePath, layout: layout, request: request)
        let loaded = try directory.load()
        input = PassInput(
          manifests: manifests, manifestsName: "manifests", base: loaded.store,
          now: loaded.meta.now + .seconds(60))
        input.take(loaded.meta)
        meter.phase("load \(loaded.store.count) objects")
      }
      input.probe = meter
      input.isLast = true
      // As for a report in text.
      input.wantsDigests = false
      let outcome = Planner.run(input)
      meter.phase("report")
      if step == "apply" {
        var meta = try directory.load().meta
        meta.now = outcome.report.end
        meta.resourceVersion = outcome.resourceVersion
        meta.inventory = outcome.inventory
        meta.components = outcome.memory
        let lock = try directory.lock(request)
        _ = try directory.commit(
          outcome.store, meta: meta, note: CommitNote(command: "apply", time: start), under: lock)
        lock.release()
        meter.phase("commit")
      }
      meter.print(step, outcome)
      return outcome.diagnostics.hasErrors ? 1 : 0
    } catch {
      print("failed: \(error)")
      return 1
    }
  }

  /// A new image for the first Deployment or for all.
  private func changeImages(_ manifests: inout [Manifest], all: Bool) {
    for i in manifests.indices where manifests[i].value.kindName == "Deployment" {
      var container = manifests[i].value.spec[.template][.spec][.containers][0]
      container[.image] = "registry.example/app:2.0.0"
      manifests[i].value[.spec][.template][.spec][.containers][0] = container
      if !all { return }
    }
  }
}

extension PassInput {
  fileprivate mutating func take(_ meta: StateMeta) {
    isNewState = false
    lineage = meta.lineage
    serial = meta.serial
    stateDigest = meta.digest
    seed = meta.seed
    resourceVersion = meta.resourceVersion
    inventory = meta.inventory
    memory = meta.components
    isAsWritten = true
  }
}

private struct BenchScheme: StateLayout {
  func resource(of kind: GroupKind) -> StateResource? {
    Scheme.builtin.info(kind).map { StateResource(plural: $0.plural, namespaced: $0.namespaced) }
  }
}
