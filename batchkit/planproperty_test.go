package batchkit

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/google/go-cmp/cmp"
)

// randomJob is a job of a random workflow, whose dependencies are on jobs before it.
type randomJob struct {
	size         int // 0 for a plain job
	sequential   bool
	after, pairs []int
	ended        []int
}

// randomJobs gives workflows of all shapes: sparse and dense, with and without arrays and gates. Arrays have few sizes,
// so that many can be paired. In one of three the jobs of a first layer wait for nothing, and the others for jobs of
// that layer only, or they pair with it: then many dependencies are left after the reduction.
func randomJobs(r *rand.Rand) []randomJob {
	jobs := make([]randomJob, 1+r.IntN(60))
	layer := len(jobs)
	if r.IntN(3) == 0 {
		layer = len(jobs) * 3 / 4
	}
	density, arrays, pairs, gates := r.Float64(), r.Float64(), r.Float64(), r.Float64()*r.Float64()*0.3
	for i := range jobs {
		j := &jobs[i]
		if r.Float64() < arrays {
			j.size, j.sequential = []int{3, 7}[r.IntN(2)], r.IntN(4) == 0
		}
		before := i
		if layer < len(jobs) {
			before = min(i, layer)
			if i < layer {
				before = 0
			}
		}
		for k := range before {
			if r.Float64() < density {
				j.after = append(j.after, k)
			}
			if r.Float64() < pairs && j.size > 0 && jobs[k].size == j.size && len(j.pairs) < 3 {
				j.pairs = append(j.pairs, k)
			}
			if r.Float64() < gates {
				j.ended = append(j.ended, k)
			}
		}
	}
	return jobs
}

func jobName(i int) Node { return Node(fmt.Sprintf("job%d", i)) }

func workflowOf(jobs []randomJob) *Workflow {
	w := NewWorkflow("random")
	w.Barrier(Job("join", "queue", ContainerRef("nothing")))
	nodes := func(list []int) []Node {
		out := make([]Node, len(list))
		for i, k := range list {
			out[i] = jobName(k)
		}
		return out
	}
	for i, j := range jobs {
		request := Job(string(jobName(i)), "queue", ContainerRef("work"))
		if j.size > 0 {
			request = request.Array(j.size)
		}
		dependencies := []Dependency{After(nodes(j.after)...), NToN(nodes(j.pairs)...), AfterEnd(nodes(j.ended)...)}
		if j.sequential {
			dependencies = append(dependencies, Sequential())
		}
		w.Add(request, dependencies...)
	}
	return w
}

// relation says which child can only start after which has succeeded, both by number.
type relation [][]bool

func newRelation(n int) relation {
	r := make(relation, n)
	for i := range r {
		r[i] = make([]bool, n)
	}
	return r
}

// close adds what follows, by the textbook.
func (r relation) close() {
	for k := range r {
		for i := range r {
			if r[i][k] {
				for j := range r {
					r[i][j] = r[i][j] || r[k][j]
				}
			}
		}
	}
}

// numbering gives numbers to the children of jobs.
type numbering struct{ first, count []int }

func numbers(jobs []randomJob) (n numbering, total int) {
	for _, j := range jobs {
		n.first, n.count = append(n.first, total), append(n.count, max(1, j.size))
		total += max(1, j.size)
	}
	return n, total
}

// asked is the relation that a workflow asks for, child by child.
func asked(jobs []randomJob) relation {
	n, total := numbers(jobs)
	r := newRelation(total)
	for i, j := range jobs {
		for child := range n.count[i] {
			for _, k := range j.after {
				for other := range n.count[k] {
					r[n.first[i]+child][n.first[k]+other] = true
				}
			}
			for _, k := range j.pairs {
				r[n.first[i]+child][n.first[k]+child] = true
			}
			if j.sequential && child > 0 {
				r[n.first[i]+child][n.first[i]+child-1] = true
			}
		}
	}
	r.close()
	return r
}

