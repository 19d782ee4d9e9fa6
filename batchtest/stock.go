package batchtest

import "math"

// Instance is what an instance has for jobs.
type Instance struct {
	VCPUs     int // at least 1
	MemoryMiB int // what is left for containers, without what the system and the agents keep
	GPUs      int
}

// WithInstanceType says what instances of an Amazon EC2 type have, such as
// "m5.large". It takes the place of the built-in table, which has the common
// types; one that is neither there nor given has the vCPUs of its size's name and
// 4 GiB of memory for each. The table has the memory that is installed, less what
// is not there for jobs. That part is an estimate; see the package's documentation.
func WithInstanceType(name string, has Instance) Option {
	return func(s *settings) {
		if s.instances == nil {
			s.instances = map[string]resources{}
		}
		s.instances[name] = resources{cpu: int64(max(has.VCPUs, 1)) * wholeCPU, memory: int64(has.MemoryMiB), gpus: int64(has.GPUs)}
	}
}

// LimitInstances says how many instances of an Amazon EC2 type, such as
// "p4d.24xlarge", can be had at once, in all compute environments together. 0
// puts it out of stock: a job that needs one waits in RUNNABLE with the status
// reason CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY. Less than 0 means no limit, as
// at first. Instances that are there stay.
func (s *Server) LimitInstances(instanceType string, n int) {
	s.update(func() {
		if n < 0 {
			delete(s.limits, instanceType)
			return
		}
		s.limits[instanceType] = n
	})
}

// stock returns how many more instances of a type can be had. The caller holds
// mu.
func (s *Server) stock(name string) int {
	limit, ok := s.limits[name]
	if !ok {
		return math.MaxInt
	}
	return max(limit-s.launched[name], 0)
}
