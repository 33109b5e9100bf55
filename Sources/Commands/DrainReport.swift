import APIMachinery
import Renderers
import Scheduler

/// What draining each node would do.
struct DrainReport {
  private let answers: [DrainAnswer]

  init(_ scheduler: Scheduler) {
    answers = scheduler.nodeNames.compactMap { scheduler.drain(Key($0)) }
  }

  func write(_ asJSON: Bool, _ console: Console) {
    if asJSON {
      console.write(JSONPretty.bytes(.array(answers.map(json)), indent: 2) + [0x0A])
      return
    }
    if answers.isEmpty {
      console.warn("No nodes found")
      return
    }
    var table = Table(
      ["NODE", "MOVE", "PENDING", "LOST", "STAY", "HELD BY BUDGETS"],
      alignment: [.left, .right, .right, .right, .right, .left])
    for answer in answers {
      let budgets = Set(answer.blocked.map { "\($0.pod.namespace)/\($0.budget)" }).sorted()
      table.rows.append([
        answer.node, "\(answer.moves.count - answer.pending)", "\(answer.pending)", "\(answer.lost.count)",
        "\(answer.stays)", budgets.joined(separator: ", "),
      ])
    }
    for line in table.lines() { console.print(line) }
    for answer in answers { details(answer, console) }
  }

  private func details(_ answer: DrainAnswer, _ console: Console) {
    let pending = answer.moves.filter { $0.to.isEmpty }
    if pending.isEmpty && answer.lost.isEmpty { return }
    console.print("\nwithout \(answer.node)")
    for move in pending.prefix(10) {
      console.print("  \(move.pod.namespace)/\(move.pod.name) stays pending: \(move.message)")
    }
    if pending.count > 10 { console.print("  … and \(pending.count - 10) more stay pending") }
    for pod in answer.lost.prefix(10) {
      console.print("  \(pod.namespace)/\(pod.name) has no controller: nothing brings it back")
    }
  }

  private func json(_ answer: DrainAnswer) -> Value {
    func name(_ key: ObjectKey) -> Value { .string("\(key.namespace)/\(key.name)") }
    let moves = answer.moves.map { move -> Value in
      .fields(
        ("pod", name(move.pod)), ("to", move.to.isEmpty ? .null : .string(move.to)),
        ("message", move.message.isEmpty ? nil : .string(move.message)))
    }
    let blocked = answer.blocked.map { entry -> Value in
      ["pod": name(entry.pod), "budget": .string(entry.budget)]
    }
    return [
      "node": .string(answer.node), "moves": .array(moves), "pending": .int(answer.pending),
      "lost": .array(answer.lost.map(name)), "stay": .int(answer.stays), "blocked": .array(blocked),
    ]
  }
}
