import APIMachinery
public import ControllerRuntime

/// All controllers of kube-controller-manager that are simulated, one line each, in the order in which they take
/// turns when several have work at the same instant.
public enum ControllerRegistry {
  ///
  /// `.namespace` says that what a controller does about an object depends on nothing in other namespaces; `rests`
  /// that looking again at an object of a cluster at rest comes to nothing.
  public static func all() -> [any Component] {
    // What all of them know about pods; it is told of changes before they are.
    let pods = PodIndex()
    return [
      PodInformer(pods),
      ControllerComponent(NamespaceController(), .namespace),
      ControllerComponent(ServiceAccountsController(), .namespace),
      ControllerComponent(TokensController(), .namespace),
      ControllerComponent(RootCACertPublisher(), .namespace),
      ControllerComponent(ClusterRoleAggregationController()),
      ControllerComponent(ValidatingAdmissionPolicyStatusController()),
      ControllerComponent(ResourceQuotaController(), .namespace),
      ControllerComponent(NodeIPAMController()),
      ControllerComponent(NodeTTLController()),
      ControllerComponent(NodeLifecycleController()),
      ControllerComponent(TaintEvictionController(), .namespace),
      ControllerComponent(ReplicaSetController(.replicaSet, pods), .namespace, rests: true),
      ControllerComponent(ReplicaSetController(.replicationController, pods), .namespace, rests: true),
      // After the ReplicaSets: a Deployment looks at them when they have acted on its last word.
      ControllerComponent(DeploymentController(pods), .namespace, rests: true),
      ControllerComponent(StatefulSetController(pods), .namespace, rests: true),
      ControllerComponent(DaemonSetController(pods), .namespace, rests: true),
      ControllerComponent(JobController(pods), .namespace),
      ControllerComponent(CronJobController(), .namespace),
      ControllerComponent(HorizontalController(), .namespace),
      ControllerComponent(PersistentVolumeBinder()),
      ControllerComponent(SimulatedProvisioner()),
      ControllerComponent(ExpandController()),
      ControllerComponent(AttachDetachController(), .namespace),
      ControllerComponent(PVCProtectionController(), .namespace),
      ControllerComponent(PVProtectionController()),
      ControllerComponent(GarbageCollector(), .namespace),
      PodGCController(),
      ControllerComponent(TTLAfterFinishedController(), .namespace),
      ControllerComponent(CSRCleanerController()),
      ControllerComponent(DisruptionController(pods), .namespace),
      ControllerComponent(StalePodDisruptionController(), .namespace),
      ControllerComponent(EndpointsController(pods), .namespace, rests: true),
      ControllerComponent(EndpointSliceController(pods), .namespace, rests: true),
      ControllerComponent(EndpointSliceMirroringController(), .namespace, rests: true),
      ControllerComponent(ServiceLBController()),
    ]
  }
}
