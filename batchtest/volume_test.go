package batchtest_test

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchtest"
)

var toolFiles = fstest.MapFS{
	"opt/tool/bin/hello": {Data: []byte("#!/bin/sh\necho hello $WHO from $1\n"), Mode: 0o755},
	"opt/tool/current":   {Data: []byte("bin"), Mode: fs.ModeSymlink | 0o777},
	"opt/tool/notes":     {Data: []byte("text")},
	"etc/passwd":         {Data: []byte("nobody")},
}

func mounting(c types.TaskContainerProperties, volume, at string) types.TaskContainerProperties {
	c.MountPoints = append(c.MountPoints, types.MountPoint{SourceVolume: aws.String(volume), ContainerPath: aws.String(at)})
	return c
}

func TestExecutableFromImageOverSharedVolume(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("needs sh")
	}
	b := start(t)
	b.Image("tool", batchtest.Image{Run: batchtest.Exit(0), Files: toolFiles})
	b.Image("app", batchtest.Image{Run: batchtest.Process()})
	app := mounting(part("app", true, "tool", "SUCCESS"), "opt", "/usr/tool")
	app.Command = []string{"/usr/tool/current/hello", "/usr/tool"}
	app.Environment = []types.KeyValuePair{{Name: aws.String("WHO"), Value: aws.String("you")}}
	b.defineTask("task", []types.Volume{{Name: aws.String("opt")}}, mounting(part("tool", false), "opt", "/opt/tool"), app)
	d := b.ended(b.submit("task"))
	log := b.Log(*d.EcsProperties.TaskProperties[0].Containers[1].LogStreamName)
	if d.Status != "SUCCEEDED" || len(log) != 1 || !strings.HasPrefix(log[0], "hello you from "+os.TempDir()) {
		t.Errorf("%s, log %q; want SUCCEEDED and a greeting with the real path", d.Status, log)
	}
}

func TestWhenImagesFillVolumes(t *testing.T) {
	t.Parallel()
	type row struct {
		name, reason string
		fargate      bool
		volume       types.Volume
		declared     []string
		filled       bool
	}
	volume := types.Volume{Name: aws.String("v")}
	rows := []row{
		{name: "ec2", reason: "Docker fills its own empty volumes", volume: volume, filled: true},
		{name: "ec2 with source path", reason: "a folder of the host is never filled", volume: types.Volume{Name: aws.String("v"), Host: &types.Host{SourcePath: aws.String("/data")}}},
		{name: "fargate", reason: "without VOLUME it stays empty", fargate: true, volume: volume},
		{name: "fargate, declared", reason: "VOLUME of exactly the path fills it", fargate: true, volume: volume, declared: []string{"/opt/tool"}, filled: true},
		{name: "fargate, parent declared", reason: "VOLUME of another path does not", fargate: true, volume: volume, declared: []string{"/opt"}},
		{name: "efs", reason: "a file system is never filled", volume: types.Volume{Name: aws.String("v"), EfsVolumeConfiguration: &types.EFSVolumeConfiguration{FileSystemId: aws.String("fs-12345678")}}},
	}
	each(t, rows, func(r row) (string, string) { return r.name, r.reason }, func(t *testing.T, r row) {
		t.Parallel()
		b := start(t)
		var names []string
		var mode fs.FileMode
		look := batchtest.Func(func(_ context.Context, c *batchtest.Container) int {
			entries, err := os.ReadDir(c.Path("/opt/tool"))
			if err != nil {
				fmt.Fprintln(c.Stderr, err)
				return 1
			}
			for _, e := range entries {
				names = append(names, e.Name())
			}
			if info, err := os.Stat(c.Path("/opt/tool/bin/hello")); err == nil {
				mode = info.Mode()
			}
			return 0
		})
		b.define("look", look, func(in *batch.RegisterJobDefinitionInput) {
			p := in.ContainerProperties
			p.Volumes = []types.Volume{r.volume}
			p.MountPoints = []types.MountPoint{{SourceVolume: aws.String("v"), ContainerPath: aws.String("/opt/tool")}}
			if r.fargate {
				in.PlatformCapabilities = []types.PlatformCapability{types.PlatformCapabilityFargate}
				p.ExecutionRoleArn = aws.String("arn:aws:iam::123456789012:role/exec")
			}
		})
		b.Image("look", batchtest.Image{Run: look, Files: toolFiles, Volumes: r.declared})
		if d := b.ended(b.submit("look")); d.Status != "SUCCEEDED" {
			t.Fatalf("%s: %v", d.Status, b.Log(*d.Container.LogStreamName))
		}
		var want []string
		if r.filled {
			want = []string{"bin", "current", "notes"}
			if mode.Perm() != 0o755 {
				t.Errorf("mode %v, want 0755: executables stay executable", mode)
			}
		}
		if diff := cmp.Diff(want, names); diff != "" {
			t.Errorf("%s: in the volume (-want +got):\n%s", r.reason, diff)
		}
	})
}

