public import APIMachinery

/// Makes and deletes the pods of a controller, with the events that go with it (`controller.RealPodControl`).
public enum PodControl {
  /// A pod from a template, owned by `owner`; its name is generated unless one is given.
  public static func pod(from template: Value, owner: Value, name: String? = nil) -> Value {
    let meta = template[.metadata]
    let generated = prefix(owner.name)
    return .fields(
      (.apiVersion, "v1"), (.kind, "Pod"),
      (
        .metadata,
        .fields(
          (.namespace, .string(owner.namespace)), (.name, name.map { .string($0) }),
          (.generateName, name == nil ? .string(generated) : nil), (.labels, meta.get(.labels)),
          (.annotations, meta.get(.annotations)), (.finalizers, meta.get(.finalizers)),
          (.ownerReferences, [OwnerReferences.controller(owner)]))
      ),
      (.spec, template[.spec]))
  }

  /// The owner's name with a dash where that makes a valid start of a name.
  static func prefix(_ name: String) -> String {
    let dashed = name + "-"
    return Names.isDNS1123Subdomain(dashed + "a").isEmpty ? dashed : name
  }

  /// Creates the pod; tells it in an event about `owner`.
  @discardableResult
  public static func create(_ pod: Value, owner: Value, source: String, _ context: Context)
    throws(APIError) -> Value
  {
    do {
      let made = try context.client.create(pod)
      context.recorder.event(
        owner, type: "Normal", reason: "SuccessfulCreate", message: "Created pod: \(made.name)",
        source: source, now: context.now)
      return made
    } catch {
      if !isNamespaceGoing(error) {
        context.recorder.event(
          owner, type: "Warning", reason: "FailedCreate", message: "Error creating: \(error.message)",
          source: source, now: context.now)
      }
      throw error
    }
  }

  /// Deletes the pod; one that is gone or going is no error.
  public static func delete(_ pod: Value, owner: Value, source: String, _ context: Context)
    throws(APIError)
  {
    do {
      try context.client.delete(ObjectKey(of: pod), DeleteOptions())
    } catch  where error.reason == .notFound {
      return
    }
    context.recorder.event(
      owner, type: "Normal", reason: "SuccessfulDelete", message: "Deleted pod: \(pod.name)",
      source: source, now: context.now)
  }

  /// Whether a creation was refused because the namespace is being deleted.
  public static func isNamespaceGoing(_ error: APIError) -> Bool {
    error.causes.contains { $0.reason == "NamespaceTerminating" }
  }
}
