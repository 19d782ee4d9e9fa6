package batchtest_test

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchtest"
)

// podPart is a container of a pod; its image has its name.
func podPart(name string) types.EksContainer {
	return types.EksContainer{Name: aws.String(name), Image: aws.String(name), Resources: podResources("1", "1024Mi")}
}

func podResources(cpu, memory string) *types.EksContainerResourceRequirements {
	return &types.EksContainerResourceRequirements{Limits: map[string]string{"cpu": cpu, "memory": memory}}
}

func podOf(init []string, containers ...string) *types.EksProperties {
	p := &types.EksPodProperties{}
	for _, name := range init {
		p.InitContainers = append(p.InitContainers, podPart(name))
	}
	for _, name := range containers {
		p.Containers = append(p.Containers, podPart(name))
	}
	return &types.EksProperties{PodProperties: p}
}

func (b *bench) definePod(name string, pod *types.EksProperties) {
	b.tb.Helper()
	_, err := b.client.RegisterJobDefinition(context.Background(), &batch.RegisterJobDefinitionInput{
		JobDefinitionName: aws.String(name), Type: types.JobDefinitionTypeContainer, EksProperties: pod,
	})
	if err != nil {
		b.tb.Fatalf("RegisterJobDefinition: %v", err)
	}
}

func TestPods(t *testing.T) {
	t.Parallel()
	const never = -1
	type row struct {
		name, reason string
		init, main   []string
		runs         map[string]batchtest.Runner
		status       types.JobStatus
		statusReason string
		codes        map[string]int // never for no exit code
		reasons      map[string]string
		started      bool // it was RUNNING
		took         time.Duration
	}
	minute := lasting(time.Minute)
	const completed, failed = "Completed", "Error"
	rows := []row{
		{
			name: "one container", reason: "the shortest life of a pod",
			main: []string{"app"}, runs: map[string]batchtest.Runner{"app": minute},
			status: "SUCCEEDED", statusReason: "Pod succeeded", codes: map[string]int{"app": 0},
			reasons: map[string]string{"app": completed}, started: true, took: time.Minute,
		},
		{
			name: "init containers", reason: "one after the other, then all others together",
			init: []string{"a", "b"}, main: []string{"app", "side"},
			runs:   map[string]batchtest.Runner{"a": minute, "b": minute, "app": minute, "side": minute},
			status: "SUCCEEDED", statusReason: "Pod succeeded", codes: map[string]int{"a": 0, "b": 0, "app": 0, "side": 0},
			reasons: map[string]string{"a": completed, "b": completed, "app": completed, "side": completed}, started: true, took: 3 * time.Minute,
		},
		{
			name: "init container fails", reason: "nothing after it starts, and the job was never RUNNING",
			init: []string{"a", "b"}, main: []string{"app"},
			runs:   map[string]batchtest.Runner{"a": batchtest.Exit(3), "b": minute, "app": minute},
			status: "FAILED", statusReason: "Pod failed to start", codes: map[string]int{"a": 3, "b": never, "app": never},
			reasons: map[string]string{"a": failed, "b": "dependency on container a not met", "app": ""},
		},
		{
			name: "container fails", reason: "the others go on to their end, but the attempt has failed",
			main: []string{"app", "side"}, runs: map[string]batchtest.Runner{"app": minute, "side": batchtest.Exit(4)},
			status: "FAILED", statusReason: "Pod failed", codes: map[string]int{"app": 0, "side": 4},
			reasons: map[string]string{"app": completed, "side": failed}, started: true, took: time.Minute,
		},
		{
			name: "container ends early", reason: "exit 0 stops nobody",
			main: []string{"app", "side"}, runs: map[string]batchtest.Runner{"app": minute, "side": batchtest.Exit(0)},
			status: "SUCCEEDED", statusReason: "Pod succeeded", codes: map[string]int{"app": 0, "side": 0},
			reasons: map[string]string{"app": completed, "side": completed}, started: true, took: time.Minute,
		},
		{
			name: "image missing", reason: "the pod cannot start, so what runs is stopped",
			main: []string{"side", "lost"}, runs: map[string]batchtest.Runner{"side": block},
			status: "FAILED", statusReason: "Pod failed to start", codes: map[string]int{"side": 143, "lost": never},
			reasons: map[string]string{"side": failed},
		},
	}
	each(t, rows, func(r row) (string, string) { return r.name, r.reason }, func(t *testing.T, r row) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			b := start(t)
			for name, run := range r.runs {
				b.Image(name, batchtest.Image{Run: run})
			}
			b.definePod("pod", podOf(r.init, r.main...))
			began := time.Now()
			d := b.ended(b.submit("pod"))
			took := time.Since(began)
			if d.Status != r.status || aws.ToString(d.StatusReason) != r.statusReason || (d.StartedAt != nil) != r.started || took != r.took {
				t.Errorf("%s: got %s, %q, started %v, after %v; want %s, %q, started %v, after %v", r.reason,
					d.Status, aws.ToString(d.StatusReason), d.StartedAt != nil, took, r.status, r.statusReason, r.started, r.took)
			}
			codes, reasons := map[string]int{}, map[string]string{}
			for _, c := range append(d.EksAttempts[0].InitContainers, d.EksAttempts[0].Containers...) {
				codes[*c.Name] = never
				if c.ExitCode != nil {
					codes[*c.Name] = int(*c.ExitCode)
				}
				if *c.Name != "lost" { // its words are long
					reasons[*c.Name] = aws.ToString(c.Reason)
				}
			}
			if diff := cmp.Diff(r.codes, codes); diff != "" {
				t.Errorf("exit codes (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(r.reasons, reasons); diff != "" {
				t.Errorf("reasons (-want +got):\n%s", diff)
			}
		})
	})
}

