public import API
public import APIMachinery

/// Objects that come into a state from elsewhere: what a server has when it has read them from its storage.
public enum StoredForm {
  /// The object decoded, in the stored version, with the defaults of its kind, a uid and the conditions that a
  /// server always writes. What a server printed is complete and comes back as it is.
  public static func of(_ object: Value, _ info: KindInfo) -> Value {
    var stored = info.decoded(object)
    if stored[.apiVersion].string != info.gvk.apiVersion {
      stored = SchemaDefault.apply(VersionConversion.toStored(stored, info), info.type)
    }
    KindEntry(info).strategy.defaults(&stored)
    if stored.uidKey.isEmpty {
      var identities = Identities(seed: 0, pass: "stored")
      let key = ObjectKey(info.groupKind, stored.namespaceKey, stored.nameKey)
      stored[.metadata][.uid] = identities.uid(key)
    }
    return info.groupKind == .pod ? PodPreparation.imported(stored) : stored
  }

  /// The refusal of an object that no server can have stored, because a field holds what its type does not.
  public static func refusal(_ object: Value, _ info: KindInfo) -> APIError? {
    let findings = SchemaCheck.check(object, info).filter { $0.code != .unknownField }
    return SchemaFinding.refusal(findings, version: object.groupVersionKind.version, kind: info.kind)
  }
}
