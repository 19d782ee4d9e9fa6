// Package asl writes the plan of a workflow as a state machine of AWS Step Functions ([Export]), and finds in state
// machines that exist what AWS Batch will refuse ([Analyse]).
//
//	machine, _, err := asl.Export(plan, asl.Options{})
//	definition := machine.JSON()
//
// # The trap
//
// The integration arn:aws:states:::batch:submitJob.sync adds the variable MANAGED_BY_AWS to the containerOverrides of each
// job, to know it again. AWS Batch refuses these for all jobs but those of one container: "Container overrides should not
// be set for ecsProperties jobs." So a job gets that integration only if it is known to take containerOverrides. All
// others are submitted through the SDK integration arn:aws:states:::aws-sdk:batch:submitJob, which sends what it is given,
// and are then looked at until they have ended.
//
// # Order
//
// The structure of the machine is that of the plan: jobs one after another, and Parallel states for what does not depend
// on each other. An order that is not made of these two alone, as where c waits for a and b, and d for b only, is kept by
// letting some jobs wait for more than they must; a finding says so. Arrays that are tied index by index (N_TO_N) are
// submitted together, with dependsOn, and so is what stands between them. [Options.Native] does so with the whole plan.
//
// # Failure
//
// The first failed job ends the execution, with the error batchkit.JobFailed and the service's status reason as its cause;
// for a .sync task it is Step Functions' own States.TaskFailed, whose cause is the job's description. [Options.KeepGoing]
// lets the rest run on as far as it does not wait for the failed job, and fails in the end. A plan with gates (AfterEnd,
// AfterFailure) always does: a Choice asks for the outcome of the jobs waited for. A condition (When) is a Go function and
// is refused.
//
// # No job twice
//
// SubmitJob has no client token. The machine repeats what was throttled, and nothing else. Each job has a name made of a
// hash of the execution's id and the name of the step. Before a job is submitted through the SDK integration ListJobs is
// asked for that name, and again a minute after a call that ended without a clear answer; a job that is there is taken for
// the execution's own. What remains is a job that ListJobs does not show for more than a minute. The .sync integration
// cannot look; there, a call without a clear answer fails the execution. A redriven execution has the same id and finds its
// old jobs, failed ones too: start a new execution to run them again.
//
// Names and tags are those of package batchkit's client, so the jobs of an execution can be found as a run of it. The
// role of the machine needs what [github.com/batchkit/batchkit-go/export/iam.StateMachine] allows.
//
// # Limits
//
// A definition has at most 1 MiB, of which a job that is looked at takes some 3 KiB without indentation, and 4 KiB where the
// machine keeps going. Names of states have at most 80 characters and are unique in the machine. The plan's definitions are
// named, not contained: register them first. Where the machine keeps going, outcomes are passed from state to state, some
// hundred bytes a job; Step Functions allows 256 KiB. Whatever cannot be expressed is refused with all reasons at once, and
// no machine is made with a part missing.
//
// [github.com/batchkit/batchkit-go/export/asl/asltest] runs machines in tests.
package asl
