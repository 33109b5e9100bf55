// Written by generate.py from Kubernetes 1.36's OpenAPI and overlay.py; do not edit.

extension BuiltinSchemas {
  static let resource = """
    AllocatedDeviceStatus:
      conditions: [meta.Condition by type]; data: any?; device!: string+; driver!: string+;
      networkData: NetworkDeviceData?; pool!: string+; shareID: string
    AllocationResult:
      allocationTimestamp: time?; devices: DeviceAllocationResult+; nodeSelector: core.NodeSelector?
    CELDeviceSelector:
      expression!: string+
    CapacityRequestPolicy:
      default: quantity?; validRange: CapacityRequestPolicyRange?; validValues: [quantity atomic]
    CapacityRequestPolicyRange:
      max: quantity?; min!: quantity+; step: quantity?
    CapacityRequirements:
      requests: {quantity}
    Counter:
      value!: quantity+
    CounterSet:
      counters!: {Counter}+; name!: string+
    Device:
      allNodes: bool?; allowMultipleAllocations: bool?; attributes: {DeviceAttribute};
      bindingConditions: [string atomic]; bindingFailureConditions: [string atomic]; bindsToNode: bool?;
      capacity: {DeviceCapacity}; consumesCounters: [DeviceCounterConsumption atomic]; name!: string+;
      nodeAllocatableResourceMappings: {NodeAllocatableResourceMapping}; nodeName: string?;
      nodeSelector: core.NodeSelector?; taints: [DeviceTaint atomic]
    DeviceAllocationConfiguration:
      opaque: OpaqueDeviceConfiguration?; requests: [string atomic]; source!: enum(FromClaim|FromClass)+
    DeviceAllocationResult:
      config: [DeviceAllocationConfiguration atomic]; results: [DeviceRequestAllocationResult atomic]
    DeviceAttribute:
      bool: bool?; bools: [bool atomic]; int: int64?; ints: [int64 atomic]; string: string?;
      strings: [string atomic]; version: string?; versions: [string atomic]
    DeviceCapacity:
      requestPolicy: CapacityRequestPolicy?; value!: quantity+
    DeviceClaim:
      config: [DeviceClaimConfiguration atomic]; constraints: [DeviceConstraint atomic];
      requests: [DeviceRequest atomic]
    DeviceClaimConfiguration:
      opaque: OpaqueDeviceConfiguration?; requests: [string atomic]
    DeviceClass:
      apiVersion: string; kind: string; metadata: meta.ObjectMeta+; spec!: DeviceClassSpec+
    DeviceClassConfiguration:
      opaque: OpaqueDeviceConfiguration?
    DeviceClassSpec:
      config: [DeviceClassConfiguration atomic]; extendedResourceName: string?;
      selectors: [DeviceSelector atomic]
    DeviceConstraint:
      distinctAttribute: string?; matchAttribute: string?; requests: [string atomic]
    DeviceCounterConsumption:
      counterSet!: string+; counters!: {Counter}+
    DeviceRequest:
      exactly: ExactDeviceRequest?; firstAvailable: [DeviceSubRequest atomic]; name!: string+
    DeviceRequestAllocationResult:
      adminAccess: bool?; bindingConditions: [string atomic]; bindingFailureConditions: [string atomic];
      consumedCapacity: {quantity}; device!: string+; driver!: string+; pool!: string+; request!: string+;
      shareID: string; tolerations: [DeviceToleration atomic]
    DeviceSelector:
      cel: CELDeviceSelector?
    DeviceSubRequest:
      allocationMode: enum(All|ExactCount) = ExactCount; capacity: CapacityRequirements?; count: int64;
      deviceClassName!: string+; name!: string+; selectors: [DeviceSelector atomic];
      tolerations: [DeviceToleration atomic]
    DeviceTaint:
      effect!: enum(NoExecute|NoSchedule|None)+; key!: string+; timeAdded: time?; value: string
    DeviceToleration:
      effect: enum(NoExecute|NoSchedule|None); key: string; operator: enum(Equal|Exists) = Equal;
      tolerationSeconds: int64?; value: string
    ExactDeviceRequest:
      adminAccess: bool?; allocationMode: enum(All|ExactCount) = ExactCount;
      capacity: CapacityRequirements?; count: int64; deviceClassName!: string+;
      selectors: [DeviceSelector atomic]; tolerations: [DeviceToleration atomic]
    NetworkDeviceData:
      hardwareAddress: string; interfaceName: string; ips: [string atomic]
    NodeAllocatableResourceMapping:
      allocationMultiplier: quantity?; capacityKey: string
    OpaqueDeviceConfiguration:
      driver!: string+; parameters!: any+
    ResourceClaim:
      apiVersion: string; kind: string; metadata: meta.ObjectMeta+; spec!: ResourceClaimSpec+;
      status: ResourceClaimStatus+
    ResourceClaimConsumerReference:
      apiGroup: string; name!: string+; resource!: string+; uid!: string+
    ResourceClaimSpec:
      devices: DeviceClaim+
    ResourceClaimStatus:
      allocation: AllocationResult?; devices: [AllocatedDeviceStatus by driver,device,pool,shareID];
      reservedFor: [ResourceClaimConsumerReference by uid] merge:uid
    ResourceClaimTemplate:
      apiVersion: string; kind: string; metadata: meta.ObjectMeta+; spec!: ResourceClaimTemplateSpec+
    ResourceClaimTemplateSpec:
      metadata: meta.ObjectMeta+; spec!: ResourceClaimSpec+
    ResourcePool:
      generation!: int64+; name!: string+; resourceSliceCount!: int64+
    ResourceSlice:
      apiVersion: string; kind: string; metadata: meta.ObjectMeta+; spec!: ResourceSliceSpec+
    ResourceSliceSpec:
      allNodes: bool?; devices: [Device atomic]; driver!: string+; nodeName: string?;
      nodeSelector: core.NodeSelector?; perDeviceNodeSelection: bool?; pool!: ResourcePool+;
      sharedCounters: [CounterSet atomic]
    """
}
