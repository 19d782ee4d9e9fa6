package batchtest

//lint:file-ignore SA1019 The service still takes the deprecated members vcpus and memory, so its stand-in does.

import "github.com/aws/aws-sdk-go-v2/service/batch/types"

func takeLegacy(detail *types.ContainerDetail, c *types.ContainerProperties) {
	detail.Vcpus, detail.Memory = c.Vcpus, c.Memory
}

// overrideLegacy overrides the deprecated members by their like. As in the
// service, they never touch resourceRequirements.
func overrideLegacy(c *types.ContainerProperties, o *types.ContainerOverrides) {
	if c.Vcpus != nil && o.Vcpus != nil {
		c.Vcpus = o.Vcpus
	}
	if c.Memory != nil && o.Memory != nil {
		c.Memory = o.Memory
	}
}

// updateLegacy updates the deprecated image of compute resources.
func updateLegacy(r *types.ComputeResource, u *types.ComputeResourceUpdate) {
	replaceText(&r.ImageId, u.ImageId)
}

func hasLegacyImage(r *types.ComputeResource) bool { return r.ImageId != nil }

// legacyResources are those asked for by deprecated members.
func legacyResources(c *types.ContainerDetail) resources {
	var r resources
	if c.Vcpus != nil {
		r.cpu = int64(*c.Vcpus) * wholeCPU
	}
	if c.Memory != nil {
		r.memory = int64(*c.Memory)
	}
	return r
}
