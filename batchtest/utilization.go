package batchtest

import "time"

// Utilization is how a [Server] was used.
type Utilization struct {
	// From is when the first job was submitted, and To when the last one ended,
	// or now while there are jobs that have not. Both are zero before the first
	// job.
	From, To time.Time
	// Makespan is the time between them.
	Makespan time.Duration
	// Environments are the compute environments in which jobs ran or instances
	// were launched, in the order in which they were created, and also those that
	// were deleted.
	Environments []EnvironmentUtilization
}

// EnvironmentUtilization is how a compute environment was used. What jobs use is
// what they ask for. In the compute environment "default" each job and each node
// counts as one vCPU.
type EnvironmentUtilization struct {
	Name string
	// MaxVCPUs is how many vCPUs there may be now, 0 for no limit.
	MaxVCPUs float64
	// PeakVCPUs is the most that jobs used at any time, and MeanVCPUs what they
	// used on average over the makespan.
	PeakVCPUs, MeanVCPUs float64
	// VCPUSeconds is what jobs used, and InstanceVCPUSeconds what the instances
	// had that were there, 0 where there are none, as on Fargate. The one divided by
	// the other is how well the instances were filled.
	VCPUSeconds, InstanceVCPUSeconds float64
	// Instances is how many were launched, and PeakInstanceVCPUs the most vCPUs
	// they had at any time.
	Instances         int
	PeakInstanceVCPUs float64
	// Levels are the vCPUs that jobs used over time, the mean of each of at most
	// 512 equal spans; the first begins when the first job was placed.
	Levels []Level
}

// Level is what was used in a span of time.
type Level struct {
	From  time.Time
	Span  time.Duration // a power of two times a second, less in the last one
	VCPUs float64
}

// Utilization returns how the server was used so far.
func (s *Server) Utilization() Utilization {
	s.mu.Lock()
	defer s.mu.Unlock()
	var u Utilization
	if len(s.submitted) == 0 {
		return u
	}
	born := s.bornAt(s.submitted[0])
	u.From, u.To = time.Unix(0, born), time.Unix(0, max(born, s.ended)) // none has ended here when all were restored
	now := s.Now()
	for _, j := range s.submitted {
		if !j.status.terminal() {
			u.To = now
			break
		}
	}
	u.Makespan = u.To.Sub(u.From)
	for _, p := range s.pools {
		p.meter.pass(now)
		if p.fleet != nil {
			p.fleet.meter.pass(now)
		}
		if !p.meter.since.IsZero() || p.fleet != nil && p.fleet.launches > 0 {
			u.Environments = append(u.Environments, p.utilization(u.Makespan))
		}
	}
	return u
}

func (p *pool) utilization(makespan time.Duration) EnvironmentUtilization {
	e := EnvironmentUtilization{
		Name: *p.environment.detail.ComputeEnvironmentName, MaxVCPUs: vcpus(max(p.max, 0)), PeakVCPUs: vcpus(p.meter.peak), VCPUSeconds: p.meter.area / wholeCPU,
	}
	if makespan > 0 {
		e.MeanVCPUs = e.VCPUSeconds / makespan.Seconds()
	}
	if f := p.fleet; f != nil {
		e.Instances, e.PeakInstanceVCPUs, e.InstanceVCPUSeconds = f.launches, vcpus(f.meter.peak), f.meter.area/wholeCPU
	}
	for k, area := range p.meter.areas {
		span := p.meter.span
		from := p.meter.since.Add(time.Duration(k) * span)
		if to := from.Add(span); to.After(p.meter.at) { // the last one is not over
			span = p.meter.at.Sub(from)
		}
		e.Levels = append(e.Levels, Level{From: from, Span: span, VCPUs: area / wholeCPU / span.Seconds()})
	}
	return e
}
