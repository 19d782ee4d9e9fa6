package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchkit"
)

// size is what a job reserves of an instance, or what an instance has.
type size struct {
	vcpus  float64
	memory batchkit.Memory
}

// instance is an instance type of the compute environment, as it is advertised.
type instance struct {
	name string
	size
}

// instances are those that the compute environment may start, the smallest first.
var instances = []instance{
	{"m6i.large", size{2, 8 * batchkit.GiB}},
	{"m6i.xlarge", size{4, 16 * batchkit.GiB}},
	{"m6i.2xlarge", size{8, 32 * batchkit.GiB}},
	{"m6i.4xlarge", size{16, 64 * batchkit.GiB}},
}

// usable is what is left of an instance for jobs. The kernel keeps some of the memory, and the container agent 32 MiB.
// Ask an instance of yours how much it registers:
// https://docs.aws.amazon.com/batch/latest/userguide/memory-management.html.
func usable(i instance) size {
	return size{i.vcpus, i.memory*96/100 - 32}
}

// reservation is what a job reserves: the sum over its containers, which run on one instance.
func reservation(in *batch.RegisterJobDefinitionInput) (size, error) {
	var lists [][]types.ResourceRequirement
	if in.ContainerProperties != nil {
		lists = append(lists, in.ContainerProperties.ResourceRequirements)
	}
	if in.EcsProperties != nil {
		for _, c := range in.EcsProperties.TaskProperties[0].Containers {
			lists = append(lists, c.ResourceRequirements)
		}
	}
	var s size
	for _, r := range slices.Concat(lists...) {
		n, err := strconv.ParseFloat(aws.ToString(r.Value), 64)
		if err != nil {
			return size{}, fmt.Errorf("%s: %w", aws.ToString(in.JobDefinitionName), err)
		}
		switch r.Type {
		case types.ResourceTypeVcpu:
			s.vcpus += n
		case types.ResourceTypeMemory:
			s.memory += batchkit.Memory(n)
		}
	}
	return s, nil
}

// fit reports every job that would wait for ever, because no instance has room for it even when it is empty.
func fit(reservations map[string]size, instances []instance) error {
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(reservations)) {
		if _, ok := home(reservations[name], instances); !ok {
			r := reservations[name]
			errs = append(errs, fmt.Errorf("%s fits no instance: it reserves %v vCPU and %d MiB", name, r.vcpus, r.memory))
		}
	}
	return errors.Join(errs...)
}

// home returns the first instance that has room for a job.
func home(r size, instances []instance) (instance, bool) {
	i := slices.IndexFunc(instances, func(i instance) bool {
		u := usable(i)
		return r.vcpus <= u.vcpus && r.memory <= u.memory
	})
	if i < 0 {
		return instance{}, false
	}
	return instances[i], true
}

// largest returns the largest reservation of each kind. It may be of two jobs.
func largest(reservations map[string]size) size {
	var l size
	for _, r := range reservations {
		l.vcpus, l.memory = max(l.vcpus, r.vcpus), max(l.memory, r.memory)
	}
	return l
}

// threshold is the share of a cluster of one instance type that may be reserved before it must grow: as long as less is
// reserved, an instance that is filled evenly has room for the largest job.
func threshold(l, capacity size) (vcpus, memory float64) {
	return 1 - l.vcpus/capacity.vcpus, 1 - float64(l.memory)/float64(capacity.memory)
}
