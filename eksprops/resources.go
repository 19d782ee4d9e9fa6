package eksprops

import (
	"math"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/internal/size"
)

// Memory is an amount of memory in MiB. An untyped number counts MiB; the units are in package batchkit, and the same in
// package parts: 2*batchkit.GiB.
type Memory = size.Memory

// CPU reserves CPUs, and lets the container use no more. Every container needs a figure, in quarters of a CPU; parts of
// a quarter are rounded up. It replaces what CPUBetween and CPURequest have set.
// See https://docs.aws.amazon.com/batch/latest/APIReference/API_EksContainerResourceRequirements.html.
func (c common[B]) CPU(n float64) B { return c.CPUBetween(n, n) }

// CPUBetween reserves the lower number of CPUs, and lets the container use up to the higher one while the node has CPUs
// to spare. For the figures see CPU.
func (c common[B]) CPUBetween(request, limit float64) B {
	return c.with(func(p *types.EksContainer) { setCPU(&p.Resources, request, limit) })
}

// CPURequest reserves CPUs, and lets the container use all that the node has to spare. For the figure see CPU.
func (c common[B]) CPURequest(n float64) B {
	return c.with(func(p *types.EksContainer) { setQuantity(&p.Resources, cpu, quarters(n), "") })
}

// Memory reserves memory, in MiB, at least 4, and ends the container when it needs more: AWS Batch wants the same
// figure for both. Every container needs one.
func (c common[B]) Memory(m Memory) B {
	return c.with(func(p *types.EksContainer) { setMemory(&p.Resources, m) })
}

// GPU reserves whole GPUs of NVIDIA's.
func (c common[B]) GPU(n int) B {
	return c.with(func(p *types.EksContainer) { setGPU(&p.Resources, n) })
}

// The resources that AWS Batch knows.
const (
	cpu    = "cpu"
	memory = "memory"
	gpu    = "nvidia.com/gpu"
)

func setCPU(r **types.EksContainerResourceRequirements, a, b float64) {
	setQuantity(r, cpu, quarters(min(a, b)), quarters(max(a, b)))
}

func setMemory(r **types.EksContainerResourceRequirements, m Memory) {
	setQuantity(r, memory, mebibytes(m), mebibytes(m))
}

func setGPU(r **types.EksContainerResourceRequirements, n int) {
	setQuantity(r, gpu, strconv.Itoa(n), strconv.Itoa(n))
}

// setQuantity sets request and limit of a resource. An empty limit stands for none.
func setQuantity(r **types.EksContainerResourceRequirements, resource, request, limit string) {
	if *r == nil {
		*r = &types.EksContainerResourceRequirements{}
	}
	set(&(*r).Requests, resource, request)
	if limit != "" {
		set(&(*r).Limits, resource, limit)
		return
	}
	delete((*r).Limits, resource)
	if len((*r).Limits) == 0 {
		(*r).Limits = nil
	}
}

// quarters is a number of CPUs as the service takes it. It is rounded up, so that nobody gets less than was asked for.
func quarters(n float64) string {
	return strconv.FormatFloat(math.Ceil(n*4)/4, 'f', -1, 64)
}

// mebibytes is an amount of memory as the service takes it. It knows no other unit, not even Gi.
func mebibytes(m Memory) string { return strconv.Itoa(int(m)) + "Mi" }

func set(m *map[string]string, key, value string) {
	if *m == nil {
		*m = map[string]string{}
	}
	(*m)[key] = value
}