// planned is the relation that a plan brings about, on the same numbers. Barriers get numbers behind those.
func planned(p *Plan, jobs []randomJob) relation {
	n, total := numbers(jobs)
	children := map[string][]int{}
	for i := range p.Steps {
		s := &p.Steps[i]
		if s.Kind == StepBarrier {
			children[s.Name], total = []int{total}, total+1
			continue
		}
		var job int
		_, _ = fmt.Sscanf(s.Job, "job%d", &job)
		for child := range max(1, arraySize(s.Input)) {
			children[s.Name] = append(children[s.Name], n.first[job]+s.Offset+child)
		}
	}
	r := newRelation(total)
	for i := range p.Steps {
		for _, d := range p.Steps[i].DependsOn {
			for k, child := range children[p.Steps[i].Name] {
				switch d.Type {
				case types.ArrayJobDependencyNToN:
					r[child][children[d.On][k]] = true
				case types.ArrayJobDependencySequential:
					if k > 0 {
						r[child][child-1] = true
					}
				default:
					for _, other := range children[d.On] {
						r[child][other] = true
					}
				}
			}
		}
	}
	r.close()
	return r
}

// The plan of a random workflow keeps exactly the order that the workflow asks for, within the limits of AWS Batch, with
// as few barriers as can be, and is the same however the dependencies are ordered. Arrays are cut at five children.
func TestPlanKeepsTheOrder(t *testing.T) {
	t.Parallel()
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 1))
		jobs := randomJobs(r)
		w := workflowOf(jobs)
		d := w.draftFor(5)
		if len(d.crowded) > 0 {
			t.Fatalf("seed %d: got no plan, although there is a barrier", seed)
		}
		p := d.plan()

		want, got := asked(jobs), planned(p, jobs)
		for i := range want {
			for k := range want {
				if want[i][k] != got[i][k] {
					t.Fatalf("seed %d: child %d after %d: got %v, want %v\n%s", seed, i, k, got[i][k], want[i][k], p)
				}
			}
		}
		for _, fault := range p.faults() {
			t.Errorf("seed %d: %v", seed, fault)
		}
		checkRemoved(t, seed, jobs, d, p, want)
		checkPairs(t, seed, jobs, p)
		checkBarriers(t, seed, p)
		checkEnds(t, seed, jobs, p, want)

		for i := range jobs {
			r.Shuffle(len(jobs[i].after), func(a, b int) {
				jobs[i].after[a], jobs[i].after[b] = jobs[i].after[b], jobs[i].after[a]
			})
			slices.Reverse(jobs[i].pairs)
			slices.Reverse(jobs[i].ended)
		}
		if diff := cmp.Diff(p.String(), workflowOf(jobs).draftFor(5).plan().String()); diff != "" {
			t.Fatalf("seed %d: another order of dependencies gave another plan: -want +got\n%s", seed, diff)
		}
		if t.Failed() {
			return
		}
	}
}

// checkRemoved sees that a dependency was removed if, and only if, there is another way from each child to each child.
func checkRemoved(t *testing.T, seed uint64, jobs []randomJob, d *draft, p *Plan, success relation) {
	t.Helper()
	want, removed := map[RemovedEdge]bool{}, map[RemovedEdge]bool{}
	for _, r := range p.Removed {
		removed[r] = true
	}
	n, total := numbers(jobs)
	detour := func(from, to int) bool {
		for via := range total {
			if success[from][via] && success[via][to] {
				return true
			}
		}
		return false
	}
	for i, j := range jobs {
		for _, k := range j.after {
			implied := true
			for child := range n.count[i] {
				for other := range n.count[k] {
					implied = implied && detour(n.first[i]+child, n.first[k]+other)
				}
			}
			if kept := slices.Contains(d.waits[i], waiting{on: k}); kept == implied {
				t.Errorf("seed %d: job %d after %d: kept %v, implied %v", seed, i, k, kept, implied)
			}
			if implied {
				want[RemovedEdge{Job: string(jobName(i)), On: string(jobName(k))}] = true
			}
		}
		for _, k := range j.ended {
			if !slices.ContainsFunc(d.gated[i], func(g gate) bool { return g.On == string(jobName(k)) }) {
				want[RemovedEdge{Job: string(jobName(i)), On: string(jobName(k))}] = true
			}
		}
	}
	if diff := cmp.Diff(want, removed); diff != "" {
		t.Errorf("seed %d: removed: -want +got\n%s", seed, diff)
	}
}

// checkPairs sees that no N_TO_N and no SEQUENTIAL got lost.
func checkPairs(t *testing.T, seed uint64, jobs []randomJob, p *Plan) {
	t.Helper()
	var want, got int
	for _, j := range jobs {
		parts := len(cut(j.size, 5))
		want += parts * len(j.pairs)
		if j.sequential {
			want += parts
		}
	}
	for _, s := range p.Steps {
		for _, d := range s.DependsOn {
			if d.Type != "" {
				got++
			}
		}
	}
	if got != want {
		t.Errorf("seed %d: got %d dependencies with a type, want %d", seed, got, want)
	}
}

