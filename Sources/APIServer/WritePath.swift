import API
import APIMachinery
import Basics
import Store

/// One step of a write. Steps run in the order of their list; the first that throws ends the write.
struct WriteStep: Sendable {
  let name: String
  let run: @Sendable (APIServer, inout WriteRequest) throws(APIError) -> Void

  init(_ name: String, _ run: @escaping @Sendable (APIServer, inout WriteRequest) throws(APIError) -> Void) {
    self.name = name
    self.run = run
  }
}

/// A step that depends on nothing but the request.
struct PreparationStep: Sendable {
  let name: String
  let run: @Sendable (inout WriteRequest) throws(APIError) -> Void

  init(_ name: String, _ run: @escaping @Sendable (inout WriteRequest) throws(APIError) -> Void) {
    self.name = name
    self.run = run
  }
}

/// The order of a write (`apiserver/pkg/endpoints/handlers`, `registry/generic/registry/store.go`).
enum WritePath {
  static let create: [WriteStep] =
    [WriteStep("open kind") { (server, request) throws(APIError) in try server.checkIsOpen(request) }]
    + preparation.map { step in
      WriteStep(step.name) { (_, request) throws(APIError) in try step.run(&request) }
    }
    + creation

  /// The first steps of a creation, which depend on the object alone.
  static let preparation: [PreparationStep] = [
    PreparationStep("version warnings") { (request) throws(APIError) in Warnings.version(&request) },
    PreparationStep("decode") { (request) throws(APIError) in try Decoding.decode(&request) },
    PreparationStep("early warnings") { (request) throws(APIError) in Warnings.early(&request) },
    PreparationStep("scope") { (request) throws(APIError) in Metadata.setScope(&request) },
    PreparationStep("conditional defaults") { (request) throws(APIError) in
      request.entry.strategy.defaults(&request.object)
    },
    PreparationStep("clear what the server sets") { (request) throws(APIError) in
      try Metadata.clearForCreate(&request)
    },
  ]

  /// The steps of a creation that depend on what is stored, too.
  static let creation: [WriteStep] = [
    WriteStep("mutating admission") { (server, request) throws(APIError) in
      try AdmissionChain.mutate(server, &request)
    },
    WriteStep("identity") { (server, request) throws(APIError) in Metadata.identify(server, &request) },
    WriteStep("allocate") { (server, request) throws(APIError) in
      try Allocation.allocate(server, &request)
    },
    WriteStep("prepare") { (_, request) throws(APIError) in
      request.entry.strategy.prepareForCreate(&request.object)
      Generation.start(&request)
    },
    WriteStep("validate") { (_, request) throws(APIError) in try Validation.create(request) },
    WriteStep("warnings") { (_, request) throws(APIError) in Warnings.add(&request) },
    WriteStep("stored version") { (_, request) throws(APIError) in Decoding.convert(&request) },
    WriteStep("validating admission") { (server, request) throws(APIError) in
      try AdmissionChain.validate(server, &request)
    },
    WriteStep("store") { (server, request) throws(APIError) in try server.storeNew(&request) },
  ]

  static let update: [WriteStep] = [
    WriteStep("version warnings") { (_, request) throws(APIError) in Warnings.version(&request) },
    WriteStep("decode") { (server, request) throws(APIError) in try Decoding.decode(&request) },
    WriteStep("early warnings") { (_, request) throws(APIError) in Warnings.early(&request) },
    WriteStep("scope") { (_, request) throws(APIError) in Metadata.setScope(&request) },
    WriteStep("conditional defaults") { (_, request) throws(APIError) in
      request.entry.strategy.defaults(&request.object)
    },
    WriteStep("concurrency") { (_, request) throws(APIError) in try Metadata.checkVersion(request) },
    WriteStep("keep what the server sets") { (_, request) throws(APIError) in
      Metadata.keepForUpdate(&request)
    },
    WriteStep("mutating admission") { (server, request) throws(APIError) in
      try AdmissionChain.mutate(server, &request)
    },
    WriteStep("allocate") { (server, request) throws(APIError) in
      try Allocation.allocate(server, &request)
    },
    WriteStep("prepare") { (_, request) throws(APIError) in
      guard let old = request.old else { return }
      request.entry.strategy.prepareForUpdate(&request.object, old: old)
      Generation.advance(&request)
    },
    WriteStep("validate") { (_, request) throws(APIError) in try Validation.update(request) },
    WriteStep("warnings") { (_, request) throws(APIError) in Warnings.add(&request) },
    WriteStep("stored version") { (_, request) throws(APIError) in Decoding.convert(&request) },
    WriteStep("validating admission") { (server, request) throws(APIError) in
      try AdmissionChain.validate(server, &request)
    },
    WriteStep("store") { (server, request) throws(APIError) in server.storeChanged(&request) },
  ]

