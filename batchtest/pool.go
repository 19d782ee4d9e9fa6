package batchtest

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/validate"
)

// A pool is the capacity of a compute environment, and what is used of it. It is
// the same after an update of the environment. It is guarded by the server's mu,
// which callers of all methods hold.
type pool struct {
	environment *environment // as it is now
	jobs        bool         // of the environment "default", where each job counts as one vCPU
	max         int64        // thousandths of a vCPU; below 0 for no limit
	used        int64        // by jobs
	fleet       *fleet       // of instances, nil where jobs need none
	meter       meter
}

// A verdict says what stands in the way of a job in a compute environment, the
// less the smaller.
type verdict uint8

const (
	placed   verdict = iota
	crowded          // it may fit later
	noStock          // instances cannot be had
	tooLarge         // no instance has what it needs
	tooMuch          // it needs more vCPUs than there may be
)

// newPool gives a new compute environment its pool.
func (s *Server) newPool(e *environment) {
	e.pool = &pool{environment: e}
	s.pools = append(s.pools, e.pool)
	var desired *int32
	if r := e.detail.ComputeResources; r != nil {
		desired = r.DesiredvCpus
	}
	s.resize(e.pool, desired)
}

// resize gives a pool the capacity that its environment describes, and launches
// the instances that are desired.
func (s *Server) resize(p *pool, desired *int32) {
	d := &p.environment.detail
	r := d.ComputeResources
	switch {
	case p.jobs:
		return
	case r == nil && d.UnmanagedvCpus == nil: // nobody knows how many there are
		p.max = -1
		return
	case r == nil:
		p.max = int64(*d.UnmanagedvCpus) * wholeCPU
		return
	}
	p.max = int64(aws.ToInt32(r.MaxvCpus)) * wholeCPU
	if r.Type == types.CRTypeFargate || r.Type == types.CRTypeFargateSpot {
		return
	}
	if p.fleet == nil {
		p.fleet = &fleet{}
	}
	f := p.fleet
	f.configure(r, s.offers(d))
	s.fill(f, max(f.min, int64(aws.ToInt32(desired))*wholeCPU))
	s.slack = true
}

// fill launches instances that no job needs yet, of the first type.
func (s *Server) fill(f *fleet, wanted int64) {
	for f.vcpus < wanted && len(f.offers) > 0 && f.vcpus+f.offers[0].vcpus <= f.max && s.stock(f.offers[0].name) > 0 {
		s.launch(f, f.offers[0])
	}
}

// offers returns the instance types of a compute environment with what each has
// for jobs.
func (s *Server) offers(d *types.ComputeEnvironmentDetail) (out []offer) {
	for _, t := range instanceTypes().expand(d.ComputeResources.InstanceTypes) {
		o := offer{name: t.name, vcpus: t.has.cpu, has: onECS(t.has)}
		if d.EksConfiguration != nil {
			o.has = onEKS(t.has)
		}
		if own, ok := s.settings.instances[t.name]; ok {
			o.vcpus, o.has = own.cpu, own
		}
		out = append(out, o)
	}
	return out
}

// charge is how much of the capacity a job uses.
func (p *pool) charge(j *job) int64 {
	if p.jobs {
		return int64(j.width()) * wholeCPU
	}
	return j.work.takes().cpu
}

// take makes room for a job, if there is some beside the part in reserve. It
// says which instance type cannot be had, where that is in the way.
func (s *Server) take(p *pool, j *job, reserve float64) (verdict, string) {
	charge := p.charge(j)
	switch {
	case p.max >= 0 && charge > p.max:
		return tooMuch, ""
	case reserve > 0 && p.max >= 0 && float64(p.used+charge) > float64(p.max)*(1-reserve):
		return crowded, ""
	case p.fleet != nil:
		if v, name := s.board(p.fleet, j); v != placed {
			return v, name
		}
	case p.environment.runs == validate.Fargate && j.work.takes().gpus > 0:
		return tooLarge, "" // there are none
	case p.max >= 0 && p.used+charge > p.max:
		return crowded, ""
	}
	p.used += charge
	p.meter.set(s.Now(), p.used)
	return placed, ""
}

// give takes back what a job used.
func (s *Server) give(p *pool, j *job) {
	p.used -= p.charge(j)
	p.meter.set(s.Now(), p.used)
	for _, seat := range j.live.seats {
		seat.leave()
		s.slack = true
	}
	j.live.seats = nil
}

// takes returns what all containers of a job need together, on all nodes.
func (w *work) takes() (r resources) {
	if w.nodes == nil {
		return w.spec.takes
	}
	for _, n := range w.nodes.specs {
		r = r.plus(n.takes)
	}
	return r
}

// scaleIn ends the instances that are not needed, once nothing more can be
// placed, and sees to it that those of minvCpus are there.
func (s *Server) scaleIn() {
	if !s.slack {
		return
	}
	s.slack = false
	for _, p := range s.pools {
		f := p.fleet
		if f == nil {
			continue
		}
		for k := len(f.instances) - 1; k >= 0; k-- {
			switch i := f.instances[k]; {
			case !f.spare(i):
			case f.delay > 0 && !i.drained:
				s.retireLater(f, i)
			default:
				s.retire(f, i)
			}
		}
		s.fill(f, f.min)
	}
}

// retireLater ends an instance when it has been idle for the environment's scale
// down delay.
func (s *Server) retireLater(f *fleet, i *instance) {
	if i.idle != nil {
		return
	}
	i.idle = s.after(f.delay, func() {
		i.idle = nil
		if f.spare(i) {
			s.retire(f, i)
		}
	})
}
