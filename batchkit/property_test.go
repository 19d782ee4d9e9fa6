package batchkit_test

import (
	gocmp "cmp"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchjson"
	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/batchtest"
	"github.com/batchkit/batchkit-go/ecsprops"
	"github.com/batchkit/batchkit-go/internal/buildertest"
	"github.com/batchkit/batchkit-go/parts"
)

// chance makes builders by chance. Most of what it picks is sound, and some is not.
type chance struct{ *rand.Rand }

func pick[T any](c chance, from ...T) T { return from[c.IntN(len(from))] }

// mostly picks what is sound, and one time in twenty the first, which is not.
func mostly[T any](c chance, unsound T, sound ...T) T {
	if c.IntN(20) == 0 {
		return unsound
	}
	return pick(c, sound...)
}

// steps applies some changes, each of which may come any number of times.
func steps[B any](c chance, b B, changes ...func(B) B) B {
	for range c.IntN(6) {
		b = pick(c, changes...)(b)
	}
	return b
}

func (c chance) name() string            { return mostly(c, "not good", "a", "b-2", "c_3", "d", "e", "f") }
func (c chance) path() string            { return mostly(c, "relative", "/a", "/b/c", "/d", "/e") }
func (c chance) arn() string             { return "arn:aws:iam::123456789012:role/" + pick(c, "a", "b") }
func (c chance) memory() batchkit.Memory { return mostly[batchkit.Memory](c, 2, 128, 1024, 2048, 4096) }
func (c chance) vcpu() float64           { return mostly(c, 0.5, 1, 2, 3) }
func (c chance) duration() time.Duration {
	return mostly(c, time.Second, time.Minute, 90*time.Second, 2*time.Minute)
}
func (c chance) log() types.LogConfiguration {
	return mostly(c, types.LogConfiguration{LogDriver: "smoke-signals"},
		parts.AWSLogs(parts.AWSLogsOptions{Group: "g"}), parts.AWSLogs(parts.AWSLogsOptions{CreateGroup: true}),
		parts.Fluentd(parts.FluentdOptions{Async: true}), parts.JSONFile(parts.JSONFileOptions{MaxSize: parts.GiB}))
}

func (c chance) linux() types.LinuxParameters {
	return parts.Linux(parts.LinuxOptions{
		Init: c.IntN(2) == 0, Swap: pick(c, nil, nil, &parts.Swap{Max: 512, Swappiness: mostly(c, 101, 60, 0)}),
		Tmpfs: pick(c, nil, []types.Tmpfs{parts.Tmpfs("/scratch", 64, "noexec")}),
	})
}

func (c chance) rules() []types.EvaluateOnExit {
	return mostly(c, batchkit.RetryOn(batchkit.ExitCode(1, 2, 3, 4, 5)), nil,
		batchkit.RetryOn(batchkit.SpotReclaim(), batchkit.OutOfMemory()), batchkit.ExitOn(batchkit.ExitCode(2)))
}

func (c chance) ec2() batchkit.EC2Container {
	type B = batchkit.EC2Container
	return steps(c, batchkit.EC2(mostly(c, "", "busybox", "acme/app:1")).VCPU(c.vcpu()).Memory(c.memory()),
		func(b B) B { return b.Command(pick(c, "a", "Ref::b"), "c") },
		func(b B) B { return b.Env(c.name(), pick(c, "1", "")) },
		func(b B) B { return b.Secret("S", "valueFrom").ExecutionRole(c.arn()) },
		func(b B) B { return b.Volume(c.name(), c.path()) },
		func(b B) B { return b.HostVolume(c.name(), c.path(), c.path()) },
		func(b B) B {
			return b.EFSVolume(c.name(), c.path(), parts.EFS("fs-01", parts.EFSOptions{IAM: c.IntN(2) == 0})).JobRole(c.arn())
		},
		func(b B) B { return b.JobRole(c.arn()) },
		func(b B) B { return b.ExecutionRole(c.arn()) },
		func(b B) B { return b.GPU(mostly(c, 0, 1, 2)) },
		func(b B) B { return b.Privileged() },
		func(b B) B { return b.Ulimit(mostly(c, "nothing", "nofile", "core"), 1, 2) },
		func(b B) B { return b.LogConfiguration(c.log()) },
		func(b B) B { return b.LinuxParameters(c.linux()) },
		func(b B) B { return b.Device("/dev/fuse") },
		func(b B) B { return b.User("1000:1000").ReadonlyRootFilesystem() },
	)
}

