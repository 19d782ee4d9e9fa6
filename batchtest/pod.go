package batchtest

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// podSpec takes over eksProperties. Init containers come first, each waiting
// for the success of the one before, and the others wait for the last of them.
// Every container is essential, but the end of one does not stop the others.
func (w *work) podSpec(p *types.EksPodProperties) (*taskSpec, error) {
	detail := &types.EksPodPropertiesDetail{
		DnsPolicy: p.DnsPolicy, HostNetwork: p.HostNetwork, ImagePullSecrets: p.ImagePullSecrets,
		Metadata: w.podMetadata(p.Metadata), ServiceAccountName: p.ServiceAccountName,
		ShareProcessNamespace: p.ShareProcessNamespace, Volumes: p.Volumes,
	}
	spec := &taskSpec{pod: detail, volumes: podVolumes(p.Volumes, *detail.Metadata.Namespace)}
	var before []edge
	for i := range p.InitContainers {
		d, err := w.podContainer(spec, &p.InitContainers[i], false, before)
		if err != nil {
			return nil, err
		}
		detail.InitContainers = append(detail.InitContainers, d)
		before = []edge{{i, conditionSuccess}}
	}
	for i := range p.Containers {
		d, err := w.podContainer(spec, &p.Containers[i], true, before)
		if err != nil {
			return nil, err
		}
		detail.Containers = append(detail.Containers, d)
	}
	return spec, nil
}

// podContainer adds a container to spec and returns it as the service describes it.
func (w *work) podContainer(spec *taskSpec, c *types.EksContainer, essential bool, after []edge) (types.EksContainerDetail, error) {
	command, err := w.substitute(c.Command)
	if err != nil {
		return types.EksContainerDetail{}, err
	}
	args, err := w.substitute(c.Args)
	if err != nil {
		return types.EksContainerDetail{}, err
	}
	var env []types.KeyValuePair
	for _, e := range c.Env {
		env = append(env, types.KeyValuePair{Name: e.Name, Value: e.Value})
	}
	spec.containers = append(spec.containers, containerSpec{
		name: podContainerName(c.Name), image: aws.ToString(c.Image), command: command, args: args, environment: env,
		mounts: podMounts(c.VolumeMounts), essential: essential, dependsOn: after, stopTimeout: defaultStopTimeout,
	})
	return types.EksContainerDetail{
		Args: args, Command: command, Env: c.Env, Image: c.Image, ImagePullPolicy: c.ImagePullPolicy,
		Name: aws.String(podContainerName(c.Name)), Resources: c.Resources, SecurityContext: c.SecurityContext, VolumeMounts: c.VolumeMounts,
	}, nil
}

// podContainerName fills in the default. The SDK's documents write Default,
// which Kubernetes would refuse.
func podContainerName(name *string) string {
	if n := aws.ToString(name); n != "" {
		return n
	}
	return defaultContainer
}

// podMetadata fills in the namespace, which is the compute environment's where
// the definition has none.
func (w *work) podMetadata(m *types.EksMetadata) *types.EksMetadata {
	out := types.EksMetadata{}
	if m != nil {
		out = *m
	}
	if aws.ToString(out.Namespace) == "" {
		out.Namespace = aws.String(clusterName)
		if c := w.environment.detail.EksConfiguration; c != nil {
			out.Namespace = c.KubernetesNamespace
		}
	}
	return &out
}

// Container reasons of pods, in the words of Kubernetes.
const (
	podCompleted = "Completed"
	podError     = "Error"
)

// podDetail describes a pod, with how its containers have ended if there is an
// attempt. The caller holds mu.
func (s *Server) podDetail(spec *taskSpec, host int, id string, endings []ending) *types.EksPropertiesDetail {
	pod := *spec.pod
	pod.Containers, pod.InitContainers = slices.Clone(pod.Containers), slices.Clone(pod.InitContainers)
	if id != "" {
		pod.PodName, pod.NodeName = aws.String(podName(id)), aws.String(hostName(host))
		for i := range endings {
			code, why := endings[i].detail()
			if n := len(pod.InitContainers); i < n {
				pod.InitContainers[i].ExitCode, pod.InitContainers[i].Reason = code, why
			} else {
				pod.Containers[i-n].ExitCode, pod.Containers[i-n].Reason = code, why
			}
		}
	}
	return &types.EksPropertiesDetail{PodProperties: &pod}
}

// podAttempt describes an attempt that has ended. The caller holds mu.
func (s *Server) podAttempt(w *work, spec *taskSpec, host int, a *attempt, id string) types.EksAttemptDetail {
	out := types.EksAttemptDetail{
		EksClusterArn: aws.String(s.eksClusterARN(w.environment)), PodName: aws.String(podName(id)), NodeName: aws.String(hostName(host)),
		PodNamespace: spec.pod.Metadata.Namespace, StatusReason: aws.String(a.reason), StoppedAt: aws.Int64(a.stopped),
	}
	if a.started != 0 {
		out.StartedAt = aws.Int64(a.started)
	}
	for i, e := range a.endings {
		code, why := e.detail()
		c := types.EksAttemptContainerDetail{Name: aws.String(spec.containers[i].name), ExitCode: code, Reason: why}
		if e.exited {
			c.ContainerID = aws.String(containerID(id, i))
		}
		if i < len(spec.pod.InitContainers) {
			out.InitContainers = append(out.InitContainers, c)
		} else {
			out.Containers = append(out.Containers, c)
		}
	}
	return out
}
