package batchtest

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/validate"
)

// A definition is one revision of a job definition. Only active changes.
type definition struct {
	input    *batch.RegisterJobDefinitionInput // as it came, for the validator
	detail   types.JobDefinition               // as the service describes it, but for the status
	platform validate.Platforms
	spec     *taskSpec // what jobs run that override nothing; nil when it depends on more than that
	active   bool
}

// newDefinition makes a revision of a definition that was found valid.
func (s *Server) newDefinition(in *batch.RegisterJobDefinitionInput, revision int) *definition {
	d := &definition{input: in, detail: s.stored(in, revision), platform: platformOf(in), active: true}
	if d.platform&(validate.EKS|validate.MultiNode) == 0 { // pods are in the namespace of their environment
		w := &work{definition: d}
		if spec, err := w.taskSpec(d.payload()); err == nil { // so there is no parameter in it
			d.spec = spec
		}
	}
	return d
}

func (d *definition) payload() payload {
	return payload{d.detail.ContainerProperties, d.detail.EcsProperties, d.detail.EksProperties}
}

func (d *definition) name() string { return *d.detail.JobDefinitionName }

// described returns a definition as DescribeJobDefinitions does. The caller
// holds mu.
func (s *Server) described(d *definition) types.JobDefinition {
	out := d.detail
	out.Tags = s.tagged(out.JobDefinitionArn, out.Tags)
	out.Status = aws.String(statusInactive)
	if d.active {
		out.Status = aws.String(statusActive)
	}
	return out
}

const (
	statusActive   = "ACTIVE"
	statusInactive = "INACTIVE"
)

// revision returns one revision of a name, or the newest active one for
// revision 0. The caller holds mu.
func (s *Server) revision(name string, revision int) (*definition, bool) {
	all := s.definitions[name]
	if revision > 0 {
		if revision > len(all) {
			return nil, false
		}
		return all[revision-1], true
	}
	for _, d := range slices.Backward(all) {
		if d.active {
			return d, true
		}
	}
	return nil, false
}

// definitionToRun returns the definition that SubmitJob names: it must be
// active. The caller holds mu.
func (s *Server) definitionToRun(reference string) (*definition, error) {
	resource, ok := s.nameOf(kindDefinition, reference)
	name, number, split := splitRevision(resource)
	if d, found := s.revision(name, number); ok && split && found && d.active {
		return d, nil
	}
	if isARN(reference) && !ok && !isDefinitionARN(reference) || ok && (!split || !resourceName.MatchString(name)) {
		return nil, refuse("Provided name %s is not supported pattern[a-zA-Z_0-9-]{1,128}", reference)
	}
	if isARN(reference) {
		return nil, refuse("JobDefinition %s not found.", reference)
	}
	return nil, refuse("JobDefinition name %s does not exist or is not in ACTIVE status", reference)
}

// platformOf returns all that a compute environment must offer to run jobs of a
// definition. A multi-node parallel job has nodes of one kind.
func platformOf(in *batch.RegisterJobDefinitionInput) validate.Platforms {
	switch {
	case in.NodeProperties != nil:
		kind := validate.EC2
		for _, r := range in.NodeProperties.NodeRangeProperties {
			if r.EksProperties != nil {
				kind = validate.EKS
			}
		}
		return kind | validate.MultiNode
	case in.EksProperties != nil:
		return validate.EKS
	case len(in.PlatformCapabilities) == 0:
		return validate.EC2
	}
	switch in.PlatformCapabilities[0] {
	case types.PlatformCapabilityFargate:
		return validate.Fargate
	case "MANAGED_INSTANCES":
		return validate.ManagedInstances
	}
	return validate.EC2
}