func (c chance) task() ecsprops.FargateTask {
	type B = ecsprops.NonEssentialContainer
	helper := steps(c, ecsprops.NonEssential(mostly(c, "app", "helper"), "busybox").VCPU(0.25).Memory(1024),
		func(b B) B { return b.Mount(mostly(c, "nowhere", "v"), c.path()) },
		func(b B) B { return b.StartTimeout(c.duration()).StopTimeout(c.duration()) },
		func(b B) B { return mostly(c, b.Ulimit("nofile", 1, 2), b) },
		func(b B) B {
			return b.LogConfiguration(mostly(c, c.log(), parts.AWSLogs(parts.AWSLogsOptions{Group: "g"})))
		},
	)
	app := ecsprops.Essential("app", "busybox").VCPU(0.25).Memory(1024)
	app = pick(c, app, app.AfterStart(helper), app.AfterSuccess(helper), app.MountReadOnly("v", "/v"))
	type T = ecsprops.FargateTask
	return steps(c, mostly(c, ecsprops.Fargate(app), ecsprops.Fargate(helper, app)).Volume("v").ExecutionRole(c.arn()),
		func(t T) T { return t.Volume(c.name()) },
		func(t T) T { return t.ExecutionRole(c.arn()) },
		func(t T) T { return t.TaskRole(c.arn()) },
		func(t T) T { return t.EphemeralStorage(mostly(c, 20, 21, 200)) },
		func(t T) T { return t.PlatformVersion(mostly(c, "9", "1.4.0", "LATEST")) },
		func(t T) T {
			return t.TaskRole(c.arn()).S3FilesVolume("s", parts.S3Files("arn:aws:s3files:x", parts.S3FilesOptions{}))
		},
		func(t T) T { return t.AssignPublicIP().RuntimePlatform("LINUX", mostly(c, "6502", "ARM64", "X86_64")) },
	)
}

func chain[O any](c chance, def batchkit.Definition[O]) batchkit.Definition[O] {
	type D = batchkit.Definition[O]
	return steps(c, def,
		func(d D) D { return d.Retry(mostly(c, 11, 2, 3), c.rules()...) },
		func(d D) D { return d.Timeout(c.duration()) },
		func(d D) D { return d.Default(batchkit.Parameter("b"), "value") },
		func(d D) D { return d.Tag(mostly(c, "aws:team", "team", "stage"), "x") },
		func(d D) D { return d.SchedulingPriority(mostly(c, 10000, 0, 10)) },
		func(d D) D { return d.ConsumableResource(c.name(), mostly[int64](c, 0, 1, 2)) },
		func(d D) D { return d.PropagateTags() },
	)
}

// Whatever is built encodes, decodes and builds back to the same. What validation accepts the service accepts, and has a
// revision that says the same; what validation refuses the service refuses, with the words of the first finding.
func TestRandomChains(t *testing.T) {
	t.Parallel()
	srv := batchtest.Start(t)
	client := batchkit.NewClient(srv.Client())
	accepted, refused := 0, 0
	for seed := range uint64(600) {
		c := chance{rand.New(rand.NewPCG(seed, 1))}
		name := pick(c, "one", "two", "three")
		var def batchkit.Definition[batchkit.Overriding]
		if seed%2 == 0 {
			def = batchkit.FromInput(chain(c, batchkit.Define(name, c.ec2())).Input())
		} else {
			def = batchkit.FromInput(chain(c, batchkit.Define(name, c.task())).Input())
		}
		text, err := batchjson.Marshal(def.Input())
		if err != nil {
			t.Fatal(err)
		}
		back, err := batchkit.FromJSON(text)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if diff := cmp.Diff(def.Input(), back.Input(), buildertest.Ignore); diff != "" {
			t.Fatalf("seed %d: it does not come back from its JSON: -want +got\n%s", seed, diff)
		}
		findings := def.Check().Errors()
		if len(findings) == 0 {
			accepted++
			unchanged(t, client, def)
			continue
		}
		refused++
		_, err = srv.Client().RegisterJobDefinition(t.Context(), def.Input())
		var refusal *types.ClientException
		if words := gocmp.Or(findings[0].Service, findings[0].Message); !errors.As(err, &refusal) || !strings.Contains(refusal.ErrorMessage(), words) {
			t.Errorf("seed %d: validation says %v, the service %v", seed, findings[0], err)
		}
	}
	if accepted < 50 || refused < 50 {
		t.Errorf("%d accepted, %d refused: too few to show anything", accepted, refused)
	}
}

// unchanged registers a definition, and fails if the service shows another.
func unchanged(t *testing.T, client *batchkit.Client, def batchkit.Builder) {
	t.Helper()
	first, err := client.EnsureDefinition(t.Context(), def, batchkit.KeepRevisions(1))
	if err != nil {
		t.Fatal(err)
	}
	second, err := client.EnsureDefinition(t.Context(), def)
	if err != nil {
		t.Fatal(err)
	}
	if second.Registered || second.ARN != first.ARN || len(second.Changes) > 0 {
		t.Errorf("asked again, it is another: %v", second.Changes)
	}
}
