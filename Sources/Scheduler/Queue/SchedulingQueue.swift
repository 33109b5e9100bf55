/// Pods that wait for a node: those to be tried, by priority and then in the order they came, and those that fitted
/// nowhere (`scheduler/backend/queue`).
struct SchedulingQueue {
  private struct Entry {
    var priority: Int
    var sequence: Int
    var pod: PodInfo

    func precedes(_ other: Entry) -> Bool {
      priority == other.priority ? sequence < other.sequence : priority > other.priority
    }
  }
  private var heap: [Entry] = []
  private var sequence = 0
  private(set) var unschedulable: [ObjectIdentifier: PodInfo] = [:]
  /// All rejectors of pods that were put aside since the set was last walked; all bits for a pod without any.
  private var rejectors: UInt32 = 0

  var isEmpty: Bool { heap.isEmpty }

  mutating func add(_ pod: PodInfo) {
    if pod.isQueued { return }
    if pod.isUnschedulable {
      unschedulable[ObjectIdentifier(pod)] = nil
      pod.isUnschedulable = false
    }
    pod.isQueued = true
    pod.sequence = sequence
    let entry = Entry(priority: pod.priority, sequence: sequence, pod: pod)
    sequence += 1
    heap.append(entry)
    heap.withUnsafeMutableBufferPointer { heap in
      var i = heap.count - 1
      while i > 0, entry.precedes(heap[(i - 1) / 2]) {
        heap.swapAt(i, (i - 1) / 2)
        i = (i - 1) / 2
      }
    }
  }

  mutating func pop() -> PodInfo? {
    guard let first = heap.first else { return nil }
    let last = heap.removeLast()
    if !heap.isEmpty {
      heap[0] = last
      heap.withUnsafeMutableBufferPointer { heap in
        var i = 0
        while true {
          var best = i
          let left = 2 * i + 1
          if left < heap.count, heap[left].precedes(heap[best]) { best = left }
          if left + 1 < heap.count, heap[left + 1].precedes(heap[best]) { best = left + 1 }
          if best == i { break }
          heap.swapAt(i, best)
          i = best
        }
      }
    }
    first.pod.isQueued = false
    return first.pod
  }

  /// Puts a pod aside that fitted nowhere.
  mutating func putAside(_ pod: PodInfo) {
    pod.isUnschedulable = true
    pod.sequence = sequence
    sequence += 1
    unschedulable[ObjectIdentifier(pod)] = pod
    rejectors |= pod.rejectors == 0 ? .max : pod.rejectors
  }

  /// Takes a pod out that is gone or was placed otherwise; one in the heap is skipped when it comes up.
  mutating func forget(_ pod: PodInfo) { unschedulable[ObjectIdentifier(pod)] = nil }

  /// Tries pods again that were rejected by one of these plugins and that `may` be helped, in the order in which
  /// they failed.
  mutating func retry(rejectedBy plugins: UInt32, where may: (PodInfo) -> Bool = { _ in true }) {
    if unschedulable.isEmpty || rejectors & plugins == 0 { return }
    let again = unschedulable.values.filter {
      ($0.rejectors == 0 || $0.rejectors & plugins != 0) && may($0)
    }
    if again.isEmpty { return }
    for pod in again.sorted(by: { $0.sequence < $1.sequence }) { add(pod) }
    rejectors = unschedulable.values.reduce(0) { $0 | ($1.rejectors == 0 ? .max : $1.rejectors) }
  }
}
