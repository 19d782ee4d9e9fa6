// Package batchtest is AWS Batch inside a Go program, for tests and for trying
// things out: no account, no network, no container engine.
//
//	s := batchtest.Start(t)
//	s.Image("app", batchtest.Image{Run: batchtest.Exit(0)})
//	client := s.Client() // the real *batch.Client of the AWS SDK
//
// The SDK's client talks to a [Server] in its own wire protocol, so requests
// are serialised, signed, retried and decoded as against the real service.
// Other languages and tools reach it over loopback: a Server is an
// [http.Handler].
//
// # What it promises
//
// A Server refuses what the service refuses, in the service's words where they
// are known: each request passes package validate. Jobs then move through the
// states of AWS Batch, with dependencies, arrays, retries, timeouts, several
// containers a task, pods and several nodes a job, and run what was registered
// for their image: a Go function, an outcome that is only said (see [Script]),
// the command as a local process or, with the module batchtest/docker, a real
// container. Each operation has a file of its own, named after it, that opens
// with the behaviour promised; those that are left out answer
// NotImplementedException. Package batchtest/conformance checks what clients
// rely on, here and at AWS Batch itself.
//
// # Faults, and what was asked
//
// [Server.Inject] has ready-made faults: throttling, server faults before and
// after acceptance, lost answers, late visibility, finished jobs that vanish.
// They follow the seed, so a failing run repeats. [Server.SpotLoss] and
// [Server.LoseHost] end attempts as the loss of a host does. For anything else
// there is [Server.Intercept], which sees each request first.
//
// [Server.Requests] and [Inputs] give what was asked as inputs of the SDK, and
// jobs of a [Manual] image end when [Server.Finish] says so. Package
// batchtest/batchcmp has the options with which go-cmp compares such inputs.
//
// # The job queue "default"
//
// A Server begins with the compute environment "default", which takes jobs of
// every platform, and the enabled job queue "default" on it. That is a
// convenience AWS Batch does not have. A queue that a test creates takes the
// platforms of its own compute environments, as in the service.
//
// # Waiting in RUNNABLE
//
// Each queue is a line, first come first served, or by shares where it has a
// fair-share policy. Its first job waits until a compute environment of the queue
// is ENABLED and has room for it, in the order of the queue, and until there is
// enough of every consumable resource it needs; those behind it wait as well. Of
// queues that wait for the same compute environment the one with the higher
// priority is served first, and what its first job cannot use goes to the next.
// What keeps a job that can never be placed, or lacks an instance type that is out
// of stock, is its status reason, in the service's words, and what
// jobStateTimeLimitActions react to.
//
// A consumable resource is locked from STARTING to the end of the attempt, by each
// child of an array for itself and by a multi-node parallel job for all its ranges
// of nodes together. A job that needs one which does not exist waits until it is
// created.
//
// # Capacity
//
// A compute environment of instances launches them when jobs need them, and ends
// them when they are idle, of the types and up to the vCPUs it was created with;
// [Server.LimitInstances] puts types out of stock. Jobs take vCPUs, memory and
// GPUs; containers of a task add up. Fargate has what jobs ask for, up to
// maxvCpus. The compute environment "default" counts jobs; see [WithCapacity].
// [Server.Utilization] says how long all took and what was used, so that a night
// of work can be tried out with other environments.
//
// Of this the service documents the aims and not the figures. Here,
//
//   - what jobs ask for is what they take: vCPUs are not shared;
//   - instances are there at once, and an idle one ends as soon as no job needs it,
//     or after minScaleDownDelayMinutes, but for those of minvCpus and those that
//     were desired and have had no job yet; one that is idle gives way to another;
//   - BEST_FIT launches the smallest type that will do, and waits where that is out
//     of stock. The other strategies take types with less memory and fewer GPUs for
//     each vCPU first, smaller ones first, and the next where one is out of stock.
//     Prices and Spot markets are not emulated;
//   - a job goes to the instance with the fewest free vCPUs that has room for it;
//   - strategies that may exceed maxvCpus by an instance do so only where no other
//     type would do;
//   - each node of a multi-node parallel job has an instance for itself, all of the
//     first type that will do;
//   - an instance of Amazon ECS has 7985/8192 of its memory, as the m4.large of the
//     user guide, less the 32 MiB of the agent; one of Amazon EKS has what the images
//     of Amazon EKS leave by default, with the usual number of pods;
//   - a share has had the vCPUs its jobs use, and those they used on average within
//     shareDecaySeconds, 600 where there are none, older use counting for less by
//     an exponential; the share goes first for which that, times its weight, is least.
//     Jobs of an array are one by one in this;
//   - computeReservation is kept free of each compute environment of the queue, but
//     never keeps a queue from running its only job;
//   - compute resources are not checked against what exists in an account.
//
// # Where the service documents nothing
//
// In an N_TO_N dependency, a child whose index has no counterpart waits for
// the whole job it depends on, and so do all children when that job is not an
// array. SEQUENTIAL beside the id of a job waits for that job too.
// Children of an array exist from its submission on, in PENDING.
// Of several containers, the exit code that evaluateOnExit sees is that of the
// first essential container, in order of the definition, that failed, or of
// the container that kept the others from starting.
//
// # Pods
//
// The init containers of a pod run in order, each to exit code 0, while the job
// is STARTING. Then all others start together, and the attempt ends when all of
// them have ended: the failure of one does not stop the others, but fails the
// attempt. As in Kubernetes, command replaces the ENTRYPOINT of the image, args
// replace its CMD (see [Image]), and $(NAME) in either becomes the value of a
// variable. Status reasons of pods are not documented and are made up here;
// those of containers are the words of Kubernetes. Ref::name words are
// substituted in command and args alike. A container that is not given a name
// is called "default".
//
// # Several nodes
//
// The main node of a multi-node parallel job starts first, and the job is
// RUNNING when it is. Then the other nodes start. When the main node ends, the
// others are stopped, and when all have stopped the job ends as the main node
// did, or is tried again as a whole; how another node ends matters to nobody.
// Nodes have the id job#index, wait in PENDING and RUNNABLE with their job, and
// end by their own containers: one that is stopped is FAILED unless its
// containers exit with 0. A retry takes all nodes back to RUNNABLE. Of this only
// the order, the result and the retry are documented.
//
// # Volumes
//
// A volume without a source path is a temporary folder that lives as long as
// the task; so is the emptyDir of a pod. One with host.sourcePath or hostPath
// is a folder of an emulated host, which lives as long as the Server and is
// never that path of the real machine; each node of a multi-node parallel job
// has a host of its own, the first of which runs all other jobs too. EFS and S3
// file systems, secrets and persistent volume claims are one folder each, empty
// until a container writes there. On EC2, as Docker does, an empty volume of an
// ECS task is filled with what the image holds below the mount point when a
// container first mounts it. On Fargate that happens only for paths that the
// image declares as VOLUME; see [Image]. Read-only mounts are not enforced.
//
// # Time
//
// All times come from one clock, and nothing polls or sleeps. The clock is that
// of package time; [WithTimeScale] has it go faster, and [WithVirtualClock] has
// it stand until [Server.Advance] moves it, or a program in another language by
// [Server.Control]. Images whose work takes time on that clock call
// [Container.Sleep] or are made with [Takes] or [Script]. A simulation with images
// of the latter kind alone is the same in each run on a virtual clock.
//
// Inside a testing/synctest bubble a night of work passes in milliseconds on the
// clock of package time too. Make the Server inside the bubble and close it there.
// Real processes do run inside a bubble and beside a virtual clock, but both
// clocks stand still meanwhile, so neither timeouts nor stop timeouts end them.
//
// # Logs
//
// What containers write is there for [Server.Log], and for any client of Amazon
// CloudWatch Logs: a Server answers GetLogEvents, FilterLogEvents,
// DescribeLogStreams and DescribeLogGroups. Filter patterns are terms, with ?, -
// and double quotes; others are refused. The SDK's client takes the Server as its
// transport:
//
//	cloudwatchlogs.New(cloudwatchlogs.Options{
//		HTTPClient: &http.Client{Transport: s}, Region: …, Credentials: …,
//	})
//
// # Events
//
// [WithEventBridge] gives the events that AWS Batch sends to Amazon EventBridge.
//
// # Saved state
//
// [Server.Save] writes what the API has created, all jobs, and which instances are
// out of stock, and [Restore] goes on with it. What was STARTING or RUNNING has lost
// its host by then.
//
// The package imports validate and batchjson, the AWS SDK and the standard
// library.
package batchtest
