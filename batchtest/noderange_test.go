package batchtest_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchtest"
)

func TestRangesOfNodes(t *testing.T) {
	t.Parallel()
	type row struct {
		name, reason string
		count        int32
		ranges       []string
		override     int32 // of the number of nodes, 0 for none
		want         string
	}
	rows := []row{
		{"one", "a colon alone is all nodes", 3, []string{":"}, 0, "0:a 1:a 2:a"},
		{"open ends", "up to and from", 4, []string{":1", "2:"}, 0, "0:a 1:a 2:b 3:b"},
		{"single", "one digit is one node", 3, []string{"0", "1:2"}, 0, "0:a 1:b 2:b"},
		{"nested", "the inner range wins", 4, []string{"0:3", "1:2"}, 0, "0:a 1:b 2:b 3:a"},
		{"nested, inner first", "the order does not matter", 4, []string{"1:2", "0:3"}, 0, "0:b 1:a 2:a 3:b"},
		{"nested twice", "the innermost wins", 5, []string{"0:", "1:", "2:3"}, 0, "0:a 1:b 2:c 3:c 4:b"},
		{"more nodes", "the open range grows", 2, []string{"0:0", "1:"}, 4, "0:a 1:b 2:b 3:b"},
		{"fewer nodes", "the open range shrinks", 4, []string{"0:0", "1:"}, 2, "0:a 1:b"},
	}
	each(t, rows, func(r row) (string, string) { return r.name, r.reason }, func(t *testing.T, r row) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			b := start(t)
			var mu sync.Mutex
			var got []string
			meet := meeting(strings.Count(r.want, ":"))
			run := batchtest.Func(func(_ context.Context, c *batchtest.Container) int {
				mu.Lock()
				got = append(got, c.Env("AWS_BATCH_JOB_NODE_INDEX")+":"+c.Image())
				mu.Unlock()
				meet()
				return 0
			})
			var ranges []types.NodeRangeProperty
			for i, target := range r.ranges {
				image := string(rune('a' + i))
				b.Image(image, batchtest.Image{Run: run})
				ranges = append(ranges, containerRange(target, image))
			}
			b.defineNodes("mnp", r.count, ranges...)
			d := b.ended(b.submit("mnp", func(in *batch.SubmitJobInput) {
				if r.override > 0 {
					in.NodeOverrides = &types.NodeOverrides{NumNodes: aws.Int32(r.override)}
				}
			}))
			slices.Sort(got)
			if s := strings.Join(got, " "); s != r.want || *d.NodeProperties.NumNodes != int32(len(got)) {
				t.Errorf("%s: ran %s of %d, want %s", r.reason, s, *d.NodeProperties.NumNodes, r.want)
			}
		})
	})
}

func TestNodeEnvironmentAndOverrides(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := start(t)
		environ := map[string][]string{}
		var mu sync.Mutex
		meet := meeting(3)
		b.Image("app", batchtest.Image{Run: batchtest.Func(func(_ context.Context, c *batchtest.Container) int {
			mu.Lock()
			environ[c.JobID()] = append(c.Command(), c.Environ()...)
			mu.Unlock()
			meet()
			return 0
		})})
		head, tail := containerRange("0", "app"), containerRange("1:", "app")
		for _, r := range []*types.NodeRangeProperty{&head, &tail} {
			r.Container.Command = []string{"run", "Ref::mode"}
			r.Container.Environment = []types.KeyValuePair{{Name: aws.String("A"), Value: aws.String("1")}}
		}
		b.defineNodesAround("mnp", 2, 1, head, tail)
		id := b.submit("mnp", func(in *batch.SubmitJobInput) {
			in.Parameters = map[string]string{"mode": "fast"}
			in.NodeOverrides = &types.NodeOverrides{NumNodes: aws.Int32(3), NodePropertyOverrides: []types.NodePropertyOverride{{
				TargetNodes: aws.String("1:"),
				ContainerOverrides: &types.ContainerOverrides{
					Command:              []string{"other"},
					Environment:          []types.KeyValuePair{{Name: aws.String("A"), Value: aws.String("2")}},
					ResourceRequirements: []types.ResourceRequirement{{Type: types.ResourceTypeMemory, Value: aws.String("4096")}},
				},
			}}}
		})
		d := b.ended(id)
		want := map[string][]string{}
		for n := range 3 {
			words := []string{"other", "A=2"}
			if n == 0 {
				words = []string{"run", "fast", "A=1"}
			}
			node := fmt.Sprint(id, "#", n)
			words = append(words, "AWS_BATCH_CE_NAME=default", "AWS_BATCH_JQ_NAME=default", "AWS_BATCH_JOB_ID="+node, "AWS_BATCH_JOB_ATTEMPT=1",
				fmt.Sprint("AWS_BATCH_JOB_NODE_INDEX=", n), "AWS_BATCH_JOB_NUM_NODES=3", "AWS_BATCH_JOB_MAIN_NODE_INDEX=1")
			if n != 1 {
				words = append(words, "AWS_BATCH_JOB_MAIN_NODE_PRIVATE_IPV4_ADDRESS=127.0.0.1")
			}
			want[node] = words
		}
		if diff := cmp.Diff(want, environ); diff != "" {
			t.Errorf("commands and environments (-want +got):\n%s", diff)
		}
		merged := d.NodeProperties.NodeRangeProperties[1].Container
		if *d.NodeProperties.NumNodes != 3 || merged.Command[0] != "other" || *merged.ResourceRequirements[1].Value != "4096" {
			t.Errorf("nodeProperties %+v, container %+v; want the overrides merged", d.NodeProperties, merged)
		}
	})
}