func TestHostFoldersOutliveTasks(t *testing.T) {
	t.Parallel()
	b := start(t)
	var path string
	b.define("count", batchtest.Func(func(_ context.Context, c *batchtest.Container) int {
		path = c.Path("/data/file")
		data, _ := os.ReadFile(path)
		if err := os.WriteFile(path, append(data, 'x'), 0o600); err != nil {
			return 100
		}
		return len(data)
	}), func(in *batch.RegisterJobDefinitionInput) {
		in.ContainerProperties.Volumes = []types.Volume{{Name: aws.String("v"), Host: &types.Host{SourcePath: aws.String("/etc")}}}
		in.ContainerProperties.MountPoints = []types.MountPoint{{SourceVolume: aws.String("v"), ContainerPath: aws.String("/data")}}
	})
	for want := range int32(3) {
		if d := b.ended(b.submit("count")); *d.Container.ExitCode != want {
			t.Errorf("exit code %d, want %d: the number of jobs before", *d.Container.ExitCode, want)
		}
	}
	if strings.HasPrefix(path, "/etc") {
		t.Errorf("the real host's path %s was used", path)
	}
	b.Close()
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("after Close: %v, want the folders gone", err)
	}
}

func TestPathsStayInside(t *testing.T) {
	t.Parallel()
	b := start(t)
	var got string
	run := batchtest.Func(func(_ context.Context, c *batchtest.Container) int {
		data, _ := os.ReadFile(c.Path("/../../../../etc/passwd"))
		got = string(data)
		return 0
	})
	b.define("app", run)
	b.Image("app", batchtest.Image{Run: run, Files: toolFiles})
	b.ended(b.submit("app"))
	if got != "nobody" {
		t.Errorf("read %q, want the image's own file", got)
	}
}

// patience is less than the stop timeout and more than any machine needs.
const patience = 20 * time.Second

func TestProcesses(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("needs sh")
	}
	type row struct {
		name, reason string
		command      []string
		code         int32
		log          string // begins the first line
	}
	rows := []row{
		{"output", "lines of both streams go to the log", []string{"sh", "-c", "printf out"}, 0, "out"},
		{"exit code", "that of the process", []string{"sh", "-c", "echo $AWS_BATCH_JQ_NAME; exit 7"}, 7, "default"},
		{"signal", "128 and the signal", []string{"sh", "-c", "echo bye; kill -KILL $$"}, 137, "bye"},
		{"left behind", "a process that holds the output open does not hold up the end", []string{"sh", "-c", "sleep 600 & echo done; exit 3"}, 3, "done"},
		{"not found", "127 and why", []string{"no-such-program"}, 127, "batchtest: cannot run no-such-program"},
		{"no command", "127 and why", nil, 127, "batchtest: no command"},
		{"clean environment", "nothing of the program's own but PATH", []string{"sh", "-c", "echo home=$HOME"}, 0, "home="},
	}
	each(t, rows, func(r row) (string, string) { return r.name, r.reason }, func(t *testing.T, r row) {
		t.Parallel()
		b := start(t)
		b.define("p", batchtest.Process(), func(in *batch.RegisterJobDefinitionInput) { in.ContainerProperties.Command = r.command })
		d := b.ended(b.submit("p"))
		log := b.Log(*d.Container.LogStreamName)
		if took := *d.StoppedAt - *d.StartedAt; took > patience.Milliseconds() {
			t.Errorf("%s: it took %d ms", r.reason, took)
		}
		if *d.Container.ExitCode != r.code || len(log) == 0 || !strings.HasPrefix(log[0], r.log) || r.name == "clean environment" && log[0] != "home=" {
			t.Errorf("%s: exit code %d, log %q; want %d, %q…", r.reason, *d.Container.ExitCode, log, r.code, r.log)
		}
	})
}

func TestTerminatedProcessGetsSIGTERM(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("needs signals")
	}
	b := start(t)
	ready := make(chan struct{})
	b.define("p", announced(ready), func(in *batch.RegisterJobDefinitionInput) {
		in.ContainerProperties.Command = []string{"sh", "-c", "echo ready; exec sleep 600"}
	})
	id := b.submit("p")
	<-ready
	b.terminate(id)
	if d := b.ended(id); *d.Container.ExitCode != 143 {
		t.Errorf("exit code %d, want 143", *d.Container.ExitCode)
	}
}

// A node whose main node fails at once is stopped before its process has begun: that is no command that was not found.
func TestProcessStoppedBeforeItStarts(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.define("p", batchtest.Func(func(ctx context.Context, c *batchtest.Container) int {
		stopped, stop := context.WithCancel(ctx)
		stop()
		return batchtest.Process().Run(stopped, c)
	}), func(in *batch.RegisterJobDefinitionInput) {
		in.ContainerProperties.Command = []string{"sh", "-c", "exit 0"}
	})
	d := b.ended(b.submit("p"))
	if log := b.Log(*d.Container.LogStreamName); *d.Container.ExitCode != 143 || len(log) > 0 {
		t.Errorf("exit code %d, log %q, want 143 and nothing", *d.Container.ExitCode, log)
	}
}
