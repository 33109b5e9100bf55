public import APIMachinery

/// Objects that are taken into a state as they are.
public enum ImportedObject {
  /// The object, with conditions that a server always writes where they are missing.
  public static func completed(_ object: Value) -> Value {
    object.kindName == "Pod" && object.apiVersion == "v1" ? PodPreparation.imported(object) : object
  }
}
