package batchtest

import (
	"cmp"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// A fleet is the instances of a compute environment. Callers of all methods hold
// the server's mu.
type fleet struct {
	offers    []offer // in the order in which they are chosen
	min, max  int64   // thousandths of a vCPU
	beyond    bool    // the last instance may exceed max
	best      bool    // only the first type that fits is taken
	delay     time.Duration
	instances []*instance
	vcpus     int64 // of the instances
	launches  int
	meter     meter
}

// An offer is an instance type as a compute environment has it.
type offer struct {
	name  string
	vcpus int64     // thousandths, which count against maxvCpus
	has   resources // for jobs
}

// An instance runs jobs.
type instance struct {
	offer
	free    resources
	seats   int    // jobs and nodes on it
	whole   bool   // it belongs to one node of a multi-node parallel job
	used    bool   // it has had a job
	drained bool   // it gets no more jobs: it is lost, or its type is no longer in the environment
	idle    *timer // after which it ends
}

// A seat is what a job has of an instance.
type seat struct {
	on *instance
	resources
}

func (f *fleet) configure(r *types.ComputeResource, offers []offer) {
	f.min, f.max = int64(aws.ToInt32(r.MinvCpus))*wholeCPU, int64(aws.ToInt32(r.MaxvCpus))*wholeCPU
	f.best = r.AllocationStrategy == "" || r.AllocationStrategy == types.CRAllocationStrategyBestFit
	f.beyond = !f.best || r.Type == types.CRTypeSpot
	f.delay = 0
	if p := r.ScalingPolicy; p != nil {
		f.delay = time.Duration(aws.ToInt32(p.MinScaleDownDelayMinutes)) * time.Minute
	}
	f.offers = offers
	slices.SortStableFunc(f.offers, func(a, b offer) int {
		if f.best { // the least instance
			return cmp.Or(cmp.Compare(a.has.gpus, b.has.gpus), cmp.Compare(a.vcpus, b.vcpus), cmp.Compare(a.has.memory, b.has.memory))
		}
		// The least memory and the fewest GPUs for each vCPU, then the least instance.
		return cmp.Or(cmp.Compare(a.has.gpus*b.vcpus, b.has.gpus*a.vcpus), cmp.Compare(a.class(), b.class()), cmp.Compare(a.vcpus, b.vcpus))
	})
	for _, i := range f.instances {
		i.drained = i.drained || !slices.ContainsFunc(offers, func(o offer) bool { return o.name == i.name })
	}
}

// desired is the vCPUs of the instances as the API tells them.
func (f *fleet) desired() int32 { return int32(min(max(f.vcpus, f.min), f.max) / wholeCPU) }

// class is the memory for each vCPU in whole GiB, as far as it tells families apart.
func (o *offer) class() int64 { return (o.has.memory*wholeCPU/max(o.vcpus, 1) + 512) / 1024 }

// board finds room for a job: on instances that are there, or on new ones.
func (s *Server) board(f *fleet, j *job) (verdict, string) {
	if n := j.work.nodes; n != nil {
		return s.boardNodes(f, j, n)
	}
	need := j.work.spec.takes
	var on *instance
	for _, i := range f.instances {
		if !i.whole && !i.drained && need.within(i.free) && (on == nil || i.free.cpu < on.free.cpu) {
			on = i
		}
	}
	if on == nil {
		v, o := s.choose(f, need, 1, f.best, "")
		if v != placed {
			return v, o.name
		}
		s.makeRoom(f, o, 1)
		on = s.launch(f, o)
	}
	j.live.seats = append(j.live.seats, s.seat(on, need, false))
	return placed, ""
}

// boardNodes finds an instance for each node of a job, all of one type.
func (s *Server) boardNodes(f *fleet, j *job, n *nodeSpecs) (verdict, string) {
	var need resources
	for _, spec := range n.specs {
		need = need.most(spec.takes)
	}
	v, o := s.choose(f, need, len(n.specs), true, n.instanceType())
	if v != placed {
		return v, o.name
	}
	idle := f.idleOf(o.name)
	idle = idle[:min(len(idle), len(n.specs))]
	for k, spec := range n.specs {
		if k == len(idle) { // no more idle ones of the type
			s.makeRoom(f, o, len(n.specs)-k)
		}
		var on *instance
		if k < len(idle) {
			on = idle[k]
		} else {
			on = s.launch(f, o)
		}
		j.live.seats = append(j.live.seats, s.seat(on, spec.takes, true))
	}
	return placed, ""
}

// choose returns the type of which as many instances as are needed are idle or
// can be launched, each with room for what one of them needs. With first, only
// the first type counts that would do. With named, that type alone does.
func (s *Server) choose(f *fleet, need resources, instances int, first bool, named string) (verdict, offer) {
	n, idleCPU := int64(instances), f.idleCPU()
	out := tooLarge
	var short offer // the first type of which there are not enough
	for _, o := range f.offers {
		if !need.within(o.has) || named != "" && o.name != named {
			continue
		}
		if o.vcpus*n > f.max && !(f.beyond && o.vcpus*(n-1) < f.max) {
			if out == tooLarge {
				out = tooMuch
			}
			continue
		}
		idle := 0
		if idleCPU > 0 {
			idle = min(len(f.idleOf(o.name)), instances)
		}
		more := int64(instances - idle)
		// What is idle would give way.
		busy := f.vcpus - idleCPU + int64(idle)*o.vcpus
		switch {
		case int64(s.stock(o.name)) < more:
			if short.name == "" {
				short = o
			}
			if first {
				return noStock, short
			}
			out = min(out, noStock)
		case busy+more*o.vcpus <= f.max, f.beyond && busy+(more-1)*o.vcpus < f.max && !s.inside(f, need, o, instances):
			return placed, o
		default:
			out = crowded
		}
	}
	return out, short
}

// inside reports whether a type other than o would do without exceeding maxvCpus.
func (s *Server) inside(f *fleet, need resources, o offer, instances int) bool {
	busy := f.vcpus - f.idleCPU()
	return instances == 1 && slices.ContainsFunc(f.offers, func(other offer) bool {
		return other.name != o.name && need.within(other.has) && busy+other.vcpus <= f.max && s.stock(other.name) > 0
	})
}

// idleOf returns the instances of a type that no job is on and one may be put on.
func (f *fleet) idleOf(name string) (out []*instance) {
	for _, i := range f.instances {
		if i.seats == 0 && !i.drained && i.name == name {
			out = append(out, i)
		}
	}
	return out
}

func (f *fleet) idleCPU() (sum int64) {
	for _, i := range f.instances {
		if i.seats == 0 {
			sum += i.vcpus
		}
	}
	return sum
}

// makeRoom ends idle instances, as far as others need their place.
func (s *Server) makeRoom(f *fleet, o offer, instances int) {
	for _, i := range slices.Clone(f.instances) {
		if f.vcpus+int64(instances)*o.vcpus <= f.max {
			return
		}
		if i.seats == 0 {
			s.retire(f, i)
		}
	}
}

func (s *Server) launch(f *fleet, o offer) *instance {
	i := &instance{offer: o, free: o.has}
	f.instances = append(f.instances, i)
	f.vcpus += o.vcpus
	f.launches++
	s.launched[o.name]++
	f.meter.set(s.Now(), f.vcpus)
	return i
}

func (s *Server) retire(f *fleet, i *instance) {
	s.stop(i.idle)
	i.idle = nil
	f.instances = slices.DeleteFunc(f.instances, func(other *instance) bool { return other == i })
	f.vcpus -= i.vcpus
	s.launched[i.name]--
	f.meter.set(s.Now(), f.vcpus)
}

// spare reports whether an instance has done its work and is not needed for
// minvCpus.
func (f *fleet) spare(i *instance) bool {
	return i.seats == 0 && (i.drained || i.used && f.vcpus-i.vcpus >= f.min)
}

// seat puts a job or a node on an instance.
func (s *Server) seat(i *instance, need resources, whole bool) seat {
	s.stop(i.idle)
	i.idle = nil
	i.free = i.free.minus(need)
	i.seats++
	i.used, i.whole = true, whole
	return seat{i, need}
}

func (t seat) leave() {
	t.on.free = t.on.free.plus(t.resources)
	t.on.seats--
	if t.on.seats == 0 {
		t.on.whole = false
	}
}

// instance returns the one that a job or a node is on, nil if it needs none.
func (j *job) instance() *instance {
	seats := j.whole().live.seats
	switch {
	case len(seats) == 0:
		return nil
	case j.isNode():
		return seats[j.index].on
	}
	return seats[0].on
}

// instanceType returns the type that nodes are to run on, empty for any.
func (n *nodeSpecs) instanceType() string {
	for i := range n.detail.NodeRangeProperties {
		p := &n.detail.NodeRangeProperties[i]
		if len(p.InstanceTypes) > 0 {
			return p.InstanceTypes[0]
		}
		if p.Container != nil && p.Container.InstanceType != nil {
			return *p.Container.InstanceType
		}
	}
	return ""
}
