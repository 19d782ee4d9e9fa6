package docker_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchtest"
	"github.com/batchkit/batchkit-go/batchtest/docker"
)

// bench is a server whose containers run on an engine.
type bench struct {
	*batchtest.Server
	t      *testing.T
	client *batch.Client
}

func start(t *testing.T, host string, opts ...docker.Option) *bench {
	t.Helper()
	r, err := docker.New(append(opts, docker.WithHost(host))...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	s := batchtest.Start(t, batchtest.WithFallback(batchtest.Image{Run: r}))
	return &bench{s, t, s.Client()}
}

// run registers a definition and submits a job for it.
func (b *bench) run(in *batch.RegisterJobDefinitionInput) string {
	b.t.Helper()
	in.JobDefinitionName, in.Type = aws.String("d"), types.JobDefinitionTypeContainer
	if _, err := b.client.RegisterJobDefinition(b.t.Context(), in); err != nil {
		b.t.Fatal(err)
	}
	out, err := b.client.SubmitJob(b.t.Context(), &batch.SubmitJobInput{JobName: aws.String("j"), JobQueue: aws.String("default"), JobDefinition: aws.String("d")})
	if err != nil {
		b.t.Fatal(err)
	}
	return *out.JobId
}

func (b *bench) ended(id string) types.JobDetail {
	b.t.Helper()
	if err := b.Wait(b.t.Context(), id); err != nil {
		b.t.Fatal(err)
	}
	out, err := b.client.DescribeJobs(b.t.Context(), &batch.DescribeJobsInput{Jobs: []string{id}})
	if err != nil {
		b.t.Fatal(err)
	}
	return out.Jobs[0]
}

func plain(image string, command ...string) *batch.RegisterJobDefinitionInput {
	return &batch.RegisterJobDefinitionInput{ContainerProperties: &types.ContainerProperties{
		Image: aws.String(image), Command: command, ResourceRequirements: resources("1", "2048"),
	}}
}

func resources(vcpu, memory string) []types.ResourceRequirement {
	return []types.ResourceRequirement{
		{Type: types.ResourceTypeVcpu, Value: aws.String(vcpu)}, {Type: types.ResourceTypeMemory, Value: aws.String(memory)},
	}
}

// left has the test fail when a container is still there.
func (f *fakeEngine) left() {
	f.t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.containers) > 0 {
		f.t.Errorf("%d containers are left, want none", len(f.containers))
	}
}

func TestRun(t *testing.T) {
	t.Parallel()
	f := newFake(t, map[string]*fakeImage{"app:1": {run: func(c *fakeContainer) int {
		c.write(1, "out\nput\n")
		c.write(2, "err\n")
		c.write(1, "no line feed")
		return 3
	}}})
	b := start(t, f.host, docker.WithNetwork("none"))
	in := plain("app:1", "a", "b c")
	p := in.ContainerProperties
	p.ResourceRequirements = resources("2", "512")
	p.Environment = []types.KeyValuePair{{Name: aws.String("K"), Value: aws.String("v")}}
	p.User, p.Privileged, p.ReadonlyRootFilesystem = aws.String("1000:1000"), aws.Bool(true), aws.Bool(true)
	id := b.run(in)
	d := b.ended(id)
	if d.Status != types.JobStatusFailed || aws.ToInt32(d.Container.ExitCode) != 3 {
		t.Errorf("%s with exit code %d, want FAILED with 3", d.Status, aws.ToInt32(d.Container.ExitCode))
	}
	lines := b.Log(*d.Container.LogStreamName)
	slices.Sort(lines) // the two streams are written to at the same time
	if diff := cmp.Diff([]string{"err", "no line feed", "out", "put"}, lines); diff != "" {
		t.Errorf("log (-want +got):\n%s", diff)
	}
	got := f.made[0]
	if !slices.Contains(got.Env, "K=v") || !slices.Contains(got.Env, "AWS_BATCH_JOB_ID="+id) {
		t.Errorf("environment %q, want that of the definition and that of AWS Batch", got.Env)
	}
	type summary struct {
		Cmd                        []string
		User, Network, Log         string
		Shares, Memory             int64
		Privileged, ReadonlyRootfs bool
	}
	h := got.HostConfig
	want := summary{[]string{"a", "b c"}, "1000:1000", "none", "json-file", 2048, 512 << 20, true, true}
	if diff := cmp.Diff(want, summary{got.Cmd, got.User, h.NetworkMode, h.LogConfig.Type, h.CpuShares, h.Memory, h.Privileged, h.ReadonlyRootfs}); diff != "" {
		t.Errorf("container (-want +got):\n%s", diff)
	}
	f.left()
}

