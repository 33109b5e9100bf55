import APIMachinery
import ControllerRuntime

/// The identity of a numbered pod: name, labels, volumes (`stateful_set_utils.go`).
enum StatefulPod {
  static let revisionLabel: Key = "controller-revision-hash"
  static let nameLabel: Key = "statefulset.kubernetes.io/pod-name"
  static let indexLabel: Key = "apps.kubernetes.io/pod-index"

  /// The number at the end of `name` after `set` and a dash.
  static func ordinal(_ name: String, of set: String) -> Int? { ordinal(Key(name), of: Key(set)) }

  static func ordinal(_ name: Key, of set: Key) -> Int? {
    let (name, set) = (name.utf8, set.utf8)
    guard name.count > set.count + 1, name[set.count] == 45, name.prefix(set.count).elementsEqual(set) else {
      return nil
    }
    var number = 0
    for byte in name[(set.count + 1)...] {
      guard byte >= 48 && byte <= 57 else { return nil }
      let (tens, tooMuch) = number.multipliedReportingOverflow(by: 10)
      let (sum, over) = tens.addingReportingOverflow(Int(byte - 48))
      if tooMuch || over { return nil }
      number = sum
    }
    return number
  }

  static func claimName(_ template: Value, _ set: Value, _ ordinal: Int) -> String {
    "\(template.name)-\(set.name)-\(ordinal)"
  }

  /// The pod of a number by a template; `revision` is the name of its ControllerRevision.
  static func make(_ set: Value, _ template: Value, _ ordinal: Int, revision: String) -> Value {
    let name = "\(set.name)-\(ordinal)"
    var pod = PodControl.pod(from: template, owner: set, name: name)
    pod.setLabel(nameLabel, name)
    pod.setLabel(indexLabel, String(ordinal))
    pod.setLabel(revisionLabel, revision)
    pod[.metadata][.generateName] = .string(set.name + "-")
    pod[.spec][.hostname] = .string(name)
    if let service = set.spec.get(.serviceName), service.string?.isEmpty == false {
      pod[.spec][.subdomain] = service
    }
    let templates = set.spec[.volumeClaimTemplates].items
    if templates.isEmpty { return pod }
    let own = templates.map { claim -> Value in
      [
        "name": .string(claim.name),
        "persistentVolumeClaim": ["claimName": .string(claimName(claim, set, ordinal))],
      ]
    }
    let names = Set(templates.map(\.name))
    let others = pod.spec[.volumes].items.filter { !names.contains($0[.name].string ?? "") }
    pod[.spec][.volumes] = .array(own + others)
    return pod
  }

  /// The claims of a number, as they are to be created.
  static func claims(_ set: Value, _ ordinal: Int) -> [Value] {
    set.spec[.volumeClaimTemplates].items.map { template in
      var claim = template
      claim.set(.status, nil)
      claim[.apiVersion] = "v1"
      claim[.kind] = "PersistentVolumeClaim"
      claim[.metadata][.name] = .string(claimName(template, set, ordinal))
      claim[.metadata][.namespace] = .string(set.namespace)
      var labels = template.labels
      for field in set.spec[.selector][.matchLabels].fields { labels[field.key] = field.value }
      claim[.metadata].set(.labels, labels.isEmpty ? nil : labels)
      return claim
    }
  }
}
