public import APIMachinery

/// What a pod asks of its node, as whole numbers (`component-helpers/resource.PodRequests`): CPU in thousandths,
/// the rest in bytes or pieces, rounded up.
public struct PodRequests: Hashable, Sendable {
  public var cpu = 0
  public var memory = 0
  public var ephemeral = 0
  /// Extended resources and huge pages, in key order.
  public var scalars: [Scalar] = []

  public struct Scalar: Hashable, Sendable {
    public var name: Key
    public var amount: Int
    public init(name: Key, amount: Int) {
      self.name = name
      self.amount = amount
    }
  }

  public init() {}

  /// A resource list (`requests`, `allocatable`).
  public init(_ list: Value) {
    for field in list.fields {
      switch field.key {
      case .cpu: cpu = Quantity(field.value)?.milliValue ?? 0
      case .memory: memory = Quantity(field.value)?.value ?? 0
      case .ephemeralStorage: ephemeral = Quantity(field.value)?.value ?? 0
      case .pods: break
      default: scalars.append(Scalar(name: field.key, amount: Quantity(field.value)?.value ?? 0))
      }
    }
  }

  public var isZero: Bool {
    cpu == 0 && memory == 0 && ephemeral == 0 && scalars.allSatisfy { $0.amount == 0 }
  }

  public func amount(of name: Key) -> Int { scalars.first { $0.name == name }?.amount ?? 0 }

  public mutating func add(_ other: PodRequests) { combine(other) { $0 &+ $1 } }
  public mutating func subtract(_ other: PodRequests) { combine(other) { $0 &- $1 } }
  public mutating func raise(to other: PodRequests) { combine(other) { Swift.max($0, $1) } }

  @inline(__always)
  private mutating func combine(_ other: PodRequests, _ op: (Int, Int) -> Int) {
    cpu = op(cpu, other.cpu)
    memory = op(memory, other.memory)
    ephemeral = op(ephemeral, other.ephemeral)
    for scalar in other.scalars {
      if let i = scalars.firstIndex(where: { $0.name == scalar.name }) {
        scalars[i].amount = op(scalars[i].amount, scalar.amount)
      } else {
        scalars.append(Scalar(name: scalar.name, amount: op(0, scalar.amount)))
      }
    }
    if !other.scalars.isEmpty { scalars.sort { $0.name < $1.name } }
  }

  /// Replaces what the pod as a whole asks for (`spec.resources`, KEP-2837).
  mutating func override(with list: Value) {
    let own = PodRequests(list)
    if list.has(.cpu) { cpu = own.cpu }
    if list.has(.memory) { memory = own.memory }
    for scalar in own.scalars where scalar.name.string.hasPrefix("hugepages-") {
      if let i = scalars.firstIndex(where: { $0.name == scalar.name }) {
        scalars[i].amount = scalar.amount
      } else {
        scalars.append(scalar)
        scalars.sort { $0.name < $1.name }
      }
    }
  }
}

extension PodRequests {
  /// How requests are counted for different uses.
  public struct Options: Sendable {
    /// What a container without a request counts for in scores: 100m and 200 MiB.
    public var defaults = false
    /// Leave `spec.resources` out.
    public var ignorePodLevel = false
    public init(defaults: Bool = false, ignorePodLevel: Bool = false) {
      self.defaults = defaults
      self.ignorePodLevel = ignorePodLevel
    }
  }

  public static let defaultCPU = 100
  public static let defaultMemory = 200 * 1024 * 1024

  /// The requests of a pod: containers and sidecars together, or the largest init step if that is more, then
  /// the pod's own requests and its overhead.
  public static func of(_ spec: Value, _ options: Options = Options()) -> PodRequests {
    let podLevel = options.ignorePodLevel ? .null : spec[.resources][.requests]
    let fill = options.defaults && podLevel.isEmpty
    var sum = PodRequests()
    for container in spec[.containers].items { sum.add(request(container, fill)) }
    var sidecars = PodRequests()
    var largest = PodRequests()
    for container in spec[.initContainers].items {
      var request = request(container, fill)
      if container[.restartPolicy].says("Always") {
        sum.add(request)
        sidecars.add(request)
        largest.raise(to: sidecars)
      } else {
        request.add(sidecars)
        largest.raise(to: request)
      }
    }
    sum.raise(to: largest)
    if !podLevel.isEmpty {
      sum.override(with: podLevel)
      if options.defaults {
        if !podLevel.has(.cpu) && sum.cpu == 0 { sum.cpu = defaultCPU }
        if !podLevel.has(.memory) && sum.memory == 0 { sum.memory = defaultMemory }
      }
    }
    sum.add(PodRequests(spec[.overhead]))
    return sum
  }

  private static func request(_ container: Value, _ fill: Bool) -> PodRequests {
    var list = container[.resources][.requests]
    // What is limited and not asked for is asked for in full; the API's defaults say so too.
    for limit in container[.resources][.limits].fields where !list.has(limit.key) {
      list[limit.key] = limit.value
    }
    var request = PodRequests(list)
    if fill {
      if !list.has(.cpu) { request.cpu = defaultCPU }
      if !list.has(.memory) { request.memory = defaultMemory }
    }
    return request
  }
}
