// Package ecsprops builds ecsProperties: AWS Batch jobs of one to ten containers that start in an order,
// share volumes, and of which the essential ones decide the outcome.
//
// A task is made of containers. [Essential] and [NonEssential] return different types, because AWS Batch lets a
// container wait for the end of a non-essential one only: AfterComplete and AfterSuccess take a
// [NonEssentialContainer], and to pass them an essential one does not compile.
//
//	cli := ecsprops.NonEssential("aws-cli", "public.ecr.aws/aws-cli/aws-cli:2.15.0").
//		VCPU(1).Memory(256).Mount("cli", "/usr/local/aws-cli")
//	app := ecsprops.Essential("app", "public.ecr.aws/amazonlinux/amazonlinux:2023").
//		VCPU(1).Memory(1024).Mount("cli", "/usr/local/aws-cli").
//		AfterComplete(cli).Command("/usr/local/aws-cli/v2/current/bin/aws", "s3", "ls")
//	task := ecsprops.EC2(cli, app).Volume("cli")
//
// [EC2], [Fargate] and [ManagedInstances] return different types too: each has the methods that its platform knows. A task is a payload
// of batchkit.Define, and its Properties method gives the SDK's struct to those who need no batchkit.
//
// All builders are immutable values: a method returns a changed copy and leaves its receiver alone, so a builder may
// be shared and forked. Where the documentation says B, that is the type of the receiver. No method fails; what is wrong
// is found by package validate, all at once.
package ecsprops
