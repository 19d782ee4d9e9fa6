package batchtest

//lint:file-ignore SA1019 The service still takes the deprecated members vcpus and memory, so its stand-in does.

import "github.com/aws/aws-sdk-go-v2/service/batch/types"

func takeLegacy(detail *types.ContainerDetail, c *types.ContainerProperties) {
	detail.Vcpus, detail.Memory = c.Vcpus, c.Memory
}

// overrideLegacy overrides the deprecated members by their like. As in the
// service, they never touch resourceRequirements.
func overrideLegacy(detail *types.ContainerDetail, o *types.ContainerOverrides) {
	if detail.Vcpus != nil && o.Vcpus != nil {
		detail.Vcpus = o.Vcpus
	}
	if detail.Memory != nil && o.Memory != nil {
		detail.Memory = o.Memory
	}
}
