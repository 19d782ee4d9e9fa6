package batchkit_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchjson"
	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/ecsprops"
	"github.com/batchkit/batchkit-go/eksprops"
	"github.com/batchkit/batchkit-go/validate"
)

// The offset comes to every container, by the kind of override that the definition takes, beside what the job overrides.
func TestSplitTellsTheOffset(t *testing.T) {
	t.Parallel()
	const (
		env    = `[{"name":"BATCHKIT_ARRAY_OFFSET","value":"5000"},{"name":"BATCHKIT_ARRAY_SIZE","value":"10001"}]`
		rest   = `,{"name":"BATCHKIT_ARRAY_OFFSET","value":"5000"},{"name":"BATCHKIT_ARRAY_SIZE","value":"10001"}]`
		common = `{"arrayProperties":{"size":5001},`
	)
	pods := batchkit.Define("pod", eksprops.Pod(
		eksprops.App("app", "busybox").CPU(1).Memory(128)).Init(eksprops.Init("init", "busybox").CPU(1).Memory(128)))
	nodes := batchkit.Define("nodes", batchkit.Nodes(
		batchkit.Main(batchkit.EC2("busybox").VCPU(1).Memory(128)), batchkit.Workers(3, batchkit.EC2("busybox").VCPU(1).Memory(128))))
	for _, tc := range []struct {
		name, reason string
		job          batchkit.Request
		want         string
	}{
		{"container", "the only container", batchkit.Job("a", "q", small).Array(10_001), `"containerOverrides":{"environment":` + env + `}`},
		{
			"override", "what the job overrides stays",
			batchkit.Job("a", "q", small).Array(10_001).Override(batchkit.Override().Env("A", "b")),
			`"containerOverrides":{"environment":[{"name":"A","value":"b"}` + rest + `}`,
		},
		{"reference", "the kind is known by the type", batchkit.Job("a", "q", batchkit.ContainerRef("d")).Array(10_001), `"containerOverrides":{"environment":` + env + `}`},
		{
			"task", "all containers of the task",
			batchkit.Job("a", "q", pair).Array(10_001).Override(ecsprops.Override(ecsprops.For("app").Env("A", "b"))),
			`"ecsPropertiesOverride":{"taskProperties":[{"containers":[{"environment":[{"name":"A","value":"b"}` + rest + `,"name":"app"},{"environment":` + env + `,"name":"tool"}]}]}`,
		},
		{
			"task by reference", "the containers that the override names",
			batchkit.Job("a", "q", batchkit.ECSRef("d")).Array(10_001).Override(ecsprops.Override(ecsprops.For("app").Env("A", "b"))),
			`"ecsPropertiesOverride":{"taskProperties":[{"containers":[{"environment":[{"name":"A","value":"b"}` + rest + `,"name":"app"}]}]}`,
		},
		{
			"pod", "init containers too", batchkit.Job("a", "q", pods).Array(10_001),
			`"eksPropertiesOverride":{"podProperties":{"containers":[{"env":` + env + `,"name":"app"}],"initContainers":[{"env":` + env + `,"name":"init"}]}}`,
		},
		{
			"nodes", "each range of nodes", batchkit.Job("a", "q", nodes).Array(10_001),
			`"nodeOverrides":{"nodePropertyOverrides":[{"containerOverrides":{"environment":` + env + `},"targetNodes":"0:0"},{"containerOverrides":{"environment":` + env + `},"targetNodes":"1:"}]}`,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := batchkit.NewWorkflow("w")
			w.Add(tc.job)
			p := planOf(t, w)
			if len(p.Steps) != 2 || p.Steps[1].Offset != 5000 || p.Steps[1].Job != "a" || p.Steps[1].Kind != batchkit.StepPart {
				t.Fatalf("got %+v, want two parts", p.Steps)
			}
			in := *p.Steps[1].Input
			in.JobName, in.JobQueue, in.JobDefinition = nil, nil, nil
			got, err := batchjson.Marshal(&in)
			if err != nil {
				t.Fatal(err)
			}
			want := new(batch.SubmitJobInput)
			if err := batchjson.Unmarshal([]byte(common+tc.want+"}"), want); err != nil {
				t.Fatal(err)
			}
			text, err := batchjson.Marshal(want)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(text), string(got)); diff != "" {
				t.Errorf("%s: -want +got\n%s", tc.reason, diff)
			}
		})
	}
}

func TestSplitSizes(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, reason string
		size         int
		want         []int32
	}{
		{"largest array", "AWS Batch takes it", 10_000, []int32{10_000}},
		{"one more", "a part of one child would be refused", 10_001, []int32{5000, 5001}},
		{"even", "as few parts as can be", 30_000, []int32{10_000, 10_000, 10_000}},
		{"odd", "parts differ by one at most", 20_002, []int32{6667, 6667, 6668}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			p, err := batchkit.Job("a", "q", small).Array(tc.size).Plan()
			if err != nil {
				t.Fatal(err)
			}
			var got []int32
			next := 0
			for _, s := range p.Steps {
				got = append(got, *s.Input.ArrayProperties.Size)
				if s.Offset != next {
					t.Errorf("%s begins at %d, want %d", s.Name, s.Offset, next)
				}
				next += int(*s.Input.ArrayProperties.Size)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s: -want +got\n%s", tc.reason, diff)
			}
		})
	}
}

func TestSplitRefuses(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, reason string
		add          func(*batchkit.Workflow)
		want, says   string
	}{
		{"unknown containers", "nobody would know the offset", func(w *batchkit.Workflow) {
			w.Add(batchkit.Job("a", "q", batchkit.ECSRef("d")).Array(10_001))
		}, "ARR001 jobs[a].arrayProperties.size", "are not known"},
		{"one child", "AWS Batch takes no such array", func(w *batchkit.Workflow) {
			w.Add(batchkit.Job("a", "q", small).Array(1))
		}, "ARR001 jobs[a].arrayProperties.size", "plain job"},
		{"other size", "parts cannot be paired with parts of another size", func(w *batchkit.Workflow) {
			w.Add(batchkit.Job("b", "q", small).Array(10_001))
			w.Add(batchkit.Job("a", "q", small).Array(20_000), batchkit.NToN("b"))
		}, "DEP007 jobs[a].dependsOn[0].type", "cannot be paired"},
		{"too long", "the variables are counted", func(w *batchkit.Workflow) {
			w.Add(batchkit.Job("a", "q", small).Array(10_001).Override(batchkit.Override().Env("A", strings.Repeat("a", 8090))))
		}, "SUB009 jobs[a].containerOverrides", "8192"},
		{"bad name of a barrier", "it is judged as it is submitted", func(w *batchkit.Workflow) {
			w.Barrier(batchkit.Job("not good", "q", small))
		}, "SUB001 barrier.jobName", "must"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := batchkit.NewWorkflow("w")
			tc.add(w)
			_, err := w.Plan()
			var invalid *validate.InvalidError
			if !errors.As(err, &invalid) || len(invalid.Findings) != 1 {
				t.Fatalf("%s: got %v", tc.reason, err)
			}
			f := invalid.Findings[0]
			if got := f.Rule + " " + f.Path; got != tc.want || !strings.Contains(f.Message, tc.says) {
				t.Errorf("%s: got %s: %s", tc.reason, got, f.Message)
			}
		})
	}
}
