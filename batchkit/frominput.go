package batchkit

import (
	"encoding/json"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchjson"
	"github.com/batchkit/batchkit-go/ecsprops"
	"github.com/batchkit/batchkit-go/eksprops"
	"github.com/batchkit/batchkit-go/internal/edit"
)

// FromInput returns an existing definition as a builder, with all that it says. What kind of payload it has is known at
// run time only, so its jobs take any override, and [JobRequest.Build] finds one that AWS Batch refuses. [As] gives the
// definition the kind that it has. Nil is a definition that says nothing.
func FromInput(in *batch.RegisterJobDefinitionInput) Definition[Overriding] {
	if in == nil {
		return Definition[Overriding]{}
	}
	return fromInput[Overriding](edit.Clone(*in))
}

// FromDescription is [FromInput] for a definition as DescribeJobDefinitions shows it. ARN, revision and status are no
// part of it. What the service filled in stays: empty lists, for instance.
func FromDescription(d types.JobDefinition) Definition[Overriding] {
	return FromInput(asInput(d))
}

// FromJSON is [FromInput] for the JSON of a definition, in the spelling of the API: the input of RegisterJobDefinition,
// or one element of what DescribeJobDefinitions gives. If there is anything that the API does not have, the error is a
// *batchjson.Error that holds every fault with its path and position.
func FromJSON(data []byte) (Definition[Overriding], error) {
	var described struct {
		ARN *string `json:"jobDefinitionArn"`
	}
	if json.Unmarshal(data, &described) == nil && described.ARN != nil {
		var d types.JobDefinition
		if err := batchjson.Unmarshal(data, &d); err != nil {
			return Definition[Overriding]{}, fmt.Errorf("reading a described job definition: %w", err)
		}
		return FromDescription(d), nil
	}
	in := &batch.RegisterJobDefinitionInput{}
	if err := batchjson.Unmarshal(data, in); err != nil {
		return Definition[Overriding]{}, fmt.Errorf("reading a job definition: %w", err)
	}
	return FromInput(in), nil
}

// As gives a definition from [FromInput] the kind of override that its payload takes: [ContainerOverride] for
// containerProperties, [ecsprops.Overrides] for ecsProperties, [eksprops.Overrides] for eksProperties, and
// [NodeOverrides] of one of these for node groups that are all of that kind. It reports whether the payload is of that
// kind; if it is not, the definition is returned all the same, and says what it said.
func As[O Overriding](def Definition[Overriding]) (Definition[O], bool) {
	in := def.Input()
	return fromInput[O](*in), takes[O](in)
}

func takes[O Overriding](in *batch.RegisterJobDefinitionInput) bool {
	var override O
	switch any(override).(type) {
	case nil: // Overriding itself
		return true
	case ContainerOverride:
		return in.ContainerProperties != nil
	case ecsprops.Overrides:
		return in.EcsProperties != nil
	case eksprops.Overrides:
		return in.EksProperties != nil
	case NodeOverrides[ContainerOverride]:
		return allNodes(in, func(r types.NodeRangeProperty) bool { return r.Container != nil })
	case NodeOverrides[ecsprops.Overrides]:
		return allNodes(in, func(r types.NodeRangeProperty) bool { return r.EcsProperties != nil })
	case NodeOverrides[eksprops.Overrides]:
		return allNodes(in, func(r types.NodeRangeProperty) bool { return r.EksProperties != nil })
	}
	return false
}

func allNodes(in *batch.RegisterJobDefinitionInput, is func(types.NodeRangeProperty) bool) bool {
	if in.NodeProperties == nil {
		return false
	}
	for _, r := range in.NodeProperties.NodeRangeProperties {
		if !is(r) {
			return false
		}
	}
	return len(in.NodeProperties.NodeRangeProperties) > 0
}

func fromInput[O any](in batch.RegisterJobDefinitionInput) Definition[O] {
	return Definition[O]{}.with(func(out *batch.RegisterJobDefinitionInput) { *out = edit.Clone(in) })
}

// asInput returns the request that would register a definition as DescribeJobDefinitions shows it.
func asInput(d types.JobDefinition) *batch.RegisterJobDefinitionInput {
	return &batch.RegisterJobDefinitionInput{
		JobDefinitionName:            d.JobDefinitionName,
		Type:                         types.JobDefinitionType(aws.ToString(d.Type)),
		ConsumableResourceProperties: d.ConsumableResourceProperties,
		ContainerProperties:          d.ContainerProperties,
		EcsProperties:                d.EcsProperties,
		EksProperties:                d.EksProperties,
		NodeProperties:               d.NodeProperties,
		Parameters:                   d.Parameters,
		PlatformCapabilities:         d.PlatformCapabilities,
		PropagateTags:                d.PropagateTags,
		RetryStrategy:                d.RetryStrategy,
		SchedulingPriority:           d.SchedulingPriority,
		Tags:                         d.Tags,
		Timeout:                      d.Timeout,
	}
}

// WithPayload returns the definition with another payload, for instance one made of the old one with [EC2From]. All
// else stays: name, retries, timeout, parameters, tags.
func (d Definition[O]) WithPayload(payload Payload[O]) Definition[O] {
	return d.with(func(in *batch.RegisterJobDefinitionInput) {
		in.ContainerProperties, in.EcsProperties, in.EksProperties, in.NodeProperties = nil, nil, nil, nil
		in.Type, in.PlatformCapabilities = "", nil
		if payload != nil {
			payload.ApplyTo(in)
		}
	})
}

// EC2From returns a container for EC2 instances with all that an existing one says.
func EC2From(properties types.ContainerProperties) EC2Container {
	properties = edit.Clone(properties)
	return EC2Container{}.with(func(p *types.ContainerProperties) { *p = edit.Clone(properties) })
}

// FargateFrom returns a container for Fargate with all that an existing one says.
func FargateFrom(properties types.ContainerProperties) FargateContainer {
	properties = edit.Clone(properties)
	return FargateContainer{}.with(func(p *types.ContainerProperties) { *p = edit.Clone(properties) })
}
