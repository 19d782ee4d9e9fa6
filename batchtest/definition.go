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
	active   bool
}

func (d *definition) name() string { return *d.detail.JobDefinitionName }

// described returns the definition as DescribeJobDefinitions does. The caller
// holds mu.
func (d *definition) described() types.JobDefinition {
	out := d.detail
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
	if isARN(reference) && !ok && !isDefinitionARN(reference) || ok && (!split || !resourceName.MatchString(name)) {
		return nil, refuse("Provided name %s is not supported pattern[a-zA-Z_0-9-]{1,128}", reference)
	}
	if d, found := s.revision(name, number); ok && found && d.active {
		return d, nil
	}
	if isARN(reference) {
		return nil, refuse("JobDefinition %s not found.", reference)
	}
	return nil, refuse("JobDefinition name %s does not exist or is not in ACTIVE status", reference)
}

// platformOf returns where jobs of a definition run.
func platformOf(in *batch.RegisterJobDefinitionInput) validate.Platforms {
	switch {
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
		NodeProperties:               in.NodeProperties,
		Parameters:                   orEmptyMap(in.Parameters),
		PlatformCapabilities:         in.PlatformCapabilities,
		PropagateTags:                in.PropagateTags,
		RetryStrategy:                in.RetryStrategy,
		SchedulingPriority:           in.SchedulingPriority,
		Tags:                         orEmptyMap(in.Tags),
		Timeout:                      in.Timeout,
	}
	if in.EksProperties != nil {
		out.ContainerOrchestrationType = types.OrchestrationTypeEks
	}
	if in.ContainerProperties != nil {
		c := *in.ContainerProperties
		c.Command = orEmpty(c.Command)
		c.Environment = withoutEmpty(c.Environment)
		c.MountPoints = orEmpty(c.MountPoints)
		c.ResourceRequirements = orEmpty(c.ResourceRequirements)
		c.Secrets = orEmpty(c.Secrets)
		c.Ulimits = orEmpty(c.Ulimits)
		c.Volumes = orEmpty(c.Volumes)
		if platformOf(in) == validate.Fargate && c.FargatePlatformConfiguration == nil {
			c.FargatePlatformConfiguration = &types.FargatePlatformConfiguration{PlatformVersion: aws.String("LATEST")}
		}
		out.ContainerProperties = &c
	}
	if in.EcsProperties != nil {
		out.EcsProperties = &types.EcsProperties{TaskProperties: slices.Clone(in.EcsProperties.TaskProperties)}
		for i := range out.EcsProperties.TaskProperties {
			storeTask(&out.EcsProperties.TaskProperties[i])
		}
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