func TestDescribingNodes(t *testing.T) {
	t.Parallel()
	b := start(t)
	meet := meeting(4)
	write := batchtest.Func(func(_ context.Context, c *batchtest.Container) int {
		fmt.Fprintln(c.Stdout, c.JobID(), c.Name())
		meet()
		return 0
	})
	for _, image := range []string{"app", "side"} {
		b.Image(image, batchtest.Image{Run: write})
	}
	b.defineNodes("tasks", 2, types.NodeRangeProperty{TargetNodes: aws.String("0:1"), EcsProperties: &types.EcsProperties{
		TaskProperties: []types.EcsTaskProperties{{Containers: []types.TaskContainerProperties{part("app", true), part("side", false)}}},
	}})
	id := b.submit("tasks")
	d := b.ended(id)
	if d.Status != "SUCCEEDED" || d.NodeProperties == nil || d.NodeDetails != nil || d.EcsProperties != nil || len(d.Attempts) != 1 {
		t.Errorf("job %+v", d)
	}
	for n := range int32(2) {
		node := b.described(fmt.Sprint(id, "#", n))
		if node.NodeDetails == nil || *node.NodeDetails.NodeIndex != n || *node.NodeDetails.IsMainNode != (n == 0) || node.NodeProperties != nil {
			t.Errorf("node %d: %+v", n, node.NodeDetails)
		}
		task := node.EcsProperties.TaskProperties[0]
		for i, name := range []string{"app", "side"} {
			want := []string{fmt.Sprint(id, "#", n, " ", name)}
			if diff := cmp.Diff(want, b.Log(*task.Containers[i].LogStreamName)); diff != "" {
				t.Errorf("log of %s on node %d (-want +got):\n%s", name, n, diff)
			}
		}
	}
	for _, lost := range []string{"#2", "#-1", "#01", "#", "#x", ":0"} {
		if _, ok := b.Job(id + lost); ok {
			t.Errorf("there is a job %s%s", id, lost)
		}
	}
	list := func(in *batch.ListJobsInput) (out []string) {
		pages := batch.NewListJobsPaginator(b.client, in)
		for pages.HasMorePages() {
			p, err := pages.NextPage(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, j := range p.JobSummaryList {
				n := j.NodeProperties
				out = append(out, fmt.Sprint(strings.TrimPrefix(*j.JobId, id), aws.ToInt32(n.NodeIndex), *n.NumNodes, aws.ToBool(n.IsMainNode)))
			}
		}
		return out
	}
	succeeded := list(&batch.ListJobsInput{MultiNodeJobId: &id, JobStatus: "SUCCEEDED", MaxResults: aws.Int32(1)})
	if diff := cmp.Diff([]string{"#00 2 true", "#11 2 false"}, succeeded); diff != "" {
		t.Errorf("nodes (-want +got):\n%s", diff)
	}
	if got := list(&batch.ListJobsInput{MultiNodeJobId: &id}); got != nil {
		t.Errorf("running nodes: %v", got)
	}
	if diff := cmp.Diff([]string{"0 2 false"}, list(&batch.ListJobsInput{JobQueue: aws.String("default"), JobStatus: "SUCCEEDED"})); diff != "" {
		t.Errorf("jobs of the queue (-want +got):\n%s", diff)
	}
}

func TestNodesOfPods(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := start(t)
		uids := make(chan string, 2)
		meet := meeting(2)
		b.Image("init", batchtest.Image{Run: batchtest.Exit(0)})
		b.Image("app", batchtest.Image{Run: batchtest.Func(func(_ context.Context, c *batchtest.Container) int {
			uids <- c.Env("AWS_BATCH_JOB_KUBERNETES_NODE_UID")
			meet()
			return 0
		})})
		b.defineNodes("mnp", 2, types.NodeRangeProperty{TargetNodes: aws.String("0:"), EksProperties: podOf([]string{"init"}, "app")})
		id := b.submit("mnp")
		d := b.ended(id)
		node := b.described(id + "#1")
		if d.Status != "SUCCEEDED" || len(d.EksAttempts) != 1 || len(d.Attempts) != 0 || node.EksProperties == nil || *node.EksAttempts[0].Containers[0].ExitCode != 0 {
			t.Errorf("job %+v\nnode %+v", d, node)
		}
		if *node.EksProperties.PodProperties.NodeName == *b.described(id + "#0").EksProperties.PodProperties.NodeName {
			t.Errorf("both pods are on %s, want a Kubernetes node each", *node.EksProperties.PodProperties.NodeName)
		}
		if one, other := <-uids, <-uids; one == other || one == "" {
			t.Errorf("node UIDs %q and %q, want two", one, other)
		}
	})
}

