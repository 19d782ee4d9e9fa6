package validate

//lint:file-ignore SA1019 The members are deprecated, and definitions that have them are judged all the same.

import "github.com/aws/aws-sdk-go-v2/service/batch/types"

// legacy is a member of containerProperties that came before resourceRequirements.
type legacy struct {
	member  string
	service string // what the service calls it in its answers
	kind    types.ResourceType
	value   int32
}

// eachLegacy visits those that are set; c may be nil.
func eachLegacy(c *types.ContainerProperties, visit func(legacy)) {
	if c == nil {
		return
	}
	if c.Vcpus != nil {
		visit(legacy{"vcpus", "Vcpus", types.ResourceTypeVcpu, *c.Vcpus})
	}
	if c.Memory != nil {
		visit(legacy{"memory", "Memory", types.ResourceTypeMemory, *c.Memory})
	}
}

// hasLegacy reports whether one of them is set.
func hasLegacy(c *types.ContainerProperties) bool { return c.Vcpus != nil || c.Memory != nil }