// stored returns a definition as the service gives it back: lists that were
// left out are empty, defaults are filled in, and environment variables
// without a value are gone. The input is not changed.
func (s *Server) stored(in *batch.RegisterJobDefinitionInput, revision int) types.JobDefinition {
	out := types.JobDefinition{
		JobDefinitionName:            in.JobDefinitionName,
		JobDefinitionArn:             aws.String(s.arn(kindDefinition, withRevision(*in.JobDefinitionName, revision))),
		Revision:                     aws.Int32(int32(revision)),
		Type:                         aws.String(string(in.Type)),
		ConsumableResourceProperties: in.ConsumableResourceProperties,
		ContainerOrchestrationType:   types.OrchestrationTypeEcs,
		EksProperties:                in.EksProperties,
		Parameters:                   orEmptyMap(in.Parameters),
		PlatformCapabilities:         in.PlatformCapabilities,
		PropagateTags:                in.PropagateTags,
		RetryStrategy:                in.RetryStrategy,
		SchedulingPriority:           in.SchedulingPriority,
		Tags:                         orEmptyMap(in.Tags),
		Timeout:                      in.Timeout,
	}
	platform := platformOf(in)
	if platform&validate.EKS != 0 {
		out.ContainerOrchestrationType = types.OrchestrationTypeEks
	}
	out.ContainerProperties = storedContainer(in.ContainerProperties, platform)
	out.EcsProperties = storedTasks(in.EcsProperties)
	if n := in.NodeProperties; n != nil {
		nodes := *n
		nodes.NodeRangeProperties = slices.Clone(n.NodeRangeProperties)
		for i := range nodes.NodeRangeProperties {
			r := &nodes.NodeRangeProperties[i]
			r.Container, r.EcsProperties = storedContainer(r.Container, platform), storedTasks(r.EcsProperties)
		}
		out.NodeProperties = &nodes
	}
	return out
}

func storedContainer(in *types.ContainerProperties, platform validate.Platforms) *types.ContainerProperties {
	if in == nil {
		return nil
	}
	c := *in
	c.Command = orEmpty(c.Command)
	c.Environment = withoutEmpty(c.Environment)
	c.MountPoints = orEmpty(c.MountPoints)
	c.ResourceRequirements = orEmpty(c.ResourceRequirements)
	c.Secrets = orEmpty(c.Secrets)
	c.Ulimits = orEmpty(c.Ulimits)
	c.Volumes = orEmpty(c.Volumes)
	if platform == validate.Fargate && c.FargatePlatformConfiguration == nil {
		c.FargatePlatformConfiguration = &types.FargatePlatformConfiguration{PlatformVersion: aws.String("LATEST")}
	}
	return &c
}

func storedTasks(in *types.EcsProperties) *types.EcsProperties {
	if in == nil {
		return nil
	}
	out := &types.EcsProperties{TaskProperties: slices.Clone(in.TaskProperties)}
	for i := range out.TaskProperties {
		storeTask(&out.TaskProperties[i])
	}
	return out
}

func storeTask(t *types.EcsTaskProperties) {
	t.Volumes = orEmpty(t.Volumes)
	t.Containers = slices.Clone(t.Containers)
	for i := range t.Containers {
		c := &t.Containers[i]
		c.Command = orEmpty(c.Command)
		c.DependsOn = orEmpty(c.DependsOn)
		c.Environment = withoutEmpty(c.Environment)
		c.MountPoints = orEmpty(c.MountPoints)
		c.ResourceRequirements = orEmpty(c.ResourceRequirements)
		c.Secrets = orEmpty(c.Secrets)
		c.Ulimits = orEmpty(c.Ulimits)
		if c.Essential == nil {
			c.Essential = aws.Bool(true)
		}
	}
}

// withoutEmpty drops variables that have no value, as the service does.
func withoutEmpty(env []types.KeyValuePair) []types.KeyValuePair {
	out := make([]types.KeyValuePair, 0, len(env))
	for _, kv := range env {
		if aws.ToString(kv.Value) != "" {
			out = append(out, kv)
		}
	}
	return out
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func orEmptyMap(m map[string]string) map[string]string {
	if m == nil {
		return map[string]string{}
	}
	return m
}
