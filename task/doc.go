// Package task tells a program that runs in a container of AWS Batch what it is: which child of an array, which attempt,
// which node. It reads the variables that AWS Batch sets
// (https://docs.aws.amazon.com/batch/latest/userguide/job_env_vars.html), and those that batchkit adds to the parts of
// an array of more than 10,000 children, which one array of AWS Batch cannot have.
//
//	index, err := task.Index()
//	if err != nil {
//		log.Fatal(err)
//	}
//	process(files[index])
//
// [Read] returns all of it, and [From] reads it from elsewhere than the environment, for tests.
//
// The package imports the standard library only, so it costs a container nothing.
package task
