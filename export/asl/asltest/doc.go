// Package asltest runs state machines that submit jobs to AWS Batch, in process: what package asl writes, and those that
// people write by hand to compare with. The jobs go to a client, for instance that of the embedded service in package
// batchtest; inside a testing/synctest bubble hours of waiting pass in no time.
//
//	execution, err := asltest.Run(ctx, srv.Client(), machine.JSON(), nil)
//
// It knows the states Task, Wait, Choice, Parallel, Map, Pass, Succeed and Fail with Retry and Catch; the integrations
// batch:submitJob, batch:submitJob.sync, aws-sdk:batch:submitJob, aws-sdk:batch:listJobs and aws-sdk:batch:describeJobs,
// and Lambda functions that are Go functions here ([WithFunction]). Of JSONPath it knows names, indexes and wildcards, and
// the intrinsic functions States.Array, States.Format, States.Hash, States.JsonToString and States.StringToJson; of JSONata
// what package asl writes: paths, literals, constructors, comparison, and, or, & and a few functions. Whatever else a
// machine holds is refused with an [UnsupportedError] and not guessed.
//
// As Step Functions does, a .sync task adds the variable MANAGED_BY_AWS to the job's containerOverrides, whatever the
// definition. So a job of several containers is refused here as it is there.
package asltest