func TestNodesHaveHostsOfTheirOwn(t *testing.T) {
	t.Parallel()
	b := start(t)
	var mu sync.Mutex
	paths := map[string]bool{}
	meet := meeting(2)
	b.Image("app", batchtest.Image{Run: batchtest.Func(func(_ context.Context, c *batchtest.Container) int {
		mu.Lock()
		paths[c.Path("/data")] = true
		mu.Unlock()
		meet()
		if err := os.WriteFile(c.Path("/data/file"), nil, 0o600); err != nil {
			return 1
		}
		return 0
	})})
	r := containerRange("0:", "app")
	r.Container.Volumes = []types.Volume{{Name: aws.String("v"), Host: &types.Host{SourcePath: aws.String("/data")}}}
	r.Container.MountPoints = []types.MountPoint{{SourceVolume: aws.String("v"), ContainerPath: aws.String("/data")}}
	b.defineNodes("mnp", 2, r)
	if d := b.ended(b.submit("mnp")); d.Status != "SUCCEEDED" || len(paths) != 2 {
		t.Errorf("%s with the folders %v, want two", d.Status, paths)
	}
}

func TestNodeRefusals(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	b := start(t)
	b.Image("app", batchtest.Image{Run: block})
	b.define("plain", batchtest.Exit(0))
	b.defineNodes("mnp", 2, containerRange("0:", "app"))
	id := b.submit("mnp")
	_, err := b.client.SubmitJob(ctx, &batch.SubmitJobInput{
		JobName: aws.String("j"), JobQueue: aws.String("default"), JobDefinition: aws.String("mnp"), ArrayProperties: &types.ArrayProperties{Size: aws.Int32(2)},
	})
	if err == nil || !strings.Contains(err.Error(), "arrayProperties") {
		t.Errorf("an array of them: %v, want a refusal", err)
	}
	_, err = b.client.SubmitJob(ctx, &batch.SubmitJobInput{
		JobName: aws.String("j"), JobQueue: aws.String("default"), JobDefinition: aws.String("plain"), DependsOn: []types.JobDependency{{JobId: aws.String(id + "#1")}},
	})
	if err == nil || !strings.Contains(err.Error(), "whole job") {
		t.Errorf("a dependency on a node: %v, want a refusal", err)
	}
	_, err = b.client.TerminateJob(ctx, &batch.TerminateJobInput{JobId: aws.String(id + "#1"), Reason: aws.String("no")})
	if err == nil || !strings.Contains(err.Error(), "whole job") {
		t.Errorf("terminating a node: %v, want a refusal", err)
	}
	_, err = b.client.ListJobs(ctx, &batch.ListJobsInput{MultiNodeJobId: aws.String(b.submit("plain"))})
	if err == nil || !strings.Contains(err.Error(), "multi-node parallel job") {
		t.Errorf("nodes of a plain job: %v, want a refusal", err)
	}
	b.terminate(id)
	if d := b.ended(b.submit("plain", after(id))); d.Status != "FAILED" {
		t.Errorf("a job after a failed multi-node job: %s", d.Status)
	}
}
