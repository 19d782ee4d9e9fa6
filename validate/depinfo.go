package validate

import "strings"

// depInfoRules say what the dependencies of jobs mean. They are judged with [Strict] only.
var depInfoRules = []Rule{
	{
		ID: "DEP013", Title: "the jobs of a workflow are submitted after those that they depend on",
		Severity: Info, Platforms: All, Source: jobDependencies,
		check: onWorkflow(func(p *pass, jobs []Job) {
			order, err := graphOf(jobs).Resolve()
			if err != nil || len(order.Waves()) < 2 {
				return // DEP011 and DEP012; or no order is needed
			}
			p.fail(here, "is submitted in %d steps, in this order: %s", len(order.Waves()), someNames(order.Sequence()))
		}),
	},
	{
		ID: "DEP015", Title: "a job runs only when those that it depends on succeed",
		Severity: Info, Platforms: All, Source: jobDependencies,
		reads: []string{"jobName"},
		check: onSubmission(func(p *pass, s *submission) {
			if len(s.in.DependsOn) > 0 && cleansUp(str(s.in.JobName)) {
				p.fail(at("dependsOn"), "means that this job runs after a success only, and its name says that it is to run in any case: AWS Batch has no such dependency, start it by an event of Amazon EventBridge")
			}
		}),
	},
	{
		ID: "DEP016", Title: "an ordinary dependency on an array waits for all of its children",
		Severity: Info, Platforms: All, Source: userGuide + "example_array_job.html",
		reads: []string{"arrayProperties", "size"},
		check: onWorkflow(func(p *pass, jobs []Job) {
			find := byName(jobs)
			for i := range jobs {
				for k, d := range jobs[i].DependsOn {
					if on := find[d.On]; on != nil && d.Type == "" && on.children() > 0 && jobs[i].children() > 0 {
						p.fail(edgeOf(&jobs[i], k), "waits for all children of the array %s before the first child starts: N_TO_N pairs the children of arrays of one size", excerpt(d.On))
					}
				}
			}
		}),
	},
	{
		// The jobs further down a chain are in the list of its first one.
		ID: "DEP018", Title: "a failure reaches every job down the chain",
		Severity: Info, Platforms: All, Source: jobDependencies,
		check: onWorkflow(func(p *pass, jobs []Job) {
			order, err := graphOf(jobs).Resolve()
			if err != nil {
				return
			}
			for i := range jobs {
				name := jobs[i].Name
				if reached := order.Downstream(name); len(order.Dependencies(name)) == 0 && len(reached) > len(order.Dependents(name)) {
					p.fail(at(placeOf(&jobs[i])), "takes %d jobs with it when it fails for good: %s", len(reached), someNames(reached))
				}
			}
		}),
	},
}

var notJudgedDEP = []NotJudged{
	{"DEP009", "the job depended on still exists", "an id does not tell when its job ended, seven days after which the service may forget it"},
	{"DEP014", "more than 20 jobs to wait for are split into levels", "DEP001 judges it, and says how to split them"},
	{"DEP019", "a job depended on ended less than seven days ago", "an id does not tell when its job ended"},
}

// cleansUp reports whether the name of a job says that it is to run whatever happened before.
func cleansUp(name string) bool {
	plain := strings.NewReplacer("-", "", "_", "").Replace(strings.ToLower(name))
	for _, word := range [...]string{"cleanup", "teardown", "finally", "onfailure", "onerror"} {
		if strings.Contains(plain, word) {
			return true
		}
	}
	return false
}

// someNames lists names for a message, and cuts a list that is too long to read.
func someNames(names []string) string {
	const most = 20
	if len(names) > most {
		return strings.Join(names[:most], ", ") + " and more"
	}
	return strings.Join(names, ", ")
}
