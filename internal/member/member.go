// Package member changes the lists that several structs of the SDK have in common.
package member

import (
	"math"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/internal/size"
)

// SetEnv sets a variable, in its old place when the list has it already.
func SetEnv(list *[]types.KeyValuePair, name, value string) {
	for i := range *list {
		if old := (*list)[i].Name; old != nil && *old == name {
			(*list)[i].Value = &value
			return
		}
	}
	*list = append(*list, types.KeyValuePair{Name: &name, Value: &value})
}

// SetVCPU asks for a number of virtual CPUs.
func SetVCPU(list *[]types.ResourceRequirement, n float64) {
	setRequirement(list, types.ResourceTypeVcpu, strconv.FormatFloat(n, 'f', -1, 64))
}

// SetMemory asks for an amount of memory.
func SetMemory(list *[]types.ResourceRequirement, m size.Memory) {
	setRequirement(list, types.ResourceTypeMemory, strconv.Itoa(int(m)))
}

// SetGPU asks for a number of GPUs.
func SetGPU(list *[]types.ResourceRequirement, n int) {
	setRequirement(list, types.ResourceTypeGpu, strconv.Itoa(n))
}

func setRequirement(list *[]types.ResourceRequirement, kind types.ResourceType, value string) {
	for i := range *list {
		if (*list)[i].Type == kind {
			(*list)[i].Value = &value
			return
		}
	}
	*list = append(*list, types.ResourceRequirement{Type: kind, Value: &value})
}

// Mount is a mount point.
func Mount(volume, path string, readOnly bool) types.MountPoint {
	m := types.MountPoint{SourceVolume: &volume, ContainerPath: &path}
	if readOnly {
		m.ReadOnly = &readOnly
	}
	return m
}

// Ulimit is a resource limit of a container.
func Ulimit(name string, soft, hard int) types.Ulimit {
	return types.Ulimit{Name: &name, SoftLimit: Int32(soft), HardLimit: Int32(hard)}
}

// Seconds is a duration as the service takes it. A part of a second counts as a whole one,
// so that no limit becomes shorter than was asked for.
func Seconds(d time.Duration) *int32 {
	return Int32(int(math.Ceil(d.Seconds())))
}

// Int32 is a number as the service takes it. What does not fit becomes the nearest number that does,
// which no rule of the service allows: it is for validation to refuse it, and not for a builder to fail.
func Int32(n int) *int32 {
	v := int32(min(max(n, math.MinInt32), math.MaxInt32))
	return &v
}

// True is a switch that is on.
func True() *bool {
	v := true
	return &v
}
