"""Fields that Kubernetes has and this cluster does not simulate, by the class of ``objects``.

Who writes one of these is told so, and not that there is no such field. Held against the published
schemas of Kubernetes 1.37 by a test: each field there is either in a class or here.
"""

from collections.abc import Mapping

BEYOND: Mapping[str, str] = {
    "ConfigMap": "binaryData",
    "Container": (
        "resizePolicy restartPolicy restartPolicyRules securityContext stdin stdinOnce "
        "terminationMessagePath terminationMessagePolicy tty volumeDevices volumeMounts "
        "workingDir"
    ),
    "ContainerPort": "hostIP hostPort",
    "Deployment": "status",
    "EnvFrom": "secretRef",
    "Handler": "httpGet tcpSocket",
    "HorizontalPodAutoscaler": "status",
    "HttpGet": "host httpHeaders protocol",
    "Lifecycle": "postStart stopSignal",
    "Metadata": (
        "creationTimestamp deletionGracePeriodSeconds deletionTimestamp finalizers generateName "
        "generation managedFields ownerReferences resourceVersion selfLink uid"
    ),
    "Metric": "containerResource external object",
    "NodeTerm": "matchFields",
    "Pod": "status",
    "PodSpec": (
        "activeDeadlineSeconds automountServiceAccountToken dnsConfig dnsPolicy "
        "enableServiceLinks ephemeralContainers evictionResponders hostAliases hostIPC "
        "hostNetwork hostPID hostUsers hostname hostnameOverride imagePullSecrets "
        "initContainers os overhead preemptionPolicy priority priorityClassName readinessGates "
        "resourceClaims resources runtimeClassName schedulerName schedulingGates "
        "schedulingGroup securityContext serviceAccount serviceAccountName setHostnameAsFQDN "
        "shareProcessNamespace subdomain volumes"
    ),
    "PodTerm": "matchLabelKeys mismatchLabelKeys namespaceSelector namespaces",
    "Probe": "grpc terminationGracePeriodSeconds",
    "Resources": "claims",
    "Service": "status",
    "ServicePort": "appProtocol",
    "ServiceSpec": (
        "allocateLoadBalancerNodePorts clusterIPs externalIPs externalName "
        "externalTrafficPolicy healthCheckNodePort internalTrafficPolicy ipFamilies "
        "ipFamilyPolicy loadBalancerClass loadBalancerIP loadBalancerSourceRanges "
        "publishNotReadyAddresses sessionAffinity sessionAffinityConfig trafficDistribution"
    ),
    "Spread": "matchLabelKeys nodeAffinityPolicy nodeTaintsPolicy",
    "Target": "value",
    "TcpSocket": "host",
    "TemplateMetadata": (
        "creationTimestamp deletionGracePeriodSeconds deletionTimestamp finalizers generateName "
        "generation managedFields name namespace ownerReferences resourceVersion selfLink uid"
    ),
    "ValueFrom": "fieldRef fileKeyRef resourceFieldRef secretKeyRef",
}
