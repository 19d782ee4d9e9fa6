// Package eksprops builds eksProperties: AWS Batch jobs of one pod on Amazon EKS, with containers, init containers,
// volumes that they share, and overrides.
//
// A pod is made of containers. [App] and [Init] return different types, because a pod needs an application container
// and treats init containers in their own way: they run first, one after the other, each to its success. To pass one
// for the other does not compile, nor does a pod of no container.
//
//	tool := eksprops.Init("tool", "public.ecr.aws/aws-cli/aws-cli:2.15.0").
//		CPU(0.25).Memory(256).Mount("tools", "/tools").
//		Command("cp", "-a", "/usr/local/aws-cli/.", "/tools")
//	app := eksprops.App("app", "public.ecr.aws/amazonlinux/amazonlinux:2023").
//		CPU(1).Memory(1024).MountReadOnly("tools", "/usr/local/aws-cli").
//		Command("/usr/local/aws-cli/v2/current/bin/aws").Args("s3", "ls")
//	pod := eksprops.Pod(app).Init(tool).EmptyDir("tools")
//
// Limits and requests of resources agree by construction: Memory and GPU set both to one figure, as AWS Batch demands,
// and CPU figures are whole quarters of which the request is never the greater.
//
// A pod has no essential containers and no dependencies: each container counts, and one that exits with another code
// than 0 fails the job. One that never exits keeps the job running.
//
// A pod is a payload of batchkit.Define and of batchkit's node groups, and its Properties method gives the SDK's struct
// to those who need no batchkit. All builders are immutable values: a method returns a changed copy and leaves its
// receiver alone, so a builder may be shared and forked. Where the documentation says B, that is the type of the
// receiver. No method fails; what is wrong is found by package validate, all at once.
package eksprops