func TestSharedVolume(t *testing.T) {
	t.Parallel()
	f := newFake(t, map[string]*fakeImage{
		"tool:latest": {files: map[string]string{"/opt/tool": "from the image"}, run: func(*fakeContainer) int { return 0 }},
		"app:latest": {run: func(c *fakeContainer) int {
			data, err := os.ReadFile(filepath.Join(c.folder("/tools"), "tool"))
			if err != nil {
				c.write(2, err.Error())
				return 1
			}
			c.write(1, string(data))
			return 0
		}},
	})
	b := start(t, f.host)
	container := func(name, image, path string, readOnly bool) types.TaskContainerProperties {
		return types.TaskContainerProperties{
			Name: aws.String(name), Image: aws.String(image), ResourceRequirements: resources("1", "256"),
			MountPoints: []types.MountPoint{{SourceVolume: aws.String("v"), ContainerPath: aws.String(path), ReadOnly: aws.Bool(readOnly)}},
		}
	}
	first, second := container("tool", "tool:latest", "/opt", false), container("app", "app:latest", "/tools", true)
	first.Essential = aws.Bool(false)
	second.DependsOn = []types.TaskContainerDependency{{ContainerName: aws.String("tool"), Condition: aws.String("SUCCESS")}}
	id := b.run(&batch.RegisterJobDefinitionInput{EcsProperties: &types.EcsProperties{TaskProperties: []types.EcsTaskProperties{{
		Containers: []types.TaskContainerProperties{first, second}, Volumes: []types.Volume{{Name: aws.String("v")}},
	}}}})
	d := b.ended(id)
	if d.Status != types.JobStatusSucceeded {
		t.Fatalf("%s: %s", d.Status, aws.ToString(d.StatusReason))
	}
	log := b.Log(*d.EcsProperties.TaskProperties[0].Containers[1].LogStreamName)
	if diff := cmp.Diff([]string{"from the image"}, log); diff != "" {
		t.Errorf("log of app (-want +got):\n%s", diff)
	}
	if m := f.made[len(f.made)-1].HostConfig.Mounts; len(m) != 1 || m[0].Type != "bind" || !m[0].ReadOnly {
		t.Errorf("mounts of app %+v, want one bind mount that is read-only", m)
	}
	f.left()
}

func TestFill(t *testing.T) {
	t.Parallel()
	rows := []struct {
		name, reason string
		platform     types.PlatformCapability
		volumes      []string
		filled       bool
	}{
		{"EC2", "an empty volume takes what the image holds", types.PlatformCapabilityEc2, nil, true},
		{"Fargate", "not when the image does not declare it", types.PlatformCapabilityFargate, []string{"/other"}, false},
		{"declared", "Fargate goes by VOLUME", types.PlatformCapabilityFargate, []string{"/data"}, true},
	}
	for _, r := range rows {
		if r.name == "" || r.reason == "" {
			t.Fatal("a row needs a name and a reason")
		}
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t, map[string]*fakeImage{"app:1": {volumes: r.volumes, files: map[string]string{"/data/f": ""}, run: func(c *fakeContainer) int {
				if _, err := os.Stat(filepath.Join(c.folder("/data"), "f")); err != nil {
					return 1
				}
				return 0
			}}})
			b := start(t, f.host)
			in := plain("app:1")
			in.PlatformCapabilities = []types.PlatformCapability{r.platform}
			p := in.ContainerProperties
			p.Volumes = []types.Volume{{Name: aws.String("v")}}
			p.MountPoints = []types.MountPoint{{SourceVolume: aws.String("v"), ContainerPath: aws.String("/data")}}
			if r.platform == types.PlatformCapabilityFargate {
				p.ExecutionRoleArn = aws.String("arn:aws:iam::123456789012:role/execution")
			}
			d := b.ended(b.run(in))
			if got := d.Status == types.JobStatusSucceeded; got != r.filled {
				t.Errorf("filled: %v, want %v: %s", got, r.filled, r.reason)
			}
			f.left()
		})
	}
}

