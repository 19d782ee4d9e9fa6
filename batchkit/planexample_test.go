package batchkit_test

import (
	"fmt"

	"github.com/batchkit/batchkit-go/batchkit"
)

// A job for each customer. An array would do it in one call, if the children looked up their customer by their index.
func ExampleEach() {
	def := batchkit.ContainerRef("report")
	customers := []string{"ada", "bob", "cleo", "dan", "eve", "finn", "gus", "hal", "ida", "jo", "kim"}

	wf := batchkit.NewWorkflow("nightly")
	load := wf.Add(batchkit.Job("load", "queue", def))
	reports := batchkit.Each(wf, batchkit.Job("report", "queue", def).Retry(3), customers,
		func(job batchkit.ContainerJob, customer string) batchkit.ContainerJob {
			return job.Named("report-"+customer).Param("customer", customer)
		},
		batchkit.After(load))
	wf.Add(batchkit.Job("mail", "queue", def), batchkit.After(reports...))

	plan, err := wf.Plan()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(plan.Calls(), "calls in", plan.Duration())
	for _, saving := range plan.Savings {
		fmt.Println(saving)
	}
	// Output:
	// 13 calls in 260ms
	// report-ada to report-kim (11 jobs): 1 call instead of 11
}

// A job that waits for 25 others, of which AWS Batch takes 20: a barrier joins six of them.
func ExampleWorkflow_Barrier() {
	wf := batchkit.NewWorkflow("fan-in")
	wf.Barrier(batchkit.Job("barrier", "small-queue", batchkit.ContainerRef("nothing")))
	parts := batchkit.Each(wf, batchkit.Job("part", "queue", batchkit.ContainerRef("part")), make([]struct{}, 25),
		func(job batchkit.ContainerJob, _ struct{}) batchkit.ContainerJob { return job })
	wf.Add(batchkit.Job("join", "queue", batchkit.ContainerRef("join")), batchkit.After(parts...))

	plan, err := wf.Plan()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, step := range plan.Steps[25:] {
		fmt.Println(step.Name, "waits for", len(step.DependsOn), "in", *step.Input.JobQueue)
	}
	// Output:
	// barrier-join-1 waits for 6 in small-queue
	// join waits for 20 in queue
}

// An array of more than 10,000 children is cut. Package task adds up the index in the container.
func ExampleJobRequest_Array() {
	wf := batchkit.NewWorkflow("pixels")
	render := wf.Add(batchkit.Job("render", "queue", batchkit.ContainerRef("render")).Array(25_000))
	wf.Add(batchkit.Job("check", "queue", batchkit.ContainerRef("check")).Array(25_000), batchkit.NToN(render))
	wf.Add(batchkit.Job("show", "queue", batchkit.ContainerRef("show")), batchkit.After("check"))

	plan, err := wf.Plan()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(plan)
	for _, v := range plan.Steps[1].Input.ContainerOverrides.Environment {
		fmt.Println(*v.Name, *v.Value)
	}
	// Output:
	// plan "pixels": 7 calls (0 definitions, 7 submissions)
	// waves: 3, critical path: render-part-1 → check-part-1 → show
	// time to submit: 140ms at 50 a second
	//
	// WAVE  STEP           KIND                     DEFINITION  WAITS FOR
	// 0     render-part-1  children 0 to 8332       render      -
	// 0     render-part-2  children 8333 to 16665   render      -
	// 0     render-part-3  children 16666 to 24999  render      -
	// 1     check-part-1   children 0 to 8332       check       render-part-1 (n to n)
	// 1     check-part-2   children 8333 to 16665   check       render-part-2 (n to n)
	// 1     check-part-3   children 16666 to 24999  check       render-part-3 (n to n)
	// 2     show           job                      show        check-part-1, check-part-2, check-part-3
	// BATCHKIT_ARRAY_OFFSET 8333
	// BATCHKIT_ARRAY_SIZE 25000
}

// A plan as a text. Of the jobs that merge waits for split is left out, since it waits for encode anyway.
func ExamplePlan_String() {
	def := batchkit.ContainerRef("film:3")
	wf := batchkit.NewWorkflow("film")
	split := wf.Add(batchkit.Job("split", "queue", def))
	encode := wf.Add(batchkit.Job("encode", "queue", def).Array(100), batchkit.After(split))
	wf.Add(batchkit.Job("merge", "queue", def), batchkit.After(split, encode))

	plan, err := wf.Plan()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(plan)
	// Output:
	// plan "film": 3 calls (0 definitions, 3 submissions)
	// waves: 3, critical path: split → encode → merge
	// time to submit: 60ms at 50 a second
	// removed, since others imply it: 1
	//   merge waits for split
	//
	// WAVE  STEP    KIND          DEFINITION  WAITS FOR
	// 0     split   job           film:3      -
	// 1     encode  array of 100  film:3      split
	// 2     merge   job           film:3      encode
}

// A job that cleans up whatever happens, one that tells of a failure, and one that runs after a slow night. AWS Batch
// has no such dependencies: the run stays attached.
func ExampleAfterEnd() {
	def := batchkit.ContainerRef("night")
	wf := batchkit.NewWorkflow("nightly")
	load := wf.Add(batchkit.Job("load", "queue", def))
	report := wf.Add(batchkit.Job("report", "queue", def), batchkit.After(load))
	wf.Add(batchkit.Job("clean", "queue", def), batchkit.AfterEnd(load, report))
	wf.Add(batchkit.Job("alarm", "queue", def), batchkit.AfterFailure(load, report))
	tooLong := func(r batchkit.JobResult) bool { return r.Stopped.Sub(r.Started).Hours() > 6 }
	wf.Add(batchkit.Job("tune", "queue", def), batchkit.When("too long", tooLong, report))

	plan, err := wf.Plan()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, step := range plan.Steps {
		fmt.Println(step.Wave, step.Name, step.Gates)
	}
	fmt.Println("attached:", plan.Attached(), plan.Deferred())
	// Output:
	// 0 load []
	// 1 report []
	// 2 clean [load ENDED report ENDED]
	// 2 alarm [load FAILED report FAILED]
	// 2 tune [report too long]
	// attached: true [clean alarm tune]
}
