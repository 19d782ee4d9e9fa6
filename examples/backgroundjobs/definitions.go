package main

import (
	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/ecsprops"
	"github.com/batchkit/batchkit-go/parts"
)

const (
	appImage    = "acme/shop:42"
	routerImage = "public.ecr.aws/aws-observability/aws-for-fluent-bit:stable"

	// executionRole starts containers: it pulls images and reads secrets. No program has its rights.
	executionRole = "arn:aws:iam::123456789012:role/batch-exec"
	databaseURL   = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop-AbCdEf"
)

// jobRole is what the programs of a team may do.
func jobRole(team string) string { return "arn:aws:iam::123456789012:role/shop-" + team }

// base is what all jobs of one container have in common. Builders are values: each job forks it and leaves it alone.
var base = batchkit.EC2(appImage).
	ExecutionRole(executionRole).
	Env("RAILS_ENV", "production").
	Secret("DATABASE_URL", parts.SecretKey(databaseURL, "url")).
	LinuxParameters(parts.Linux(parts.LinuxOptions{Init: true})).
	Ulimit("nofile", 65536, 65536)

// hostLog writes to the fluentd that runs on each instance. A job starts even while that is away.
func hostLog(name string) batchkit.EC2Container {
	return base.LogConfiguration(parts.Fluentd(parts.FluentdOptions{
		Address: "unix:///var/run/fluentd/fluent.sock", Tag: "shop." + name, Async: true,
	}))
}

// router takes the log of its own task alone.
var router = ecsprops.FluentBit("router", routerImage, ecsprops.RouterOptions{}).
	VCPU(1).Memory(128 * batchkit.MiB)

// routed is the same program beside a router. It is a task, and a task has the roles.
func routed(team string, job background) ecsprops.EC2Task {
	app := ecsprops.Essential("app", appImage).
		VCPU(job.vcpu).Memory(job.memory).
		Env("RAILS_ENV", "production").
		Secret("DATABASE_URL", parts.SecretKey(databaseURL, "url")).
		LinuxParameters(parts.Linux(parts.LinuxOptions{Init: true})).
		Ulimit("nofile", 65536, 65536).
		AfterStart(router).
		LogConfiguration(parts.FireLens(parts.FireLensOptions{
			Output:   "kinesis_firehose",
			Settings: map[string]string{"region": "eu-west-1", "delivery_stream": "shop-" + team},
		})).
		Command("rake", "jobs:"+job.name)
	return ecsprops.EC2(router, app).ExecutionRole(executionRole).TaskRole(jobRole(team))
}

// definition returns the definition of one job. The name says whose it is.
func definition(team string, job background) batchkit.Builder {
	name := team + "-" + job.name
	if job.routed {
		return common(batchkit.Define(name, routed(team, job)), team, job)
	}
	return common(batchkit.Define(name, hostLog(name).
		JobRole(jobRole(team)).
		VCPU(job.vcpu).Memory(job.memory).
		Command("rake", "jobs:"+job.name)), team, job)
}

// common is what all definitions share, whatever they run.
func common[O any](def batchkit.Definition[O], team string, job background) batchkit.Definition[O] {
	return def.
		Retry(3, batchkit.RetryOn(batchkit.HostLost(), batchkit.StartFailure())...).
		Timeout(job.timeout).
		Tag("team", team).
		PropagateTags()
}
