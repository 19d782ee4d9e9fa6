package batchkit

import (
	"maps"
	"slices"
	"time"
)

// SubmitRate is how many SubmitJob calls AWS Batch takes a second, per account and Region:
// https://docs.aws.amazon.com/batch/latest/userguide/service_limits.html.
const SubmitRate = 50

// Waves returns the names of the steps by wave: all steps of a wave may run at the same time.
func (p *Plan) Waves() [][]string {
	byWave := map[int][]string{}
	for i := range p.Steps {
		byWave[p.Steps[i].Wave] = append(byWave[p.Steps[i].Wave], p.Steps[i].Name)
	}
	var waves [][]string
	for _, wave := range slices.Sorted(maps.Keys(byWave)) { // those of a plan that was put together by hand may have gaps
		waves = append(waves, byWave[wave])
	}
	return waves
}

// Calls returns how many calls the plan takes: one for each definition and one for each step, arrays counting as one.
func (p *Plan) Calls() int { return len(p.Definitions) + len(p.Steps) }

// Duration returns the least time that the submissions take at the service's own limit of [SubmitRate].
func (p *Plan) Duration() time.Duration { return p.DurationAt(SubmitRate) }

// DurationAt is [Plan.Duration] for another rate, in submissions a second: an account may share its own with other
// programs. It is 0 for a rate that is not above 0.
func (p *Plan) DurationAt(rate float64) time.Duration {
	if !(rate > 0) {
		return 0
	}
	return time.Duration(float64(len(p.Steps)) / rate * float64(time.Second))
}

// CriticalPath returns the names of the steps of a longest chain, each waiting for the one before it, gates included:
// one step of each wave. Of several chains it is the one whose end comes first in the plan; of those, the one whose step
// before the end comes first; and so on. An empty plan has none.
func (p *Plan) CriticalPath() []string {
	if len(p.Steps) == 0 {
		return nil
	}
	at := make(map[string]int, len(p.Steps))      // the place of a step
	parts := make(map[string][]int, len(p.Steps)) // the places of a job's steps
	last := 0
	for i := range p.Steps {
		s := &p.Steps[i]
		at[s.Name] = i
		if s.Job != "" {
			parts[s.Job] = append(parts[s.Job], i)
		}
		if s.Wave > p.Steps[last].Wave {
			last = i
		}
	}
	path := []string{p.Steps[last].Name}
	for p.Steps[last].Wave > 0 {
		s := &p.Steps[last]
		before := len(p.Steps)
		look := func(i int) {
			if p.Steps[i].Wave == s.Wave-1 {
				before = min(before, i)
			}
		}
		for _, d := range s.DependsOn {
			if d.On != "" {
				look(at[d.On])
			}
		}
		for _, g := range s.Gates {
			for _, i := range parts[g.On] {
				look(i)
			}
		}
		if before == len(p.Steps) {
			break // a plan that was put together by hand
		}
		path, last = append(path, p.Steps[before].Name), before
	}
	slices.Reverse(path)
	return path
}
