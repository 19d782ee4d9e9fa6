// Package batchkit defines, plans, submits and watches AWS Batch jobs.
//
// Define. A job definition is made of its payload: a container on [EC2] or on [Fargate], a task of several containers
// from package ecsprops, a pod on Amazon EKS from package eksprops, or the [Nodes] of a multi-node parallel job.
// [Definition.Build] gives the SDK's request, checked by every rule of package validate; all faults come at once.
//
//	def := batchkit.Define("resize",
//		batchkit.Fargate("public.ecr.aws/acme/resize:1").
//			Command("resize", "Ref::input").VCPU(0.5).Memory(1*batchkit.GiB).
//			ExecutionRole("arn:aws:iam::123456789012:role/exec")).
//		Param("input", "s3://acme/in.jpg").Retry(3).Timeout(10 * time.Minute)
//
// Groups of nodes are given by how many nodes they have and by what these run; which numbers the nodes have follows.
//
//	solve := batchkit.Define("solve", batchkit.Nodes(batchkit.Main(leader), batchkit.Workers(7, follower)))
//
// The causes for which an attempt is repeated have names: Retry(5, batchkit.RetryOn(batchkit.SpotReclaim())...). Log
// configurations, file systems and Linux parameters are made by package parts.
//
// A definition that exists already, as the SDK's struct or as JSON, becomes a builder by [FromInput] and [FromJSON].
// [Client.EnsureDefinition] registers a definition only if no active revision says the same, and tells what has changed.
//
// Plan. A [Workflow] is a graph of jobs. [Workflow.Plan] checks and orders it without sending anything.
//
//	wf := batchkit.NewWorkflow("stress")
//	leader := wf.Add(batchkit.Job("leader", queue, leaderDef))
//	wf.Add(batchkit.Job("follower", queue, followerDef).Array(12), batchkit.After(leader))
//	plan, err := wf.Plan()
//
// The plan keeps within the limits of AWS Batch: it leaves out dependencies that others imply, joins more than twenty by
// the barriers of [Workflow.Barrier], and cuts arrays of more than 10,000 children, whose programs find their index by
// package task. [Each] adds many jobs that are nearly the same. [AfterEnd], [AfterFailure] and [When] are dependencies
// that AWS Batch has not, for a run that stays attached. A plan can be printed, stored as JSON, and told by its digest.
//
// Submit and watch. A [Client] stands on the SDK's, through the small interface [API].
//
//	client := batchkit.NewClient(batch.NewFromConfig(cfg))
//	run, err := client.Submit(ctx, plan)
//	result, err := run.Wait(ctx)
//
// [Run.Events] yields each change, [Run.Children] what became of the children of an array. Jobs that stay RUNNABLE are told of
// with what keeps them; see [Explain]. A service that must not poll gives the events of Amazon EventBridge to a [Feed].
// Package report says on a page why a run failed, and package batchtest is AWS Batch for the tests of all that.
//
// Each job of a plan is submitted once, whatever happens. A submission that was interrupted goes on where it stopped: with
// the journal of [OpenJournal], or from any machine with the [RunID] alone. [Client.Open] finds a run again.
//
// Whatever a type can rule out does not compile. A definition carries the kind of override that fits it as a type
// parameter, inferred from its payload: to give a containerOverrides to a job of several containers, which AWS Batch
// refuses, is an error of the compiler, for a [Definition] made here and for a [Reference] to a registered one. So are
// nodes on Fargate, and groups of nodes that differ in their kind of payload.
//
// Builders are immutable values: a method returns a changed copy, so they may be shared and forked. Where the
// documentation says B, that is the type of the receiver. They cannot fail.
// SDK types come in and go out everywhere, so a program may use any part of this package without the others.
package batchkit
