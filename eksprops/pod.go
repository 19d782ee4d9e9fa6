package eksprops

import (
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/internal/edit"
	"github.com/batchkit/batchkit-go/internal/member"
)

// JobPod is the pod of a job. Make one with [Pod].
type JobPod struct {
	edits edit.List[types.EksPodProperties]
}

// Pod returns a pod of one to ten application containers.
// See https://docs.aws.amazon.com/batch/latest/userguide/eks-jobs.html.
func Pod(container AppContainer, more ...AppContainer) JobPod {
	properties := []types.EksContainer{container.Properties()}
	for _, c := range more {
		properties = append(properties, c.Properties())
	}
	return JobPod{}.with(func(p *types.EksPodProperties) { p.Containers = append(p.Containers, properties...) })
}

func (p JobPod) with(apply func(*types.EksPodProperties)) JobPod { return JobPod{p.edits.With(apply)} }

// Properties returns the pod as the SDK's struct. Each call returns a fresh copy. Nothing is checked.
func (p JobPod) Properties() types.EksPodProperties { return p.edits.Value() }

// Edit returns the pod changed by a function of yours, for what has no method here.
// The function runs each time the pod is built and must always do the same.
func (p JobPod) Edit(apply func(*types.EksPodProperties)) JobPod {
	return JobPod{p.edits.WithForeign(apply)}
}

// OverriddenBy tells package batchkit at compile time which kind of override fits a job of this pod. It does nothing.
func (p JobPod) OverriddenBy(Overrides) {}

// ApplyTo makes the pod the payload of a definition.
func (p JobPod) ApplyTo(in *batch.RegisterJobDefinitionInput) {
	properties := p.Properties()
	in.Type = types.JobDefinitionTypeContainer
	in.EksProperties = &types.EksProperties{PodProperties: &properties}
}

// Init adds init containers behind those that the pod has already. They run in that order; there is room for ten.
func (p JobPod) Init(containers ...InitContainer) JobPod {
	properties := make([]types.EksContainer, len(containers))
	for i, c := range containers {
		properties[i] = c.Properties()
	}
	return p.with(func(v *types.EksPodProperties) { v.InitContainers = append(v.InitContainers, properties...) })
}

// ServiceAccount names the account of the cluster that the pod runs as; with a role attached to it, the containers have
// that role's rights. Default: the namespace's own account.
// See https://docs.aws.amazon.com/eks/latest/userguide/service-accounts.html.
func (p JobPod) ServiceAccount(name string) JobPod {
	return p.with(func(v *types.EksPodProperties) { v.ServiceAccountName = &name })
}

// ImagePullSecret names a secret of the namespace with which a private registry is read. Each call adds one.
func (p JobPod) ImagePullSecret(name string) JobPod {
	return p.with(func(v *types.EksPodProperties) {
		v.ImagePullSecrets = append(v.ImagePullSecrets, types.ImagePullSecret{Name: &name})
	})
}

// HostNetwork says whether the pod has the network of its node (true) or an address of its own (false). Default: true.
// See https://docs.aws.amazon.com/batch/latest/APIReference/API_EksPodProperties.html.
func (p JobPod) HostNetwork(use bool) JobPod {
	return p.with(func(v *types.EksPodProperties) { v.HostNetwork = &use })
}

// DNSPolicy says where the pod's containers look up names.
type DNSPolicy string

// The policies that AWS Batch knows:
// https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#pod-s-dns-policy.
const (
	DNSDefault                 DNSPolicy = "Default"                 // where the node does, which is not the default
	DNSClusterFirst            DNSPolicy = "ClusterFirst"            // in the cluster first, but not with the host's network
	DNSClusterFirstWithHostNet DNSPolicy = "ClusterFirstWithHostNet" // the same with the host's network
)

// DNSPolicy says where the containers look up names. Default: [DNSClusterFirstWithHostNet], and [DNSClusterFirst] for a
// pod whose HostNetwork is set.
func (p JobPod) DNSPolicy(policy DNSPolicy) JobPod {
	return p.with(func(v *types.EksPodProperties) { s := string(policy); v.DnsPolicy = &s })
}

// ShareProcessNamespace lets the containers see each other's processes. Default: each sees its own.
func (p JobPod) ShareProcessNamespace() JobPod {
	return p.with(func(v *types.EksPodProperties) { v.ShareProcessNamespace = member.True() })
}
