package batchtest

import (
	"math"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// A share is what the jobs of one share identifier have had of a queue.
type share struct {
	identifier string
	open       int     // jobs that have not ended
	used       int64   // thousandths of a vCPU in use
	recent     float64 // vCPU seconds, which fade
	at         time.Time

	policy *types.SchedulingPolicyDetail // that weight is from
	weight float64
}

// defaultDecay is the window of time that a policy without one looks back.
const defaultDecay = 600 * time.Second

// maxActiveShares is how many share identifiers can be active in a queue:
// https://docs.aws.amazon.com/batch/latest/APIReference/API_SubmitJob.html
const maxActiveShares = 500

// fairness is how a line shares at a time. Zero means first in, first out.
type fairness struct {
	policy *types.SchedulingPolicyDetail
	window time.Duration
	now    time.Time
}

// fairness returns how a line shares now. The caller holds mu, as for all of this
// file.
func (s *Server) fairness(l *line) fairness {
	if l.shares == nil {
		return fairness{}
	}
	f := fairness{window: defaultDecay, now: s.Now()}
	f.policy, _ = s.policy(aws.ToString(l.queue.detail.SchedulingPolicyArn))
	if d := aws.ToInt32(f.fairshare().ShareDecaySeconds); d > 0 {
		f.window = time.Duration(d) * time.Second
	}
	return f
}

func (f fairness) fairshare() *types.FairsharePolicy {
	if f.policy == nil || f.policy.FairsharePolicy == nil {
		return &types.FairsharePolicy{}
	}
	return f.policy.FairsharePolicy
}

// weigh returns the weight of a share, 1 where the policy has none for it.
func (f fairness) weigh(sh *share) float64 {
	if sh.weight != 0 && sh.policy == f.policy {
		return sh.weight
	}
	sh.policy, sh.weight = f.policy, 1
	for _, a := range f.fairshare().ShareDistribution {
		of := aws.ToString(a.ShareIdentifier)
		if a.WeightFactor != nil && (of == sh.identifier || covers(of, sh.identifier)) {
			sh.weight = float64(*a.WeightFactor)
		}
	}
	return sh.weight
}

// fade brings the figures of a share up to date: what it used counts for less
// the longer ago that was.
func (f fairness) fade(sh *share) {
	window, passed := f.window.Seconds(), 0.0
	if !sh.at.IsZero() {
		passed = max(f.now.Sub(sh.at).Seconds(), 0)
	}
	left := math.Exp(-passed / window)
	sh.recent = sh.recent*left + vcpus(sh.used)*window*(1-left)
	sh.at = f.now
}

// standing returns what a share has had, by its weight: the vCPUs that it uses,
// and those that it used on average within the decay time.
func (f fairness) standing(sh *share) float64 {
	if sh == nil {
		return 0
	}
	f.fade(sh)
	return (vcpus(sh.used) + sh.recent/f.window.Seconds()) * f.weigh(sh)
}

// use notes that a job takes vCPUs, or gives them back.
func (s *Server) use(w *work, cpu int64) {
	l := w.queue.line
	l.used += cpu
	if w.share != nil {
		s.fairness(l).fade(w.share)
		w.share.used += cpu
	}
}

// active returns how many share identifiers have jobs that have not ended, or
// had some within the decay time. Others are forgotten.
func (s *Server) active(l *line) int {
	f := s.fairness(l)
	for identifier, sh := range l.shares {
		if sh.open == 0 && f.now.Sub(sh.at) >= f.window {
			delete(l.shares, identifier)
			l.lanes = slices.DeleteFunc(l.lanes, func(of *lane) bool { return of.share == sh })
		}
	}
	return len(l.shares)
}

// reserve returns the part of the capacity that a queue leaves to share
// identifiers that are not active. A queue that runs nothing leaves none, so
// that a large reservation does not keep it from running anything.
func (s *Server) reserve(l *line) float64 {
	if l.shares == nil || l.used == 0 {
		return 0
	}
	part := float64(aws.ToInt32(s.fairness(l).fairshare().ComputeReservation)) / 100
	if part == 0 {
		return 0
	}
	return math.Pow(part, float64(s.active(l)))
}

// enroll gives a new job its share, and refuses one share too many.
func (s *Server) enroll(w *work) error {
	l := w.queue.line
	if l.shares == nil {
		return nil
	}
	identifier := aws.ToString(w.input.ShareIdentifier)
	sh, ok := l.shares[identifier]
	if !ok {
		if len(l.shares) >= maxActiveShares && s.active(l) >= maxActiveShares {
			return refuse("JobQueue %s must have at most %d active share identifiers", *l.queue.detail.JobQueueName, maxActiveShares)
		}
		sh = &share{identifier: identifier}
		l.shares[identifier] = sh
	}
	sh.open++
	w.share = sh
	return nil
}

// depart notes that a job has ended, with all its children and nodes.
func (s *Server) depart(j *job) {
	if sh := j.work.share; sh != nil && j == j.work.job {
		sh.open--
		s.fairness(j.work.queue.line).fade(sh)
	}
}

// priority returns the scheduling priority of a job within its share.
func (w *work) priority() int32 {
	if p := w.input.SchedulingPriorityOverride; p != nil {
		return *p
	}
	return aws.ToInt32(w.definition.input.SchedulingPriority)
}
