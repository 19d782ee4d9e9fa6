package batchkit

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchjson"
	"github.com/batchkit/batchkit-go/depgraph"
	"github.com/batchkit/batchkit-go/validate"
)

// draft is a plan in the making. Jobs are known by their index in the workflow.
type draft struct {
	*Workflow
	largest     int            // array that is not cut
	index       map[string]int // of the first job of each name
	definitions []*batch.RegisterJobDefinitionInput
	definition  []int         // of each job, -1 for a registered one
	barrierFrom int           // the definition of barriers, likewise
	parts       map[int]parts // of the arrays that are cut
	uncut       map[int]error // why an array that is too large is not

	// What follows is there when the graph is sound.
	sequence []int       // the jobs, each after those that it waits for
	place    []int       // of each job in sequence
	waits    [][]waiting // of each job: what AWS Batch is given, in the order of sequence
	gated    [][]gate    // of each job
	removed  []RemovedEdge
	drafted  []drafted // those of the jobs in the order of sequence, then barriers
	first    []int     // of each job: its first step, the others follow
	crowded  map[int]crowd
}

// parts are the submissions of an array that is cut.
type parts struct {
	inputs  []*batch.SubmitJobInput
	offsets []int
}

// waiting is a dependency on a job. SEQUENTIAL, which is about the job itself, is kept apart.
type waiting struct {
	on   int
	kind types.ArrayJobDependency
}

// draft works out everything about the plan, as far as the graph lets it, and judges nothing.
func (w *Workflow) draft() *draft { return w.draftFor(maxArray) }

// draftFor is draft with another bound on the size of arrays, for tests.
func (w *Workflow) draftFor(largest int) *draft {
	d := &draft{
		Workflow: w, largest: largest, index: make(map[string]int, len(w.jobs)), definition: make([]int, len(w.jobs)),
		parts: map[int]parts{}, uncut: map[int]error{}, crowded: map[int]crowd{},
	}
	for i := range w.jobs {
		if _, ok := d.index[w.jobs[i].name()]; !ok {
			d.index[w.jobs[i].name()] = i
		}
	}
	d.findDefinitions()
	for i := range w.jobs {
		d.cut(i)
	}
	if order := d.order(); order != nil {
		d.sequence = order.Sequence()
		d.place = make([]int, len(w.jobs))
		for place, i := range d.sequence {
			d.place[i] = place
		}
		d.reduce()
		d.reduceGates()
		d.draftSteps()
	}
	return d
}

// findDefinitions collects the definitions to register, each once, in the order of their first use.
func (d *draft) findDefinitions() {
	made, same := map[any]int{}, map[string]int{}
	find := func(s source) int {
		if s.definition == nil {
			return -1
		}
		if i, ok := made[s.made]; ok {
			return i
		}
		text, err := batchjson.Marshal(s.definition)
		if err != nil { // not for a type of the SDK
			text = nil
		}
		i, ok := same[string(text)]
		if !ok {
			i = len(d.definitions)
			d.definitions = append(d.definitions, s.definition)
			same[string(text)] = i
		}
		made[s.made] = i
		return i
	}
	for i := range d.jobs {
		d.definition[i] = find(d.jobs[i].from)
	}
	if d.barrier != nil {
		d.barrierFrom = find(d.barrier.from)
	}
}

func (d *draft) cut(job int) {
	n := &d.jobs[job]
	if arraySize(n.input) <= d.largest {
		return
	}
	inputs, offsets, err := n.split(d.largest)
	if err != nil {
		d.uncut[job] = err
		return
	}
	d.parts[job] = parts{inputs, offsets}
}

// order orders the jobs by all that they wait for. It is nil when the graph is not sound, which the rules then say.
func (d *draft) order() *depgraph.Order[int] {
	if len(d.index) != len(d.jobs) {
		return nil
	}
	var g depgraph.Graph[int]
	g.Grow(len(d.jobs), len(d.jobs))
	known := true
	depend := func(i int, on string) {
		k, ok := d.index[on]
		known = known && ok
		g.Depend(i, k)
	}
	for i := range d.jobs {
		g.Add(i)
		for _, e := range d.jobs[i].dependencies {
			if e.Type != types.ArrayJobDependencySequential && e.On != "" {
				depend(i, e.On)
			}
		}
		for _, e := range d.jobs[i].gates {
			depend(i, e.On)
		}
	}
	if !known {
		return nil
	}
	order, err := g.Resolve()
	if err != nil { // the findings say so
		return nil
	}
	return order
}

// isSequential reports whether a job's children run one after another.
func (d *draft) isSequential(job int) bool {
	return slices.ContainsFunc(d.jobs[job].dependencies, func(e validate.Dependency) bool {
		return e.Type == types.ArrayJobDependencySequential
	})
}
