// swift-tools-version: 6.2
import PackageDescription

/// The layers of the house, lowest first. A target may import only targets of lower layers, and of
/// those only the ones named here; `TidyTests` reads this table and checks every import against it.
let layers: [(name: String, dependencies: [String])] = [
  // 0
  ("Basics", []),
  // 1
  ("YAML", ["Basics"]),
  ("APIMachinery", ["Basics"]),
  // 2
  ("ManifestReader", ["Basics", "YAML", "APIMachinery"]),
  ("API", ["Basics", "APIMachinery"]),
  ("Store", ["Basics", "APIMachinery"]),
  ("PlanReport", ["Basics", "APIMachinery"]),
  // 3
  ("APIServer", ["Basics", "APIMachinery", "API", "Store"]),
  ("ControllerRuntime", ["Basics", "APIMachinery", "API"]),
  ("Renderers", ["Basics", "APIMachinery", "PlanReport"]),
  // 4
  ("Controllers", ["Basics", "APIMachinery", "API", "ControllerRuntime"]),
  ("Scheduler", ["Basics", "APIMachinery", "API", "ControllerRuntime"]),
  ("Kubelet", ["Basics", "APIMachinery", "API", "ControllerRuntime"]),
  ("Kubectl", ["Basics", "APIMachinery", "API", "ControllerRuntime"]),
  // 5
  (
    "Cluster",
    [
      "Basics", "APIMachinery", "API", "Store", "APIServer", "ControllerRuntime", "Controllers",
      "Scheduler", "Kubelet",
    ]
  ),
  // 6
  (
    "Planner",
    [
      "Basics", "APIMachinery", "API", "Store", "PlanReport", "ManifestReader", "APIServer",
      "ControllerRuntime", "Cluster",
    ]
  ),
  // 7
  (
    "Commands",
    [
      "Basics", "APIMachinery", "API", "Store", "PlanReport", "ManifestReader", "Renderers",
      "Planner", "Cluster", "APIServer", "Kubectl", "Scheduler",
    ]
  ),
]

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
  // Checked in debug builds, in which the tests run.
  .unsafeFlags(
    ["-cross-module-optimization", "-enforce-exclusivity=unchecked"],
    .when(configuration: .release)),
  // One file that needs no Swift runtime beside it; calls into the standard library are direct, which
  // is worth a tenth of a pass.
  .unsafeFlags(["-static-stdlib"], .when(platforms: [.linux], configuration: .release)),
]

/// What the executables need besides, to hold the standard library and Foundation.
let selfContained: [LinkerSetting] = [
  .unsafeFlags(["-static-stdlib"], .when(platforms: [.linux], configuration: .release))
]

/// Files in a target's folder that are no source.
let excluded = [
  "API": ["Schemas/generate.py", "Schemas/overlay.py"], "APIMachinery": ["Generated/generate.py"],
  "Basics": ["generate-zones.py"],
]

let testedTargets = [
  "Basics", "YAML", "APIMachinery", "ManifestReader", "API", "Store", "APIServer", "Controllers",
  "Scheduler", "Kubelet", "Kubectl", "Cluster", "Planner", "Renderers", "Commands",
]

let package = Package(
  name: "plimsoll",
  products: [.executable(name: "plimsoll", targets: ["plimsoll"])],
  targets: layers.map { layer in
    .target(
      name: layer.name, dependencies: layer.dependencies.map { .init(stringLiteral: $0) },
      exclude: excluded[layer.name] ?? [], swiftSettings: strict)
  } + [
    .executableTarget(
      name: "plimsoll", dependencies: ["Basics", "Commands"], swiftSettings: strict,
      linkerSettings: selfContained),
    .executableTarget(
      name: "plimsoll-bench",
      dependencies: layers.map { .init(stringLiteral: $0.name) }, swiftSettings: strict,
      linkerSettings: selfContained),
    .testTarget(name: "TidyTests", swiftSettings: strict),
  ]
    + testedTargets.map { name in
      // A test may reach for anything at or below the layer that it tests.
      let reach = layers[...layers.firstIndex { $0.name == name }!].map(\.name)
      return .testTarget(
        name: name + "Tests", dependencies: reach.map { .init(stringLiteral: $0) },
        swiftSettings: strict)
    }
)