func TestPodDetail(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.eksQueue("k8s", types.CRTypeEc2)
	b.Image("init", batchtest.Image{Run: batchtest.Exit(0)})
	var stream, uid string
	b.Image("app", batchtest.Image{Run: batchtest.Func(func(_ context.Context, c *batchtest.Container) int {
		stream, uid = c.LogStream(), c.Env("AWS_BATCH_JOB_KUBERNETES_NODE_UID")
		_, _ = c.Stdout.Write([]byte("hello\n"))
		return min(2-c.Attempt(), 1)
	})})
	pod := podOf([]string{"init"}, "app")
	pod.PodProperties.Metadata = &types.EksMetadata{Labels: map[string]string{"a": "1", "b": "2"}}
	b.definePod("pod", pod)
	d := b.ended(b.submit("pod", attempts(2), func(in *batch.SubmitJobInput) {
		in.JobQueue = aws.String("k8s")
		in.EksPropertiesOverride = &types.EksPropertiesOverride{PodProperties: &types.EksPodPropertiesOverride{
			Metadata: &types.EksMetadata{Labels: map[string]string{"b": "3"}},
		}}
	}))
	if d.Status != "SUCCEEDED" || len(d.EksAttempts) != 2 || len(d.Attempts) != 0 || d.Container != nil || d.EcsProperties != nil {
		t.Fatalf("%s, %d and %d attempts; want SUCCEEDED after 2 attempts on EKS", d.Status, len(d.EksAttempts), len(d.Attempts))
	}
	p, last := d.EksProperties.PodProperties, d.EksAttempts[1]
	if *p.PodName != *last.PodName || *p.NodeName != *last.NodeName || *last.PodName == *d.EksAttempts[0].PodName {
		t.Errorf("pod %s on %s, attempts %+v: want the last attempt's pod, and another than the first's", *p.PodName, *p.NodeName, d.EksAttempts)
	}
	if *last.EksClusterArn != "arn:aws:eks:us-east-1:123456789012:cluster/k8s" || *last.PodNamespace != "jobs" || *p.Metadata.Namespace != "jobs" {
		t.Errorf("cluster %s, namespaces %s and %s; want those of the compute environment", *last.EksClusterArn, *last.PodNamespace, *p.Metadata.Namespace)
	}
	if diff := cmp.Diff(map[string]string{"a": "1", "b": "3"}, p.Metadata.Labels); diff != "" {
		t.Errorf("labels (-want +got):\n%s", diff)
	}
	if *p.InitContainers[0].ExitCode != 0 || *p.Containers[0].ExitCode != 0 || *d.EksAttempts[0].Containers[0].ExitCode != 1 {
		t.Errorf("pod %+v", p)
	}
	if want := *p.PodName + "_jobs_app"; stream != want || len(b.Log(want)) != 1 {
		t.Errorf("log stream %s, want %s with a line", stream, want)
	}
	if uid == "" || d.EksAttempts[1].StartedAt == nil || len(*last.Containers[0].ContainerID) == 0 {
		t.Errorf("node UID %q, attempt %+v", uid, last)
	}
	defs, err := b.client.DescribeJobDefinitions(t.Context(), &batch.DescribeJobDefinitionsInput{JobDefinitionName: aws.String("pod")})
	if err != nil || defs.JobDefinitions[0].ContainerOrchestrationType != types.OrchestrationTypeEks {
		t.Errorf("definition %+v, %v; want orchestration EKS", defs, err)
	}
}

