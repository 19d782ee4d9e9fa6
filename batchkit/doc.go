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
// Submit and watch. A [Client] stands on the SDK's, through the small interface [API].
//
//	client := batchkit.NewClient(batch.NewFromConfig(cfg))
//	run, err := client.Submit(ctx, plan)
//	result, err := run.Wait(ctx)
//
// Whatever a type can rule out does not compile. A definition carries the kind of override that fits it as a type
// parameter, inferred from its payload: to give a containerOverrides to a job of several containers, which AWS Batch
// refuses, is an error of the compiler, for a [Definition] made here and for a [Reference] to a registered one. So are
// nodes on Fargate, and groups of nodes that differ in their kind of payload.
//
// Builders are immutable values: a method returns a changed copy, so they may be shared and forked. They cannot fail.
// SDK types come in and go out everywhere, so a program may use any part of this package without the others.
package batchkit
