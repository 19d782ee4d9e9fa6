package batchkit

import (
	"cmp"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/depgraph"
)

// reduce finds what each job waits for, without what other dependencies imply.
//
// An ordinary dependency of c on a is implied when c could not start unless a, as a whole, had succeeded. Along a chain
// of N_TO_N a child of c knows of one child of a only, so such a chain does not imply it; with one ordinary dependency
// anywhere in the chain it does. To tell them apart an array with N_TO_N has two nodes: that all of it has succeeded,
// and that a child of it has started. What is implied is then what is redundant between these. N_TO_N is never left
// out, nor is SEQUENTIAL, and gates imply no success.
func (d *draft) reduce() {
	implied := d.implied()
	d.waits = make([][]waiting, len(d.jobs))
	for i := range d.jobs {
		d.eachWait(i, func(w waiting) {
			if w.kind != "" || !implied[[2]int{i, w.on}] {
				d.waits[i] = append(d.waits[i], w)
			}
		})
		slices.SortFunc(d.waits[i], func(a, b waiting) int {
			return cmp.Or(cmp.Compare(d.place[a.on], d.place[b.on]), cmp.Compare(a.kind, b.kind))
		})
		d.waits[i] = slices.Compact(d.waits[i])
	}
	for _, i := range d.sequence {
		from := len(d.removed)
		d.eachWait(i, func(w waiting) {
			if w.kind == "" && implied[[2]int{i, w.on}] {
				d.removed = append(d.removed, RemovedEdge{Job: d.jobs[i].name(), On: d.jobs[w.on].name()})
			}
		})
		d.sortRemoved(from)
	}
}

// implied returns the ordinary dependencies that others imply, each as the job and what it waits for.
func (d *draft) implied() map[[2]int]bool {
	pairs := d.paired()
	started := func(job int) int { return 2 * job }
	succeeded := func(job int) int {
		if pairs[job] {
			return 2*job + 1
		}
		return 2 * job
	}
	var g depgraph.Graph[int]
	g.Grow(len(d.jobs), len(d.jobs))
	for i := range d.jobs {
		g.Add(started(i))
		if pairs[i] {
			g.Add(succeeded(i))
			g.Depend(succeeded(i), started(i))
		}
		d.eachWait(i, func(w waiting) {
			switch {
			case w.kind == "":
				g.Depend(started(i), succeeded(w.on))
			case d.isPair(i, w):
				g.Depend(started(i), started(w.on))
				g.Depend(succeeded(i), succeeded(w.on))
			}
		})
	}
	order, err := g.Resolve()
	if err != nil { // the graph of the jobs is sound, so this one is
		order = &depgraph.Order[int]{}
	}
	implied := map[[2]int]bool{}
	for _, r := range order.Redundant() {
		i, on := r.Node/2, r.On/2
		if i != on && r.Node == started(i) && r.On == succeeded(on) {
			implied[[2]int{i, on}] = true
		}
	}
	return implied
}

// sortRemoved puts what was removed from a job into the order of the plan, each once.
func (d *draft) sortRemoved(from int) {
	slices.SortFunc(d.removed[from:], func(a, b RemovedEdge) int {
		return cmp.Compare(d.place[d.index[a.On]], d.place[d.index[b.On]])
	})
	d.removed = d.removed[:from+len(slices.Compact(d.removed[from:]))]
}

// eachWait visits the dependencies of a job as the workflow has them.
func (d *draft) eachWait(job int, visit func(waiting)) {
	for _, e := range d.jobs[job].dependencies {
		if e.On != "" && e.Type != types.ArrayJobDependencySequential {
			visit(waiting{d.index[e.On], e.Type})
		}
	}
}

// isPair reports whether a dependency is N_TO_N between two arrays of one size. Of others nobody knows what they do.
func (d *draft) isPair(job int, w waiting) bool {
	size := arraySize(d.jobs[job].input)
	return w.kind == types.ArrayJobDependencyNToN && size > 1 && size == arraySize(d.jobs[w.on].input)
}

// paired tells which jobs have N_TO_N, on either side.
func (d *draft) paired() []bool {
	pairs := make([]bool, len(d.jobs))
	for i := range d.jobs {
		d.eachWait(i, func(w waiting) {
			if d.isPair(i, w) {
				pairs[i], pairs[w.on] = true, true
			}
		})
	}
	return pairs
}

// reduceGates leaves out each AfterEnd that something else implies: that the job waited for has succeeded, since AWS
// Batch keeps such an order without a run that is attached; that one of those waited for was itself submitted after its
// end; or another gate on it.
func (d *draft) reduceGates() {
	d.gated = make([][]gate, len(d.jobs))
	var s search
	for _, i := range d.sequence {
		if len(d.jobs[i].gates) == 0 {
			continue
		}
		s.from(d, i)
		from := len(d.removed)
		for k, g := range d.jobs[i].gates {
			if slices.ContainsFunc(d.jobs[i].gates[:k], func(o gate) bool { return o.Gate == g.Gate }) {
				continue
			}
			other := func(o gate) bool { return o.On == g.On && o.When != GateEnded }
			if g.When == GateEnded && (s.ended[d.index[g.On]] || slices.ContainsFunc(d.jobs[i].gates, other)) {
				d.removed = append(d.removed, RemovedEdge{Job: d.jobs[i].name(), On: g.On})
				continue
			}
			d.gated[i] = append(d.gated[i], g)
		}
		d.sortRemoved(from)
		slices.SortStableFunc(d.gated[i], func(a, b gate) int {
			return cmp.Or(cmp.Compare(d.place[d.index[a.On]], d.place[d.index[b.On]]), cmp.Compare(a.When, b.When), cmp.Compare(a.Condition, b.Condition))
		})
	}
}

// search finds the jobs that have surely ended when AWS Batch starts a job.
type search struct {
	ended map[int]bool
	seen  map[waiting]bool
	todo  []waiting
}

// from starts at what AWS Batch makes a job wait for. An element to do is a job of which a child has started (N_TO_N),
// or one that has succeeded as a whole.
func (s *search) from(d *draft, job int) {
	s.ended, s.seen, s.todo = map[int]bool{}, map[waiting]bool{}, s.todo[:0]
	add := func(w waiting) {
		if !s.seen[w] {
			s.seen[w] = true
			s.todo = append(s.todo, w)
		}
	}
	visit := func(i int, whole bool) {
		for _, w := range d.waits[i] {
			switch {
			case w.kind == "" || whole && d.isPair(i, w):
				add(waiting{on: w.on})
			case d.isPair(i, w):
				add(w)
			}
		}
	}
	for visit(job, false); len(s.todo) > 0; {
		w := s.todo[len(s.todo)-1]
		s.todo = s.todo[:len(s.todo)-1]
		if w.kind == "" {
			s.ended[w.on] = true
		}
		for _, g := range d.jobs[w.on].gates {
			s.ended[d.index[g.On]] = true
		}
		visit(w.on, w.kind == "")
	}
}