func TestPod(t *testing.T) {
	t.Parallel()
	f := newFake(t, map[string]*fakeImage{"app:1": {run: func(*fakeContainer) int { return 0 }}})
	b := start(t, f.host)
	d := b.ended(b.run(&batch.RegisterJobDefinitionInput{EksProperties: &types.EksProperties{PodProperties: &types.EksPodProperties{
		Containers: []types.EksContainer{{
			Image: aws.String("app:1"), Command: []string{"run"}, Args: []string{"$(K)"},
			Env:             []types.EksContainerEnvironmentVariable{{Name: aws.String("K"), Value: aws.String("v")}},
			Resources:       &types.EksContainerResourceRequirements{Limits: map[string]string{"cpu": "1", "memory": "64Mi"}},
			SecurityContext: &types.EksContainerSecurityContext{RunAsUser: aws.Int64(7), RunAsGroup: aws.Int64(8)},
		}},
	}}}))
	if d.Status != types.JobStatusSucceeded {
		t.Fatalf("%s: %s", d.Status, aws.ToString(d.StatusReason))
	}
	got := f.made[0]
	if diff := cmp.Diff([]any{[]string{"run"}, []string{"v"}, "7:8", int64(64 << 20)}, []any{got.Entrypoint, got.Cmd, got.User, got.HostConfig.Memory}); diff != "" {
		t.Errorf("container (-want +got):\n%s", diff)
	}
	f.left()
}

func TestStop(t *testing.T) {
	t.Parallel()
	rows := []struct {
		name, reason string
		end          func(*bench, string)
		grace        string
	}{
		{"terminate", "the container has its stop timeout", func(b *bench, id string) {
			if _, err := b.client.TerminateJob(b.t.Context(), &batch.TerminateJobInput{JobId: &id, Reason: aws.String("enough")}); err != nil {
				b.t.Error(err)
			}
			b.ended(id)
		}, "30"},
		{"close", "a server that closes does not wait", func(b *bench, _ string) { b.Close() }, "0"},
	}
	for _, r := range rows {
		if r.name == "" || r.reason == "" {
			t.Fatal("a row needs a name and a reason")
		}
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			up := make(chan struct{})
			f := newFake(t, map[string]*fakeImage{"app:1": {run: func(c *fakeContainer) int {
				<-c.followed // so it is known to have started
				close(up)
				<-c.stop
				return 143
			}}})
			b := start(t, f.host)
			id := b.run(plain("app:1"))
			<-up
			r.end(b, id)
			b.Close() // the container is gone when it returns
			if got := f.made[0].grace; got != r.grace {
				t.Errorf("%q seconds to stop, want %q: %s", got, r.grace, r.reason)
			}
			f.left()
		})
	}
}

func TestPull(t *testing.T) {
	t.Parallel()
	const image = "registry:5000/team/app"
	rows := []struct {
		name, reason string
		pull         docker.Pull
		there        bool
		pulls, code  int
	}{
		{"missing", "an image that is not there is pulled", docker.PullMissing, false, 1, 0},
		{"there", "one that is there is not", docker.PullMissing, true, 0, 0},
		{"always", "it may be newer", docker.PullAlways, true, 1, 0},
		{"never", "the network may be out of bounds", docker.PullNever, false, 0, 125},
		{"never but there", "nothing to pull", docker.PullNever, true, 0, 0},
	}
	for _, r := range rows {
		if r.name == "" || r.reason == "" {
			t.Fatal("a row needs a name and a reason")
		}
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t, map[string]*fakeImage{image + ":2": {run: func(*fakeContainer) int { return 0 }}})
			f.have[image+":2"] = r.there
			b := start(t, f.host, docker.WithPull(r.pull))
			d := b.ended(b.run(plain(image + ":2")))
			if code := int(aws.ToInt32(d.Container.ExitCode)); code != r.code || f.count("pull") != r.pulls {
				t.Errorf("exit code %d after %d pulls, want %d after %d: %s", code, f.count("pull"), r.code, r.pulls, r.reason)
			}
		})
	}
}

