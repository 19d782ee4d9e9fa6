package batchtest

import (
	"math"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// resources are what instances have and jobs take.
type resources struct {
	cpu    int64 // thousandths of a vCPU
	memory int64 // MiB
	gpus   int64
}

const wholeCPU = 1000

// vcpus returns a number of thousandths as AWS Batch writes it.
func vcpus(cpu int64) float64 { return float64(cpu) / wholeCPU }

func (r resources) plus(o resources) resources {
	return resources{r.cpu + o.cpu, r.memory + o.memory, r.gpus + o.gpus}
}

func (r resources) minus(o resources) resources {
	return resources{r.cpu - o.cpu, r.memory - o.memory, r.gpus - o.gpus}
}

// most returns the larger of each.
func (r resources) most(o resources) resources {
	return resources{max(r.cpu, o.cpu), max(r.memory, o.memory), max(r.gpus, o.gpus)}
}

// within reports whether r fits into o.
func (r resources) within(o resources) bool {
	return r.cpu <= o.cpu && r.memory <= o.memory && r.gpus <= o.gpus
}

// required adds up what resourceRequirements ask for.
func required(list []types.ResourceRequirement) (r resources) {
	for _, one := range list {
		n, err := strconv.ParseFloat(aws.ToString(one.Value), 64)
		if err != nil {
			continue
		}
		switch one.Type {
		case types.ResourceTypeVcpu:
			r.cpu += int64(math.Round(n * wholeCPU))
		case types.ResourceTypeMemory:
			r.memory += int64(n)
		case types.ResourceTypeGpu:
			r.gpus += int64(n)
		}
	}
	return r
}

// measure returns what an attempt takes of an instance. The containers of a task
// run side by side and add up; so do those of a pod, whose init containers run
// one by one before them.
func (t *taskSpec) measure() (r resources) {
	switch {
	case t.container != nil:
		return required(t.container.ResourceRequirements).most(legacyResources(t.container))
	case t.task != nil:
		for i := range t.task.Containers {
			r = r.plus(required(t.task.Containers[i].ResourceRequirements))
		}
	case t.pod != nil:
		for i := range t.pod.Containers {
			r = r.plus(requested(t.pod.Containers[i].Resources))
		}
		for i := range t.pod.InitContainers {
			r = r.most(requested(t.pod.InitContainers[i].Resources))
		}
	}
	return r
}

// requested returns what a container of a pod asks for: its requests, and its
// limits where it has none.
func requested(q *types.EksContainerResourceRequirements) (r resources) {
	if q == nil {
		return r
	}
	of := func(name string) string {
		if v, ok := q.Requests[name]; ok {
			return v
		}
		return q.Limits[name]
	}
	r.cpu = int64(math.Round(quantity(of("cpu")) * wholeCPU))
	r.memory = int64(math.Ceil(quantity(of("memory")) / (1 << 20)))
	r.gpus = int64(quantity(of("nvidia.com/gpu")))
	return r
}

// The suffixes of a quantity in Kubernetes, the long ones first.
var suffixes = []struct {
	suffix string
	times  float64
}{
	{"Ki", 1 << 10}, {"Mi", 1 << 20}, {"Gi", 1 << 30}, {"Ti", 1 << 40}, {"m", 1e-3}, {"k", 1e3}, {"M", 1e6}, {"G", 1e9}, {"T", 1e12},
}

// quantity reads a quantity of Kubernetes, 0 when it is none.
func quantity(text string) float64 {
	times := 1.0
	for _, s := range suffixes {
		if number, ok := strings.CutSuffix(text, s.suffix); ok {
			text, times = number, s.times
			break
		}
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n * times
}
