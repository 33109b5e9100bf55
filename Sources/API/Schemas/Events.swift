// Written by generate.py from Kubernetes 1.36's OpenAPI and overlay.py; do not edit.

extension BuiltinSchemas {
  static let events = """
    Event:
      action: string; apiVersion: string; deprecatedCount: int32; deprecatedFirstTimestamp: time+;
      deprecatedLastTimestamp: time+; deprecatedSource: core.EventSource+; eventTime!: microtime+;
      kind: string; metadata: meta.ObjectMeta+; note: string; reason: string;
      regarding: core.ObjectReference+; related: core.ObjectReference?; reportingController: string;
      reportingInstance: string; series: EventSeries?; type: string
    EventSeries:
      count!: int32; lastObservedTime!: microtime+
    """
}