func TestFailures(t *testing.T) {
	t.Parallel()
	rows := []struct {
		name, reason, image, startError string
		code                            int
		log                             string
	}{
		{"no image", "the pull says so in the middle of its answer", "none:1", "", 125, "pulling the image: manifest for none:1 not found"},
		{"no command", "the code of a shell", "app:1", `exec: "x": executable file not found in $PATH`, 127, "executable file not found"},
		{"no right", "the code of a shell", "app:1", "exec /data: permission denied", 126, "permission denied"},
		{"else", "the code of docker run", "app:1", "ports are taken", 125, "starting the container: ports are taken"},
	}
	for _, r := range rows {
		if r.name == "" || r.reason == "" {
			t.Fatal("a row needs a name and a reason")
		}
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t, map[string]*fakeImage{"app:1": {startError: r.startError}})
			b := start(t, f.host)
			d := b.ended(b.run(plain(r.image)))
			log := strings.Join(b.Log(*d.Container.LogStreamName), "\n")
			if code := int(aws.ToInt32(d.Container.ExitCode)); code != r.code || !strings.Contains(log, r.log) {
				t.Errorf("exit code %d, log %q; want %d and %q: %s", code, log, r.code, r.log, r.reason)
			}
			f.left()
		})
	}
}

func TestNoEngine(t *testing.T) {
	t.Parallel()
	host := "unix://" + filepath.Join(t.TempDir(), "none.sock")
	r, err := docker.New(docker.WithHost(host))
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Ping(t.Context()); err == nil || !strings.Contains(err.Error(), host) {
		t.Errorf("%v, want an error with the address", err)
	}
	b := start(t, host)
	if d := b.ended(b.run(plain("app"))); aws.ToInt32(d.Container.ExitCode) != 125 {
		t.Errorf("exit code %d, want 125", aws.ToInt32(d.Container.ExitCode))
	}
}

// TestEngine runs a job on the engine of this machine.
func TestEngine(t *testing.T) {
	t.Parallel()
	r, err := docker.New()
	if err != nil {
		t.Skip("DOCKER_HOST is nothing this package knows: ", err)
	}
	if err := r.Ping(t.Context()); err != nil {
		t.Skip("there is no Docker Engine on this machine: ", err)
	}
	t.Cleanup(r.Close)
	s := batchtest.Start(t, batchtest.WithFallback(batchtest.Image{Run: r}))
	b := &bench{s, t, s.Client()}
	in := plain("busybox:1.36", "sh", "-c", "echo out $AWS_BATCH_JOB_ATTEMPT; echo err >&2; echo text > /data/f; exit 7")
	p := in.ContainerProperties
	p.Volumes = []types.Volume{{Name: aws.String("v")}}
	p.MountPoints = []types.MountPoint{{SourceVolume: aws.String("v"), ContainerPath: aws.String("/data")}}
	d := b.ended(b.run(in))
	log := b.Log(*d.Container.LogStreamName)
	slices.Sort(log)
	if diff := cmp.Diff([]string{"err", "out 1"}, log); aws.ToInt32(d.Container.ExitCode) != 7 || diff != "" {
		t.Errorf("exit code %d, log (-want +got):\n%s", aws.ToInt32(d.Container.ExitCode), diff)
	}
}

func ExampleNew() {
	_, err := docker.New(docker.WithHost("ssh://example.com"))
	fmt.Println(err)
	// Output: batchtest/docker: the address of the engine must be unix:///path or tcp://host:port, found "ssh://example.com"
}

func ExampleRunner() {
	runner, err := docker.New(docker.WithPull(docker.PullNever))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer runner.Close()
	if err := runner.Ping(context.Background()); err != nil {
		return // there is no engine here
	}
	s := batchtest.New(batchtest.WithFallback(batchtest.Image{Run: runner}))
	defer s.Close()
	// Jobs submitted with s.Client() now run as real containers.
}
