package batchtest_test

import (
	"context"
	"os"
	"runtime"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchtest"
)

func TestPodCommands(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("needs sh")
	}
	image := batchtest.Image{
		Run:        batchtest.Process(),
		Entrypoint: []string{"sh", "-c", `echo entry "$@"`, "sh"},
		Cmd:        []string{"cmd"},
	}
	shell := []string{"sh", "-c", `echo own "$@"`, "sh"}
	type row struct {
		name, reason  string
		command, args []string
		log           string
	}
	rows := []row{
		{"neither", "the image's ENTRYPOINT and CMD", nil, nil, "entry cmd"},
		{"args", "they replace CMD", nil, []string{"a", "b"}, "entry a b"},
		{"command", "it replaces ENTRYPOINT, and CMD goes with it", shell, nil, "own"},
		{"both", "nothing of the image is left", shell, []string{"a"}, "own a"},
		{"reference", "the value of a variable", nil, []string{"$(AWS_BATCH_JQ_NAME)/$(NAME)"}, "entry default/$(AWS_BATCH_JQ_NAME)"},
		{"no such variable", "the reference stays", nil, []string{"$(NOPE)-x"}, "entry $(NOPE)-x"},
		{"escaped", "two dollars are one, and begin nothing", nil, []string{"$$(NAME)"}, "entry $(NAME)"},
		{"plain dollars", "they are no references", nil, []string{"$", "a$b", "$(open"}, "entry $ a$b $(open"},
	}
	each(t, rows, func(r row) (string, string) { return r.name, r.reason }, func(t *testing.T, r row) {
		t.Parallel()
		b := start(t)
		b.Image("app", image)
		pod := podOf(nil, "app")
		c := &pod.PodProperties.Containers[0]
		c.Command, c.Args = r.command, r.args
		c.Env = []types.EksContainerEnvironmentVariable{{Name: aws.String("NAME"), Value: aws.String("$(AWS_BATCH_JQ_NAME)")}}
		b.definePod("pod", pod)
		d := b.ended(b.submit("pod"))
		stream := *d.EksProperties.PodProperties.PodName + "_batchtest_app"
		if diff := cmp.Diff([]string{r.log}, b.Log(stream)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", r.reason, diff)
		}
	})
}

func podMount(c *types.EksContainer, volume, at, sub string) {
	m := types.EksContainerVolumeMount{Name: aws.String(volume), MountPath: aws.String(at)}
	if sub != "" {
		m.SubPath = aws.String(sub)
	}
	c.VolumeMounts = append(c.VolumeMounts, m)
}

// Three real processes share an emptyDir: an init container writes what two
// containers, running at the same time, hand on to each other over a pipe.
func TestPodProcessesShareAnEmptyDir(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("needs sh")
	}
	b := start(t)
	b.Image("sh", batchtest.Image{Run: batchtest.Process(), Entrypoint: []string{"sh", "-c"}})
	container := func(name, script string, args ...string) types.EksContainer {
		c := podPart(name)
		c.Image, c.Args = aws.String("sh"), append([]string{script, "sh"}, args...)
		return c
	}
	prepare := container("prepare", `echo grain > "$1/meal" && mkfifo "$2/pipe"`, "/out/", "/out")
	podMount(&prepare, "work", "/out", "")
	send := container("send", `cat "$1/meal" > "$1/pipe"`, "/in")
	podMount(&send, "work", "/in", "")
	take := container("take", `read -r meal < "$1/pipe"; echo "got $meal"`, "/deep/work")
	podMount(&take, "work", "/deep/work", "")
	b.definePod("pod", &types.EksProperties{PodProperties: &types.EksPodProperties{
		InitContainers: []types.EksContainer{prepare}, Containers: []types.EksContainer{send, take},
		Volumes: []types.EksVolume{{Name: aws.String("work"), EmptyDir: &types.EksEmptyDir{SizeLimit: aws.String("64Mi")}}},
	}})
	d := b.ended(b.submit("pod"))
	log := b.Log(*d.EksProperties.PodProperties.PodName + "_batchtest_take")
	if d.Status != "SUCCEEDED" || len(log) != 1 || log[0] != "got grain" {
		t.Errorf("%s, log %q; want what was handed on", d.Status, log)
	}
}

