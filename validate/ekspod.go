package validate

import "github.com/aws/aws-sdk-go-v2/service/batch/types"

// pod is a pod of Amazon EKS, that of a node range when multiNode is set.
type pod struct {
	*types.EksPodProperties
	multiNode bool
}

// podContainer is a container of a pod. Init containers run before the others.
type podContainer struct {
	*types.EksContainer
	pod  *pod
	init bool
}

// hasVolume reports whether one of the volumes has that name.
func hasVolume(volumes []types.EksVolume, name string) bool {
	for i := range volumes {
		if str(volumes[i].Name) == name {
			return true
		}
	}
	return false
}

// hostNetwork reports whether the pod is on the network of its node, which is what the service takes when nothing is said.
func (o *pod) hostNetwork() bool { return o.HostNetwork == nil || *o.HostNetwork }

// emptyPod stands for podProperties that are absent.
var emptyPod types.EksPodProperties

// walkPod judges eksProperties.
func (p *pass) walkPod(eks *types.EksProperties, multiNode bool) {
	properties := eks.PodProperties
	if properties == nil {
		properties = &emptyPod
	}
	p.pod = pod{EksPodProperties: properties, multiNode: multiNode}
	p.enter("eksProperties")
	p.enter("podProperties")
	each(p, checks.pod.on(EKS, p), func(f onPod) { f(p, &p.pod) })
	p.walkMetadata(properties.Metadata)
	p.walkPodContainers("containers", properties.Containers, false)
	p.walkPodContainers("initContainers", properties.InitContainers, true)
	p.leave(2)
}

func (p *pass) walkPodContainers(member string, list []types.EksContainer, init bool) {
	for i := range list {
		p.enterAt(member, i)
		p.podContainer = podContainer{EksContainer: &list[i], pod: &p.pod, init: init}
		each(p, checks.podContainer.on(EKS, p), func(f onPodContainer) { f(p, &p.podContainer) })
		p.walkPodResources(list[i].Resources)
		p.walkPodEnvironment(list[i].Env)
		p.leave(2)
	}
}

// walkPodOverride judges eksPropertiesOverride by itself. What it changes in a definition is for rules on submissions.
func (p *pass) walkPodOverride(eks *types.EksPropertiesOverride) {
	if eks == nil || eks.PodProperties == nil {
		return
	}
	p.enter("eksPropertiesOverride")
	p.enter("podProperties")
	p.walkMetadata(eks.PodProperties.Metadata)
	p.walkPodContainerOverrides("containers", eks.PodProperties.Containers)
	p.walkPodContainerOverrides("initContainers", eks.PodProperties.InitContainers)
	p.leave(2)
}

func (p *pass) walkPodContainerOverrides(member string, list []types.EksContainerOverride) {
	for i := range list {
		p.enterAt(member, i)
		p.walkPodResources(list[i].Resources)
		p.walkPodEnvironment(list[i].Env)
		p.leave(2)
	}
}

func (p *pass) walkMetadata(m *types.EksMetadata) {
	if m == nil {
		return
	}
	p.enter("metadata")
	each(p, checks.metadata.on(EKS, p), func(f onMetadata) { f(p, m) })
	p.leave(1)
}

func (p *pass) walkPodResources(r *types.EksContainerResourceRequirements) {
	if r == nil {
		return
	}
	p.enter("resources")
	each(p, checks.podResources.on(EKS, p), func(f onPodResources) { f(p, r) })
	p.leave(1)
}

func (p *pass) walkPodEnvironment(env []types.EksContainerEnvironmentVariable) {
	pairs := p.pairs[:0]
	for i := range env {
		pairs = append(pairs, types.KeyValuePair(env[i]))
	}
	p.walkEnvironment("env", pairs, EKS)
}
