package validate

import (
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/depgraph"
)

const (
	jobDependency   = apiReference + "API_JobDependency.html"
	jobDependencies = userGuide + "job_dependencies.html"
)

var (
	// jobID is the form of every id seen. No document promises it.
	jobID = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}([:#][0-9]+)?$`)
	// partID is the id of a child of an array, or of a node.
	partID = regexp.MustCompile(`[:#][0-9]+$`)
)

// depRules are the rules of the dependencies between jobs: of one submission, and of the graph of a workflow.
var depRules = []Rule{
	{
		ID: "DEP001", Title: "a job has at most 20 dependencies",
		Severity: Error, Platforms: All, Source: serviceLimits,
		Service: "Job cannot have more than 20 dependencies",
		check: onSubmission(func(p *pass, s *submission) {
			if n := len(s.in.DependsOn); n > maxDependencies {
				p.fail(at("dependsOn"), "must be at most %d dependencies, found %d: make the jobs to wait for one array, which counts as one, or join them in groups of %d with small barrier jobs", maxDependencies, n, maxDependencies)
			}
		}),
	},
	{
		ID: "DEP002", Title: "the type of a dependency is N_TO_N, SEQUENTIAL or absent",
		Severity: Error, Platforms: All, Source: jobDependency,
		check: onDependency(func(p *pass, _ *submission, d *types.JobDependency) {
			if d.Type != "" && d.Type != types.ArrayJobDependencyNToN && d.Type != types.ArrayJobDependencySequential {
				p.fail(at("type"), "must be N_TO_N, SEQUENTIAL or absent, found %s", excerpt(string(d.Type)))
			}
		}),
	},
	{
		ID: "DEP003", Title: "an ordinary dependency has the id of a job",
		Severity: Error, Platforms: All, Source: jobDependency,
		reads: []string{"type"},
		check: onDependency(func(p *pass, _ *submission, d *types.JobDependency) {
			if d.Type == "" && str(d.JobId) == "" {
				p.fail(at("jobId"), "must be set: the id of the job to wait for")
			}
		}),
	},
	{
		// Programs in use, samples of AWS among them, have SEQUENTIAL beside the id of a job, and run.
		ID: "DEP004", Title: "SEQUENTIAL is for an array, and without the id of a job",
		Severity: Error, Platforms: All, Source: jobDependencies,
		reads: []string{"arrayProperties", "jobId", "size"},
		check: onDependency(func(p *pass, s *submission, d *types.JobDependency) {
			switch {
			case d.Type != types.ArrayJobDependencySequential:
			case d.JobId != nil:
				p.warn(at("type"), "should be absent beside the id of a job, which is waited for without it: SEQUENTIAL orders the children of one array, and stands in a dependency of its own")
			case !isArray(s.in):
				p.fail(at("type"), "must not be SEQUENTIAL in a job that is no array: it orders the children of one array, give arrayProperties or remove the dependency")
			}
		}),
	},
	{
		ID: "DEP005", Title: "SEQUENTIAL is listed once",
		Severity: Warning, Platforms: All, Source: userGuide + "example_array_job.html",
		reads: []string{"dependsOn", "type"},
		check: onSubmission(func(p *pass, s *submission) {
			seen := false
			for i := range s.in.DependsOn {
				if s.in.DependsOn[i].Type != types.ArrayJobDependencySequential {
					continue
				}
				if seen {
					p.fail(at("dependsOn", i), "must be listed once, found SEQUENTIAL again: remove it")
				}
				seen = true
			}
		}),
	},
	{
		// That the job is an array too is left to DEP007: programs in use have N_TO_N between plain jobs, and run.
		ID: "DEP006", Title: "N_TO_N has the id of a job",
		Severity: Error, Platforms: All, Source: jobDependencies,
		reads: []string{"type"},
		check: onDependency(func(p *pass, _ *submission, d *types.JobDependency) {
			if d.Type == types.ArrayJobDependencyNToN && str(d.JobId) == "" {
				p.fail(at("jobId"), "must be set with N_TO_N: the id of the array whose children to wait for")
			}
		}),
	},
	{
		// The documents show two arrays of one size, and do not say what happens to others.
		ID: "DEP007", Title: "N_TO_N joins two arrays of the same size",
		Severity: Warning, Platforms: All, Source: userGuide + "array_jobs.html",
		reads: []string{"arrayProperties", "size"},
		check: several{
			onDependency(func(p *pass, s *submission, d *types.JobDependency) {
				if d.Type == types.ArrayJobDependencyNToN && str(d.JobId) != "" && !isArray(s.in) {
					p.fail(at("type"), "should not be N_TO_N, because this job is no array and has no children to pair: an ordinary dependency, without a type, is the right form")
				}
			}),
			onWorkflow(unequalArrays),
		},
	},
	{
		// The form of a job's id is not documented, and files often hold a placeholder for an id to come.
		ID: "DEP008", Title: "a dependency names a job by its id",
		Severity: Error, Platforms: All, Source: jobDependency, Uncertain: true,
		check: onDependency(func(p *pass, _ *submission, d *types.JobDependency) {
			if id := str(d.JobId); known(id) && !jobID.MatchString(id) {
				p.fail(at("jobId"), "must be the id of a job, as SubmitJob returns it, found %s: a job's name or ARN does not do", excerpt(id))
			}
		}),
	},
	{
		ID: "DEP010", Title: "a job is depended on once",
		Severity: Warning, Platforms: All, Source: jobDependency,
		reads: []string{"dependsOn", "jobId"},
		check: several{
			onSubmission(func(p *pass, s *submission) {
				deps := s.in.DependsOn
				for i := range deps {
					if id := str(deps[i].JobId); known(id) && slices.ContainsFunc(deps[:i], func(d types.JobDependency) bool { return str(d.JobId) == id }) {
						p.fail(at("dependsOn", i, "jobId"), "must be listed once, found %s again: keep one of them", excerpt(id))
					}
				}
			}),
			onWorkflow(func(p *pass, jobs []Job) {
				for i := range jobs {
					seen := make(map[string]bool, len(jobs[i].DependsOn))
					for k, d := range jobs[i].DependsOn {
						if d.On != "" && seen[d.On] {
							p.fail(edgeOf(&jobs[i], k), "must be listed once, found %s again: keep one of them", excerpt(d.On))
						}
						seen[d.On] = true
					}
				}
			}),
		},
	},
	{
		ID: "DEP011", Title: "the dependencies of a workflow make no cycle",
		Severity: Error, Platforms: All, Source: jobDependencies,
		check: onWorkflow(jobCycles),
	},
	{
		ID: "DEP012", Title: "the names of a workflow's jobs are unique, and every dependency is one of them",
		Severity: Error, Platforms: All, Source: jobDependencies,
		check: onWorkflow(jobNames),
	},
	{
		ID: "DEP017", Title: "a dependency is on a whole job, not on a child or a node",
		Severity: Warning, Platforms: All, Source: jobDependency, Uncertain: true,
		check: onDependency(func(p *pass, _ *submission, d *types.JobDependency) {
			if id := str(d.JobId); known(id) && jobID.MatchString(id) && partID.MatchString(id) {
				p.fail(at("jobId"), "should be the id of a whole job, found that of a child or a node: no document says that this works, N_TO_N pairs the children of two arrays")
			}
		}),
	},
}

// onDependency sees each dependency of a submission, the path leading to it.
func onDependency(check func(*pass, *submission, *types.JobDependency)) onSubmission {
	return func(p *pass, s *submission) {
		for i := range s.in.DependsOn {
			p.enterAt("dependsOn", i)
			check(p, s, &s.in.DependsOn[i])
			p.leave(2)
		}
	}
}

// known reports whether an id is there, and is that of a job submitted before.
func known(id string) bool { return id != "" && !strings.HasPrefix(id, unsubmitted) }

// placeOf is the path of a job of a workflow.
func placeOf(j *Job) string { return "jobs[" + j.Name + "]" }

// edgeOf is the path of a job's nth dependency. Those of the submission itself come before it.
func edgeOf(j *Job, n int) []any {
	if j.Input != nil {
		n += len(j.Input.DependsOn)
	}
	return at(placeOf(j), "dependsOn", n)
}

// graphOf is the graph of a workflow. SEQUENTIAL is about one array and makes no edge.
func graphOf(jobs []Job) *depgraph.Graph[string] {
	var g depgraph.Graph[string]
	g.Grow(len(jobs), len(jobs))
	for i := range jobs {
		g.Add(jobs[i].Name)
		for _, d := range jobs[i].DependsOn {
			if isEdge(d) {
				g.Depend(jobs[i].Name, d.On)
			}
		}
		for _, name := range jobs[i].Follows {
			g.Depend(jobs[i].Name, name)
		}
	}
	return &g
}

func isEdge(d Dependency) bool {
	return d.On != "" && d.Type != types.ArrayJobDependencySequential
}

// byName finds the first job of each name.
func byName(jobs []Job) map[string]*Job {
	m := make(map[string]*Job, len(jobs))
	for i := range jobs {
		if m[jobs[i].Name] == nil {
			m[jobs[i].Name] = &jobs[i]
		}
	}
	return m
}

func jobCycles(p *pass, jobs []Job) {
	fault := faultsOf(graphOf(jobs))
	if len(fault.Cycles) == 0 {
		return
	}
	find := byName(jobs)
	for _, c := range fault.Cycles {
		// A name that two jobs share can close a circle that is none: DEP012 comes first.
		if slices.ContainsFunc(c.Path, func(name string) bool { return isDuplicate(fault, name) }) {
			continue
		}
		first, next := find[c.Path[0]], c.Path[1%len(c.Path)]
		edge := edgeTo(first, next)
		if next == first.Name {
			p.fail(edge, "must name another job, found %s itself: remove the dependency", excerpt(next))
			continue
		}
		p.fail(edge, "must not lead back to its own job, found the cycle %s: no order of submission satisfies it, remove one dependency", cycleText(c.Path))
	}
}

// edgeTo is the path of a job's dependency on the job of that name, which is there.
func edgeTo(j *Job, name string) []any {
	if n := slices.IndexFunc(j.DependsOn, func(d Dependency) bool { return isEdge(d) && d.On == name }); n >= 0 {
		return edgeOf(j, n)
	}
	return gateOf(j, slices.Index(j.Follows, name))
}

// gateOf is the path of the nth of the jobs that a job follows.
func gateOf(j *Job, n int) []any { return at(placeOf(j), "gates", n) }

func isDuplicate(fault *depgraph.ResolveError[string], name string) bool {
	return slices.ContainsFunc(fault.Duplicates, func(d *depgraph.DuplicateError[string]) bool { return d.Key == name })
}

func jobNames(p *pass, jobs []Job) {
	fault := faultsOf(graphOf(jobs))
	for _, d := range fault.Duplicates {
		p.fail(at("jobs["+d.Key+"]"), "must be unique in the workflow, found %d jobs of that name: rename them, a dependency could mean any", d.Count)
	}
	unknown := make(map[string]bool, len(fault.Unknowns))
	for _, u := range fault.Unknowns {
		unknown[u.Key] = true
	}
	for i := range jobs {
		for k, d := range jobs[i].DependsOn {
			if isEdge(d) && unknown[d.On] {
				p.fail(edgeOf(&jobs[i], k), "must name a job of the workflow, found %s: add that job, or put the id of one already submitted into the submission's dependsOn", excerpt(d.On))
			}
		}
		for k, name := range jobs[i].Follows {
			if unknown[name] {
				p.fail(gateOf(&jobs[i], k), "must name a job of the workflow, found %s: add that job", excerpt(name))
			}
		}
	}
}

// unequalArrays reports N_TO_N of an array on a job of the workflow that is no array of its size.
func unequalArrays(p *pass, jobs []Job) {
	find := byName(jobs)
	for i := range jobs {
		size := jobs[i].children()
		if size == 0 {
			continue // Reported for the submission itself.
		}
		for k, d := range jobs[i].DependsOn {
			on := find[d.On]
			if d.Type != types.ArrayJobDependencyNToN || d.On == "" || on == nil {
				continue
			}
			switch n := on.children(); n {
			case size:
			case 0:
				p.fail(append(edgeOf(&jobs[i], k), "type"), "should not be N_TO_N, because job %s is a plain job and not an array of the same size, %d: an ordinary dependency, without a type, is the right form", excerpt(d.On), size)
			default:
				p.fail(append(edgeOf(&jobs[i], k), "type"), "should not be N_TO_N, because job %s is not an array of the same size, found %d and here %d: make them equal, or use an ordinary dependency, without a type", excerpt(d.On), n, size)
			}
		}
	}
}
