package terraform

import (
	"fmt"
	"regexp"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/internal/ordered"
)

// definition writes a job definition, after a look at what the provider makes of it.
func (w *writer) definition(in *batch.RegisterJobDefinitionInput) ordered.Object {
	w.require("jobDefinitionName", in.JobDefinitionName != nil)
	w.require("type", in.Type != "")
	w.payload(in)
	w.retry(in.RetryStrategy)
	if in.EksProperties != nil {
		w.require("eksProperties.podProperties", in.EksProperties.PodProperties != nil)
		w.pod(in.EksProperties.PodProperties)
	}
	return w.attributes(in)
}

// payload refuses what the provider takes one of.
func (w *writer) payload(in *batch.RegisterJobDefinitionInput) {
	var set []string
	for _, p := range []struct {
		path string
		set  bool
		of   types.JobDefinitionType
	}{
		{"containerProperties", in.ContainerProperties != nil, types.JobDefinitionTypeContainer},
		{"ecsProperties", in.EcsProperties != nil, types.JobDefinitionTypeContainer},
		{"eksProperties", in.EksProperties != nil, types.JobDefinitionTypeContainer},
		{"nodeProperties", in.NodeProperties != nil, types.JobDefinitionTypeMultinode},
	} {
		if !p.set {
			continue
		}
		set = append(set, p.path)
		if len(set) > 1 {
			w.refuse(p.path, "the provider takes it only without "+set[0]+"; leave one of them out")
		} else if in.Type != "" && in.Type != p.of {
			w.refuse(p.path, fmt.Sprintf("the provider takes it for the type %s only", p.of))
		}
	}
}

// What the provider takes for a condition of a retry strategy. The service takes more.
var (
	exitCode = regexp.MustCompile(`^[0-9]*\*?$`)
	reason   = regexp.MustCompile(`^[0-9A-Za-z.:\s]*\*?$`)
)

func (w *writer) retry(strategy *types.RetryStrategy) {
	if strategy == nil {
		return
	}
	for i, e := range strategy.EvaluateOnExit {
		for _, c := range []struct {
			name  string
			value *string
			takes *regexp.Regexp
			what  string
		}{
			{"onExitCode", e.OnExitCode, exitCode, "digits"},
			{"onReason", e.OnReason, reason, "letters, digits, white space, full stops and colons"},
			{"onStatusReason", e.OnStatusReason, reason, "letters, digits, white space, full stops and colons"},
		} {
			if c.value != nil && !c.takes.MatchString(*c.value) {
				w.refuse(fmt.Sprintf("retryStrategy.evaluateOnExit[%d].%s", i, c.name),
					"the provider takes only "+c.what+", and an asterisk at the end; shorten it to a part that has nothing else, with an asterisk")
			}
		}
		w.require(fmt.Sprintf("retryStrategy.evaluateOnExit[%d].action", i), e.Action != "")
	}
}

// pod refuses what the provider would fill in with another value than Kubernetes does.
func (w *writer) pod(pod *types.EksPodProperties) {
	if pod == nil {
		return
	}
	const at = "eksProperties.podProperties."
	w.require(at+"containers", len(pod.Containers) > 0)
	w.podContainers(at+"containers", pod.Containers)
	w.podContainers(at+"initContainers", pod.InitContainers)
	for i, v := range pod.Volumes {
		path := fmt.Sprintf(at+"volumes[%d].", i)
		w.require(path+"name", v.Name != nil)
		if v.EmptyDir != nil {
			w.require(path+"emptyDir.sizeLimit", v.EmptyDir.SizeLimit != nil)
		}
		if v.HostPath != nil {
			w.require(path+"hostPath.path", v.HostPath.Path != nil)
		}
		if v.Secret != nil {
			w.require(path+"secret.secretName", v.Secret.SecretName != nil)
		}
	}
}

func (w *writer) podContainers(path string, containers []types.EksContainer) {
	for i, c := range containers {
		at := fmt.Sprintf("%s[%d].", path, i)
		w.require(at+"image", c.Image != nil)
		for j, m := range c.VolumeMounts {
			w.require(fmt.Sprintf("%svolumeMounts[%d].name", at, j), m.Name != nil)
			w.require(fmt.Sprintf("%svolumeMounts[%d].mountPath", at, j), m.MountPath != nil)
		}
		for j, e := range c.Env {
			w.require(fmt.Sprintf("%senv[%d].name", at, j), aws.ToString(e.Name) != "")
			w.require(fmt.Sprintf("%senv[%d].value", at, j), e.Value != nil)
		}
		// An empty one is refused as an empty block.
		if s := c.SecurityContext; s != nil && *s != (types.EksContainerSecurityContext{}) {
			const root = "the provider sends 0, which is root, if there is none; set it"
			if s.RunAsUser == nil {
				w.refuse(at+"securityContext.runAsUser", root)
			}
			if s.RunAsGroup == nil {
				w.refuse(at+"securityContext.runAsGroup", root)
			}
		}
	}
}
