import API
import APIMachinery
import Testing

private func json(_ text: String) -> Value {
  guard case .success(let value) = JSON.parse(text) else {
    Issue.record("no JSON: \(text)")
    return .null
  }
  return value
}

/// What the API server makes of an object before it stores it.
private func made(_ text: String) -> (object: Value, causes: [APIError.Cause]) {
  var object = json(text)
  let kind = GroupKind(apiVersion: object.apiVersion, kind: object.kindName)
  let strategy = StrategyRegistry.strategy(for: kind)
  if let info = Scheme.builtin.info(kind) { object = info.decoded(object) }
  strategy.defaults(&object)
  strategy.prepareForCreate(&object)
  return (object, strategy.validateCreate(object))
}

@Suite struct StrategyTests {
  @Test(
    arguments: [
      ("nginx", "Always"), ("nginx:latest", "Always"), ("nginx:1.27", "IfNotPresent"),
      ("a.b:5000/nginx", "Always"), ("nginx@sha256:00", "IfNotPresent"), ("NGINX:latest", "IfNotPresent"),
    ])
  func pullPolicyFollowsTheTag(image: String, policy: String) {
    let pod = made(
      #"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p","namespace":"d"},"spec":{"containers":[{"name":"c","image":"\#(image)"}]}}"#
    )
    #expect(pod.object[.spec][.containers][0][.imagePullPolicy].string == policy)
    #expect(pod.causes.isEmpty)
  }

  @Test func requestsComeFromLimits() {
    let pod = made(
      #"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p","namespace":"d"},"spec":{"containers":[{"name":"c","image":"a:1","resources":{"limits":{"cpu":"1","memory":"1Gi"}}}]}}"#
    ).object
    #expect(pod[.spec][.containers][0][.resources][.requests] == ["cpu": "1", "memory": "1Gi"])
    #expect(pod[.status] == ["phase": "Pending", "qosClass": "Guaranteed"])
  }

  @Test func deploymentsRollByQuarters() {
    let template = #"{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"a:1"}]}}"#
    let deployment = made(
      #"{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"w","namespace":"d"},"spec":{"selector":{"matchLabels":{"a":"b"}},"template":\#(template)}}"#
    )
    let rolling: Value = ["maxSurge": "25%", "maxUnavailable": "25%"]
    #expect(deployment.object[.spec][.strategy] == ["type": "RollingUpdate", "rollingUpdate": rolling])
    #expect(deployment.causes.isEmpty)
  }

  @Test(
    arguments: [
      (
        #""containers":[{"name":"c"}]"#, "FieldValueRequired", "spec.containers[0].image", "Required value"
      ),
      (
        #""containers":[{"name":"a.b","image":"x"}]"#, "FieldValueInvalid", "spec.containers[0].name",
        #"Invalid value: "a.b": must not contain dots"#
      ),
      (
        #""containers":[{"name":"c","image":"x"}],"restartPolicy":"No""#, "FieldValueNotSupported",
        "spec.restartPolicy",
        #"Unsupported value: "No": supported values: "Always", "OnFailure", "Never""#
      ),
      (
        #""containers":[{"name":"c","image":"x","volumeMounts":[{"name":"v","mountPath":"/v"}]}]"#,
        "FieldValueNotFound", "spec.containers[0].volumeMounts[0].name", #"Not found: "v""#
      ),
      (
        #""containers":[{"name":"c","image":"x","resources":{"requests":{"cpu":"-1"}}}]"#,
        "FieldValueInvalid", "spec.containers[0].resources.requests[cpu]",
        #"Invalid value: "-1": must be greater than or equal to 0"#
      ),
    ])
  func podsAreRefused(spec: String, reason: String, field: String, message: String) {
    let causes = made(
      #"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p","namespace":"d"},"spec":{\#(spec)}}"#
    ).causes
    #expect(causes == [APIError.Cause(reason: reason, message: message, field: field)])
  }

  @Test(
    arguments: [
      ("60 * * * *", "end of range (60) above maximum (59): 60"),
      ("0 * * * * *", "expected exactly 5 fields, found 6: [0 * * * * *]"),
      ("*/0 * * * *", "step of range should be a positive number: */0"),
      ("30-10 * * * *", "beginning of range (30) beyond end of range (10): 30-10"),
    ])
  func schedulesAreRead(schedule: String, why: String) {
    let causes = made(
      #"{"apiVersion":"batch/v1","kind":"CronJob","metadata":{"name":"j","namespace":"d"},"spec":{"schedule":"\#(schedule)","jobTemplate":{"spec":{"template":{"spec":{"restartPolicy":"Never","containers":[{"name":"c","image":"x"}]}}}}}}"#
    ).causes
    #expect(causes.map(\.message) == [#"Invalid value: "\#(schedule)": \#(why)"#])
    #expect(causes.map(\.field) == ["spec.schedule"])
  }
}