func TestPodVolumes(t *testing.T) {
	t.Parallel()
	secret := &types.EksSecret{SecretName: aws.String("s")}
	type row struct {
		name, reason string
		volume       types.EksVolume
		sub          string
		kept         bool // for the next job
	}
	rows := []row{
		{name: "emptyDir", reason: "it goes with the pod", volume: types.EksVolume{EmptyDir: &types.EksEmptyDir{}}},
		{name: "hostPath", reason: "the emulated host stays", volume: types.EksVolume{HostPath: &types.EksHostPath{Path: aws.String("/etc")}}, kept: true},
		{name: "secret", reason: "it belongs to the namespace", volume: types.EksVolume{Secret: secret}, kept: true},
		{
			name: "claim", reason: "persistent as its name says", kept: true,
			volume: types.EksVolume{PersistentVolumeClaim: &types.EksPersistentVolumeClaim{ClaimName: aws.String("c")}},
		},
		{name: "subPath", reason: "a folder in the volume", volume: types.EksVolume{EmptyDir: &types.EksEmptyDir{}}, sub: "a/b"},
	}
	each(t, rows, func(r row) (string, string) { return r.name, r.reason }, func(t *testing.T, r row) {
		t.Parallel()
		b := start(t)
		var paths []string
		look := batchtest.Func(func(_ context.Context, c *batchtest.Container) int {
			paths = append(paths, c.Path("/data/file"))
			data, _ := os.ReadFile(c.Path("/data/file"))
			written := append(data, 'x')
			if err := os.WriteFile(c.Path("/data/file"), written, 0o600); err != nil {
				return 98
			}
			whole, _ := os.ReadFile(c.Path("/whole/" + r.sub + "/file"))
			if string(whole) != string(written) {
				return 99
			}
			return len(data)
		})
		b.Image("look", batchtest.Image{Run: look, Files: toolFiles})
		pod := podOf(nil, "look")
		r.volume.Name = aws.String("v")
		pod.PodProperties.Volumes = []types.EksVolume{r.volume}
		podMount(&pod.PodProperties.Containers[0], "v", "/data", r.sub)
		podMount(&pod.PodProperties.Containers[0], "v", "/whole", "")
		b.definePod("pod", pod)
		for n := range int32(2) {
			want := int32(0)
			if r.kept {
				want = n
			}
			d := b.ended(b.submit("pod"))
			if got := *d.EksProperties.PodProperties.Containers[0].ExitCode; got != want {
				t.Errorf("%s: job %d found %d, want %d", r.reason, n, got, want)
			}
		}
		if strings.HasPrefix(paths[0], "/etc") {
			t.Errorf("the real host's path %s was used", paths[0])
		}
	})
}

func TestSubPathStaysInside(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.Image("app", batchtest.Image{Run: batchtest.Exit(0)})
	pod := podOf(nil, "app")
	pod.PodProperties.Volumes = []types.EksVolume{{Name: aws.String("v"), EmptyDir: &types.EksEmptyDir{}}}
	podMount(&pod.PodProperties.Containers[0], "v", "/data", "a/../../x")
	b.definePod("pod", pod)
	d := b.ended(b.submit("pod"))
	why := aws.ToString(d.EksProperties.PodProperties.Containers[0].Reason)
	if d.Status != "FAILED" || !strings.HasPrefix(why, "CreateContainerConfigError: ") || !strings.Contains(why, "a/../../x") {
		t.Errorf("%s, %q; want FAILED because of the sub-path", d.Status, why)
	}
}
