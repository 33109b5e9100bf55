import APIMachinery

/// What the containers of a pod request, or are limited to, together, with the spelling of the amounts kept
/// (`component-helpers/resource.PodRequests`, `PodLimits`).
enum PodAmounts {
  typealias Amounts = [(name: Key, amount: Quantity)]

  static func of(_ spec: Value, _ kind: Key) -> Amounts {
    var main: Amounts = []
    var sidecars: Amounts = []
    var starting: Amounts = []
    for container in spec[.containers].items { add(container[.resources][kind], to: &main) }
    for container in spec[.initContainers].items {
      let amounts = container[.resources][kind]
      if container[.restartPolicy].says("Always") {
        add(amounts, to: &sidecars)
        raise(&starting, to: sidecars)
      } else {
        var during = sidecars
        add(amounts, to: &during)
        raise(&starting, to: during)
      }
    }
    for (name, amount) in sidecars { combine(&main, name, amount) { $0 + $1 } }
    raise(&main, to: starting)
    for field in spec[.resources][kind].fields {
      guard let amount = Quantity(field.value) else { continue }
      combine(&main, field.key, amount) { $1 }
    }
    for field in spec[.overhead].fields {
      guard let amount = Quantity(field.value) else { continue }
      if kind == .requests || main.contains(where: { $0.name == field.key }) {
        combine(&main, field.key, amount) { $0 + $1 }
      }
    }
    return main
  }

  static func add(_ list: Value, to amounts: inout Amounts) {
    for field in list.fields {
      if let amount = Quantity(field.value) { combine(&amounts, field.key, amount) { $0 + $1 } }
    }
  }

  static func amount(_ amounts: Amounts, _ name: Key) -> Quantity {
    amounts.first { $0.name == name }?.amount ?? .zero
  }

  private static func raise(_ amounts: inout Amounts, to other: Amounts) {
    for (name, amount) in other { combine(&amounts, name, amount) { $0 < $1 ? $1 : $0 } }
  }

  static func combine(
    _ amounts: inout Amounts, _ name: Key, _ amount: Quantity, _ op: (Quantity, Quantity) -> Quantity
  ) {
    if let i = amounts.firstIndex(where: { $0.name == name }) {
      amounts[i].amount = op(amounts[i].amount, amount)
    } else {
      amounts.append((name, amount))
    }
  }
}
