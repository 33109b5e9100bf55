import APIMachinery
public import ControllerRuntime

/// All controllers of kube-controller-manager that are simulated, one line each, in the order in which they take
/// turns when several have work at the same instant.
public enum ControllerRegistry {
  public static func all() -> [any Component] {
    // What all of them know about pods; it is told of changes before they are.
    let pods = PodIndex()
    return [
      PodInformer(pods),
      ControllerComponent(NamespaceController()),
      ControllerComponent(ServiceAccountsController()),
      ControllerComponent(TokensController()),
      ControllerComponent(RootCACertPublisher()),
      ControllerComponent(ClusterRoleAggregationController()),
      ControllerComponent(ValidatingAdmissionPolicyStatusController()),
      ControllerComponent(ResourceQuotaController()),
      ControllerComponent(NodeIPAMController()),
      ControllerComponent(NodeTTLController()),
      ControllerComponent(NodeLifecycleController()),
      ControllerComponent(TaintEvictionController()),
      ControllerComponent(ReplicaSetController(.replicaSet, pods)),
      ControllerComponent(ReplicaSetController(.replicationController, pods)),
      // After the ReplicaSets: a Deployment looks at them when they have acted on its last word.
      ControllerComponent(DeploymentController(pods)),
      ControllerComponent(StatefulSetController(pods)),
      ControllerComponent(DaemonSetController(pods)),
      ControllerComponent(JobController(pods)),
      ControllerComponent(CronJobController()),
      ControllerComponent(HorizontalController()),
      ControllerComponent(PersistentVolumeBinder()),
      ControllerComponent(SimulatedProvisioner()),
      ControllerComponent(ExpandController()),
      ControllerComponent(AttachDetachController()),
      ControllerComponent(PVCProtectionController()),
      ControllerComponent(PVProtectionController()),
      ControllerComponent(GarbageCollector()),
      PodGCController(),
      ControllerComponent(TTLAfterFinishedController()),
      ControllerComponent(CSRCleanerController()),
      ControllerComponent(DisruptionController(pods)),
      ControllerComponent(StalePodDisruptionController()),
      ControllerComponent(EndpointsController(pods)),
      ControllerComponent(EndpointSliceController(pods)),
      ControllerComponent(EndpointSliceMirroringController()),
      ControllerComponent(ServiceLBController()),
    ]
  }
}
