import APIMachinery
public import ControllerRuntime

/// All controllers of kube-controller-manager that are simulated, one line each, in the order in which they take
/// turns when several have work at the same instant.
public enum ControllerRegistry {
  public static func all() -> [any Component] {
    [
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
      ControllerComponent(ReplicaSetController()),
      ControllerComponent(ReplicaSetController(.replicationController)),
      // After the ReplicaSets: a Deployment looks at them when they have acted on its last word.
      ControllerComponent(DeploymentController()),
      ControllerComponent(StatefulSetController()),
      ControllerComponent(DaemonSetController()),
      ControllerComponent(JobController()),
      ControllerComponent(CronJobController()),
      ControllerComponent(HorizontalController()),
      ControllerComponent(PersistentVolumeBinder()),
      ControllerComponent(SimulatedProvisioner()),
      ControllerComponent(PVCProtectionController()),
      ControllerComponent(PVProtectionController()),
      ControllerComponent(GarbageCollector()),
      PodGCController(),
      ControllerComponent(TTLAfterFinishedController()),
      ControllerComponent(DisruptionController()),
      ControllerComponent(EndpointsController()),
      ControllerComponent(EndpointSliceController()),
      ControllerComponent(EndpointSliceMirroringController()),
    ]
  }
}