// checkBarriers sees that nobody has too many dependencies, and that there are just as many barriers as it takes, no
// deeper than they must be.
func checkBarriers(t *testing.T, seed uint64, p *Plan) {
	t.Helper()
	steps := map[string]*Step{}
	depth := map[string]int{}
	for i := range p.Steps {
		steps[p.Steps[i].Name] = &p.Steps[i]
	}
	var leaves func(name string) []string
	leaves = func(name string) []string {
		if steps[name].Kind != StepBarrier {
			return []string{name}
		}
		var out []string
		for _, d := range steps[name].DependsOn {
			out = append(out, leaves(d.On)...)
			depth[name] = max(depth[name], depth[d.On]+1)
		}
		return out
	}
	type group struct{ plain, room, depth int }
	groups := map[string]group{}
	barriers, want := 0, 0
	for i := range p.Steps {
		s := &p.Steps[i]
		if len(s.DependsOn) > maxDependencies {
			t.Errorf("seed %d: %s has %d dependencies", seed, s.Name, len(s.DependsOn))
		}
		if s.Kind == StepBarrier {
			barriers++
			if len(s.DependsOn) < 2 {
				t.Errorf("seed %d: barrier %s joins nothing", seed, s.Name)
			}
			continue
		}
		var all []string
		room, deep := maxDependencies, 0
		for _, d := range s.DependsOn {
			if d.Type != "" {
				room--
				continue
			}
			all = append(all, leaves(d.On)...)
			deep = max(deep, depth[d.On])
		}
		if len(all) <= room && deep == 0 {
			continue
		}
		slices.Sort(all)
		key := fmt.Sprint(all)
		g, ok := groups[key]
		if !ok {
			g = group{plain: len(all), room: room, depth: deep}
		}
		g.room = min(g.room, room)
		groups[key] = g
	}
	for _, g := range groups {
		want += (g.plain - g.room + maxDependencies - 2) / (maxDependencies - 1)
		least := 0
		for reach := g.room; reach < g.plain; reach *= maxDependencies {
			least++
		}
		if g.depth != least {
			t.Errorf("seed %d: %d dependencies are %d barriers deep, want %d", seed, g.plain, g.depth, least)
		}
	}
	if barriers != want {
		t.Errorf("seed %d: got %d barriers, want %d", seed, barriers, want)
	}
}

// checkEnds sees that each job starts after the same ends with the gates that are left as with all of them: those of its
// own gates, those of the gates of jobs that must have succeeded, and those of these jobs themselves.
func checkEnds(t *testing.T, seed uint64, jobs []randomJob, p *Plan, success relation) {
	t.Helper()
	n, _ := numbers(jobs)
	whole := func(i, k int) bool { // i starts only after all of k
		for child := range n.count[k] {
			if !success[n.first[i]][n.first[k]+child] {
				return false
			}
		}
		return true
	}
	reached := func(i, k int) bool { // i starts only after a child of k
		return slices.Contains(success[n.first[i]][n.first[k]:n.first[k]+n.count[k]], true)
	}
	left := make([][]int, len(jobs))
	for _, s := range p.Steps {
		var i int
		if _, err := fmt.Sscanf(s.Job, "job%d", &i); err != nil || s.Offset > 0 {
			continue
		}
		for _, g := range s.Gates {
			var on int
			_, _ = fmt.Sscanf(g.On, "job%d", &on)
			left[i] = append(left[i], on)
		}
	}
	ends := func(i int, gates func(int) []int) []bool {
		out := make([]bool, len(jobs))
		for _, on := range gates(i) {
			out[on] = true
		}
		for k := range jobs {
			if k == i || !reached(i, k) {
				continue
			}
			out[k] = out[k] || whole(i, k)
			for _, on := range gates(k) {
				out[on] = true
			}
		}
		return out
	}
	for i := range jobs {
		want := ends(i, func(k int) []int { return jobs[k].ended })
		got := ends(i, func(k int) []int { return left[k] })
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("seed %d: job %d starts after other ends: -want +got\n%s", seed, i, diff)
		}
		for _, on := range left[i] {
			if whole(i, on) {
				t.Errorf("seed %d: the gate of job %d on %d is left, although it is implied", seed, i, on)
			}
		}
	}
}