  static let updateStatus: [WriteStep] = [
    WriteStep("decode") { (_, request) throws(APIError) in Decoding.decodeStatus(&request) },
    WriteStep("concurrency") { (_, request) throws(APIError) in try Metadata.checkVersion(request) },
    WriteStep("only the status") { (_, request) throws(APIError) in Metadata.keepAllButStatus(&request) },
    WriteStep("validate") { (_, request) throws(APIError) in try Validation.statusUpdate(request) },
    WriteStep("validating admission") { (server, request) throws(APIError) in
      try AdmissionChain.validate(server, &request)
    },
    WriteStep("store") { (server, request) throws(APIError) in server.storeChanged(&request) },
  ]
}

extension APIServer {
  func run(_ steps: [WriteStep], _ request: inout WriteRequest) throws(APIError) -> Value {
    defer { if !request.warnings.isEmpty { warnings += request.warnings } }
    for step in steps { try step.run(self, &request) }
    return request.object
  }

  /// Goes on with a creation that was prepared.
  func run(_ prepared: PreparedManifest) throws(APIError) -> Value {
    var request = prepared.request
    try checkIsOpen(request)
    if let refusal = prepared.refusal {
      warnings += request.warnings
      throw refusal
    }
    return try run(WritePath.creation, &request)
  }

  @discardableResult
  public func create(_ object: Value) throws(APIError) -> Value { try create(object, isCanonical: false) }

  @discardableResult
  public func create(canonical object: Value) throws(APIError) -> Value {
    try create(object, isCanonical: true)
  }

  private func create(_ object: Value, isCanonical: Bool) throws(APIError) -> Value {
    let entry = try entry(of: object)
    let epoch = views.podEpoch
    if entry.kind == .pod, judgesPodsByTemplate, let known = admittedPods.find(object, epoch: epoch) {
      return try createAlike(known, isNamed: object[.metadata].has(.name), entry)
    }
    var request = WriteRequest(.create, .none, entry, object, old: nil)
    request.isCanonical = isCanonical
    if entry.kind == .pod, judgesPodsByTemplate { request.givenSpec = object[.spec] }
    let made = try run(WritePath.create, &request)
    if entry.kind == .pod, request.warnings.isEmpty {
      admittedPods.remember(object, epoch: epoch, result: made)
    }
    return made
  }

  @discardableResult
  public func update(_ object: Value) throws(APIError) -> Value {
    var request = try updateRequest(object, .none)
    return try run(WritePath.update, &request)
  }

  @discardableResult
  public func update(canonical object: Value) throws(APIError) -> Value {
    var request = try updateRequest(object, .none)
    request.isCanonical = true
    return try run(WritePath.update, &request)
  }

  @discardableResult
  public func updateStatus(_ object: Value) throws(APIError) -> Value {
    var request = try updateRequest(object, .status)
    return try run(WritePath.updateStatus, &request)
  }

  @discardableResult
  public func updateStatus(canonical object: Value) throws(APIError) -> Value {
    var request = try updateRequest(object, .status)
    request.isCanonical = true
    return try run(WritePath.updateStatus, &request)
  }

  func updateRequest(_ object: Value, _ subresource: WriteRequest.Subresource) throws(APIError)
    -> WriteRequest
  {
    let entry = try entry(of: object)
    let key = ObjectKey(entry.kind, entry.info.namespaced ? object.namespaceKey : .empty, object.nameKey)
    guard let old = store.get(key) else { throw notFound(key) }
    return WriteRequest(.update, subresource, entry, object, old: old)
  }

  // MARK: - The last step

  func storeNew(_ request: inout WriteRequest) throws(APIError) {
    let key = request.key
    if store.get(key) != nil {
      throw .alreadyExists(request.entry.resourceName, key.name.string)
    }
    if request.isDryRun { return }
    try AdmissionChain.charge(self, request)
    storeCompanions(&request)
    number(&request.object)
    commit(WatchEvent(.added, key, old: nil, object: request.object))
  }

  func storeChanged(_ request: inout WriteRequest) {
    guard let old = request.old, request.object != old else { return }
    if request.isDryRun { return }
    storeCompanions(&request)
    number(&request.object)
    let key = request.key
    if Deletion.isDue(request.object, kind: key.kind) {
      commit(WatchEvent(.deleted, key, old: old, object: request.object))
    } else {
      commit(WatchEvent(.modified, key, old: old, object: request.object))
    }
  }

  private func storeCompanions(_ request: inout WriteRequest) {
    for key in request.released {
      if let gone = store.get(key) {
        var last = gone
        number(&last)
        commit(WatchEvent(.deleted, key, old: gone, object: last))
      }
    }
    for companion in request.companions { _ = try? create(companion) }
  }

  /// Gives the object the next resourceVersion.
  func number(_ object: inout Value) {
    resourceVersion &+= 1
    object[.metadata] = object[.metadata].setting(.resourceVersion, .digits(resourceVersion))
  }

  /// Puts a change into the store and the feed, and tells what is kept beside the store.
  func commit(_ event: WatchEvent) {
    if event.type == .deleted { store.remove(event.key) } else { store.put(event.key, event.object) }
    feed.append(event)
    views.note(event)
    if event.key.kind == .service { ports.note(event) }
    if event.key.kind == .customResourceDefinition { definitionChanged(event) }
    if event.type == .deleted, let info = entries[event.key.kind]?.info, info.isCustom {
      customObjectGone(info)
    }
  }
}
