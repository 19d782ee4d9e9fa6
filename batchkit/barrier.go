package batchkit

import (
	"encoding/binary"
	"slices"
)

// maxDependencies is how many dependencies AWS Batch takes of a job:
// https://docs.aws.amazon.com/batch/latest/userguide/service_limits.html.
const maxDependencies = 20

// Barrier names the job that [Workflow.Plan] may add where a job has more than 20 dependencies, the most that AWS Batch
// takes: each barrier waits for up to 20 jobs, and the job waits for the barriers. It should do nothing and ask for
// little, for instance run the command true on a quarter of a CPU. A second call replaces the first; nil takes the
// barrier away, and then such jobs are refused with rule DEP001.
//
// Of n ordinary dependencies ceil((n-20)/19) barriers make 20, in a tree that is as flat as that number allows. Jobs that
// wait for the same ones share their barriers. N_TO_N and ids of jobs that have been submitted before cannot be joined
// and leave less room. A barrier is named like job, then the first job that waits for it, then a number.
//
// Each barrier costs a submission, and the time that a job takes to start. Where the many jobs differ little, an array
// of them is better: it counts as one dependency.
func (w *Workflow) Barrier(job Request) {
	if job == nil {
		w.barrier = nil
		return
	}
	r := job.request()
	w.barrier = &r
}

// crowd says why a job has too many dependencies.
type crowd struct{ barriers, depth int }

// jam is some steps that have too many dependencies, of which they share the ordinary ones.
type jam struct {
	deps  []waiting
	room  int // for dependencies on barriers, or on some of deps; below 1 nothing helps
	steps []int
}

// addBarriers puts barriers between the steps that have too many dependencies and what they wait for.
func (d *draft) addBarriers() {
	for _, j := range d.jams() {
		from := len(d.drafted)
		var rest []waiting
		if j.room >= 1 {
			rest = d.join(j.deps, j.room, d.drafted[j.steps[0]].job)
		}
		if rest == nil || d.barrier == nil {
			why := crowd{barriers: len(d.drafted) - from, depth: d.depth(rest)}
			for _, i := range j.steps {
				d.crowded[d.drafted[i].job] = why
			}
			d.drafted = d.drafted[:from]
			continue
		}
		for _, i := range j.steps {
			s := &d.drafted[i]
			deps := make([]waiting, 0, maxDependencies)
			for _, w := range s.deps {
				if w.kind != "" {
					deps = append(deps, w)
				}
			}
			s.deps = append(deps, rest...)
		}
	}
}

// jams finds the steps that have too many dependencies.
func (d *draft) jams() []*jam {
	var jams []*jam
	byKey := map[string]*jam{}
	for i := range d.drafted {
		s := &d.drafted[i]
		excess := d.slots(s) - maxDependencies
		if excess <= 0 {
			continue
		}
		var plain []waiting
		var key []byte
		for _, w := range s.deps {
			if w.kind == "" {
				plain = append(plain, w)
				key = binary.AppendUvarint(key, uint64(w.on))
			}
		}
		j := byKey[string(key)]
		if j == nil {
			j = &jam{deps: plain, room: maxDependencies}
			byKey[string(key)] = j
			jams = append(jams, j)
		}
		j.room = min(j.room, len(plain)-excess)
		j.steps = append(j.steps, i)
	}
	return jams
}

// join adds barriers until no more dependencies are left than there is room for, and returns those. Each barrier takes
// the place of up to 20: the first of as many as makes the count come out even, the others of 20. What is joined is
// always what has waited longest, so the tree has the least depth.
func (d *draft) join(deps []waiting, room, job int) []waiting {
	queue := slices.Clone(deps)
	for size := (len(queue)-room-1)%(maxDependencies-1) + 2; len(queue) > room; size = maxDependencies {
		d.drafted = append(d.drafted, drafted{job: job, barrier: true, wave: -1, deps: slices.Clone(queue[:size])})
		queue = append(queue[size:], waiting{on: len(d.drafted) - 1})
	}
	return queue
}

// depth is how many barriers lie one behind the other.
func (d *draft) depth(deps []waiting) int {
	depth := 0
	for _, w := range deps {
		if s := &d.drafted[w.on]; s.barrier {
			depth = max(depth, 1+d.depth(s.deps))
		}
	}
	return depth
}