func TestPodOverrides(t *testing.T) {
	t.Parallel()
	b := start(t)
	type call struct {
		Image         string
		Command, Args []string
		A, B, C       string
	}
	calls := make(chan call, 2)
	run := batchtest.Func(func(_ context.Context, c *batchtest.Container) int {
		calls <- call{c.Image(), c.Command(), c.Args(), c.Env("A"), c.Env("B"), c.Env("C")}
		return 0
	})
	for _, image := range []string{"app", "other", "init"} {
		b.Image(image, batchtest.Image{Run: run})
	}
	pod := podOf([]string{"init"}, "app")
	app := &pod.PodProperties.Containers[0]
	app.Command, app.Args = []string{"run"}, []string{"Ref::mode"}
	app.Env = []types.EksContainerEnvironmentVariable{{Name: aws.String("A"), Value: aws.String("1")}, {Name: aws.String("B"), Value: aws.String("2")}}
	b.definePod("pod", pod)
	d := b.ended(b.submit("pod", func(in *batch.SubmitJobInput) {
		in.Parameters = map[string]string{"mode": "unused"}
		in.EksPropertiesOverride = &types.EksPropertiesOverride{PodProperties: &types.EksPodPropertiesOverride{
			InitContainers: []types.EksContainerOverride{{Name: aws.String("init"), Args: []string{"prepare"}}},
			Containers: []types.EksContainerOverride{{
				Name: aws.String("app"), Image: aws.String("other"), Args: []string{"$(B)", "$(NONE)", "$$(B)"},
				Env:       []types.EksContainerEnvironmentVariable{{Name: aws.String("B"), Value: aws.String("3")}, {Name: aws.String("C"), Value: aws.String("4")}},
				Resources: &types.EksContainerResourceRequirements{Limits: map[string]string{"memory": "2048Mi"}},
			}},
		}}
	}))
	if d.Status != "SUCCEEDED" {
		t.Fatalf("%s %s", d.Status, aws.ToString(d.StatusReason))
	}
	want := []call{
		{Image: "init", Args: []string{"prepare"}},
		{Image: "other", Command: []string{"run"}, Args: []string{"3", "$(NONE)", "$(B)"}, A: "1", B: "3", C: "4"},
	}
	if diff := cmp.Diff(want, []call{<-calls, <-calls}); diff != "" {
		t.Errorf("containers as run (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]string{"cpu": "1", "memory": "2048Mi"}, d.EksProperties.PodProperties.Containers[0].Resources.Limits); diff != "" {
		t.Errorf("resources (-want +got):\n%s", diff)
	}
}

// The only container of a pod needs no name, and neither does its override.
func TestUnnamedContainerOfAPod(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.Image("app", batchtest.Image{Run: batchtest.Func(func(_ context.Context, c *batchtest.Container) int {
		fmt.Fprintln(c.Stdout, c.Name(), c.Args())
		return 0
	})})
	pod := podOf(nil, "app")
	pod.PodProperties.Containers[0].Name = nil
	b.definePod("pod", pod)
	d := b.ended(b.submit("pod", func(in *batch.SubmitJobInput) {
		in.EksPropertiesOverride = &types.EksPropertiesOverride{PodProperties: &types.EksPodPropertiesOverride{
			Containers: []types.EksContainerOverride{{Args: []string{"over"}}},
		}}
	}))
	p := d.EksProperties.PodProperties
	if diff := cmp.Diff([]string{"default [over]"}, b.Log(*p.PodName+"_batchtest_default")); diff != "" || *p.Containers[0].Name != "default" {
		t.Errorf("container %s, log (-want +got):\n%s", *p.Containers[0].Name, diff)
	}
}

func TestTerminatedPod(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := start(t)
		b.Image("app", batchtest.Image{Run: block})
		b.Image("side", batchtest.Image{Run: block})
		b.definePod("pod", podOf(nil, "app", "side"))
		id := b.submit("pod", attempts(3))
		synctest.Wait()
		b.terminate(id)
		d := b.ended(id)
		if d.Status != "FAILED" || *d.StatusReason != "enough" || len(d.EksAttempts) != 1 || *d.EksAttempts[0].Containers[1].ExitCode != 143 {
			t.Errorf("%s %q %+v; want FAILED for the reason given, with all containers stopped", d.Status, *d.StatusReason, d.EksAttempts)
		}
		id = b.submit("pod", timeout(60))
		if d := b.ended(id); d.Status != "FAILED" || *d.StoppedAt-*d.StartedAt != 60_000 {
			t.Errorf("%s, want FAILED after the timeout of a minute", d.Status)
		}
	})
}
