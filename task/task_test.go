package task_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/task"
)

type env map[string]string

func (e env) lookup(name string) (string, bool) {
	value, ok := e[name]
	return value, ok
}

func TestFrom(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, reason string
		env          env
		want         task.Task
	}{
		{
			"plain", "a plain job is neither array nor nodes",
			env{"AWS_BATCH_JOB_ID": "id", "AWS_BATCH_JOB_ATTEMPT": "2", "AWS_BATCH_JQ_NAME": "queue", "AWS_BATCH_CE_NAME": "spot"},
			task.Task{JobID: "id", Attempt: 2, Queue: "queue", ComputeEnvironment: "spot"},
		},
		{
			"array", "an array that is not cut has the index of AWS Batch",
			env{"AWS_BATCH_JOB_ID": "id:3", "AWS_BATCH_JOB_ATTEMPT": "1", "AWS_BATCH_JOB_ARRAY_INDEX": "3", "AWS_BATCH_JOB_ARRAY_SIZE": "5"},
			task.Task{JobID: "id:3", Attempt: 1, Array: &task.Array{Index: 3, Size: 5}},
		},
		{
			"old agent", "the size of an array was not always told",
			env{"AWS_BATCH_JOB_ID": "id:3", "AWS_BATCH_JOB_ATTEMPT": "1", "AWS_BATCH_JOB_ARRAY_INDEX": "3"},
			task.Task{JobID: "id:3", Attempt: 1, Array: &task.Array{Index: 3}},
		},
		{
			"part", "the index of a part begins where the part begins, and the size is that of all parts",
			env{
				"AWS_BATCH_JOB_ID": "id:3", "AWS_BATCH_JOB_ATTEMPT": "1", "AWS_BATCH_JOB_ARRAY_INDEX": "3", "AWS_BATCH_JOB_ARRAY_SIZE": "8333",
				"BATCHKIT_ARRAY_OFFSET": "8334", "BATCHKIT_ARRAY_SIZE": "25000",
			},
			task.Task{JobID: "id:3", Attempt: 1, Array: &task.Array{Index: 8337, Size: 25000}},
		},
		{
			"node", "a node knows the main one",
			env{
				"AWS_BATCH_JOB_ID": "id#1", "AWS_BATCH_JOB_ATTEMPT": "1", "AWS_BATCH_JOB_NODE_INDEX": "1", "AWS_BATCH_JOB_NUM_NODES": "4",
				"AWS_BATCH_JOB_MAIN_NODE_INDEX": "0", "AWS_BATCH_JOB_MAIN_NODE_PRIVATE_IPV4_ADDRESS": "10.0.0.1",
			},
			task.Task{JobID: "id#1", Attempt: 1, Nodes: &task.Nodes{Index: 1, Count: 4, MainAddress: "10.0.0.1"}},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := task.From(tc.env.lookup)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(&tc.want, got); diff != "" {
				t.Errorf("%s: -want +got\n%s", tc.reason, diff)
			}
			if n := got.Nodes; n != nil && n.IsMain() {
				t.Error("node 1 takes itself for the main node")
			}
		})
	}
}

func TestFromRefuses(t *testing.T) {
	t.Parallel()
	const secret = "hunter2"
	for _, tc := range []struct {
		name, reason string
		env          env
		want         []string
	}{
		{"attempt", "an attempt is a number", env{"AWS_BATCH_JOB_ATTEMPT": secret}, []string{"AWS_BATCH_JOB_ATTEMPT"}},
		{"attempt 0", "attempts count from 1", env{"AWS_BATCH_JOB_ATTEMPT": "0"}, []string{"AWS_BATCH_JOB_ATTEMPT"}},
		{"no attempt", "AWS Batch always tells it", env{}, []string{"AWS_BATCH_JOB_ATTEMPT"}},
		{
			"everything", "all faults at once",
			env{"AWS_BATCH_JOB_ATTEMPT": secret, "AWS_BATCH_JOB_ARRAY_INDEX": "-1", "BATCHKIT_ARRAY_OFFSET": secret, "AWS_BATCH_JOB_NODE_INDEX": "99999999999"},
			[]string{
				"AWS_BATCH_JOB_ATTEMPT", "AWS_BATCH_JOB_ARRAY_INDEX", "BATCHKIT_ARRAY_OFFSET", "AWS_BATCH_JOB_NODE_INDEX",
				"AWS_BATCH_JOB_MAIN_NODE_INDEX", "AWS_BATCH_JOB_NUM_NODES",
			},
		},
		{
			"beyond the end", "an index that is not below the size would read another's work",
			env{"AWS_BATCH_JOB_ATTEMPT": "1", "AWS_BATCH_JOB_ARRAY_INDEX": "5", "AWS_BATCH_JOB_ARRAY_SIZE": "5"},
			[]string{"AWS_BATCH_JOB_ARRAY_INDEX"},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			tc.env["AWS_BATCH_JOB_ID"] = "id"
			_, err := task.From(tc.env.lookup)
			if err == nil {
				t.Fatalf("got no error: %s", tc.reason)
			}
			var got []string
			for _, e := range err.(interface{ Unwrap() []error }).Unwrap() {
				var v *task.VariableError
				if !errors.As(e, &v) {
					t.Fatalf("got %v, want a *VariableError", e)
				}
				got = append(got, v.Name)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s: -want +got\n%s", tc.reason, diff)
			}
			if strings.Contains(err.Error(), secret) {
				t.Error("the error holds the value of a variable")
			}
		})
	}
}

func TestElsewhere(t *testing.T) {
	if _, err := task.Read(); !errors.Is(err, task.ErrNoJob) {
		t.Errorf("Read outside of AWS Batch: got %v", err)
	}
	if _, err := task.Index(); !errors.Is(err, task.ErrNoArray) {
		t.Errorf("Index outside of AWS Batch: got %v", err)
	}
	if _, err := task.Attempt(); !errors.Is(err, task.ErrNoJob) {
		t.Errorf("Attempt outside of AWS Batch: got %v", err)
	}
	if _, err := task.Node(); !errors.Is(err, task.ErrNoNodes) {
		t.Errorf("Node outside of AWS Batch: got %v", err)
	}
}

func TestEnvironment(t *testing.T) {
	for name, value := range map[string]string{
		"AWS_BATCH_JOB_ID": "id:3", "AWS_BATCH_JOB_ATTEMPT": "2", "AWS_BATCH_JOB_ARRAY_INDEX": "3", "BATCHKIT_ARRAY_OFFSET": "10",
		"AWS_BATCH_JOB_NODE_INDEX": "0", "AWS_BATCH_JOB_NUM_NODES": "2", "AWS_BATCH_JOB_MAIN_NODE_INDEX": "0",
	} {
		t.Setenv(name, value)
	}
	if index, err := task.Index(); index != 13 || err != nil {
		t.Errorf("Index: got %d, %v", index, err)
	}
	if attempt, err := task.Attempt(); attempt != 2 || err != nil {
		t.Errorf("Attempt: got %d, %v", attempt, err)
	}
	if node, err := task.Node(); err != nil || !node.IsMain() || node.Count != 2 {
		t.Errorf("Node: got %+v, %v", node, err)
	}
	t.Setenv("BATCHKIT_ARRAY_OFFSET", "x")
	if index, err := task.Index(); index != 0 || err == nil {
		t.Errorf("Index with a bad offset: got %d, %v", index, err)
	}
}

func FuzzFrom(f *testing.F) {
	f.Add("1", "3", "8334", "25000", "0", "2", "0")
	f.Add("", "-1", "x", "99999999999999999999", "", "1", "1")
	f.Fuzz(func(t *testing.T, attempt, index, offset, size, node, nodes, main string) {
		got, err := task.From(env{
			"AWS_BATCH_JOB_ID": "id", "AWS_BATCH_JOB_ATTEMPT": attempt, "AWS_BATCH_JOB_ARRAY_INDEX": index,
			"BATCHKIT_ARRAY_OFFSET": offset, "BATCHKIT_ARRAY_SIZE": size,
			"AWS_BATCH_JOB_NODE_INDEX": node, "AWS_BATCH_JOB_NUM_NODES": nodes, "AWS_BATCH_JOB_MAIN_NODE_INDEX": main,
		}.lookup)
		if (got == nil) == (err == nil) {
			t.Fatalf("got %v and %v", got, err)
		}
		if got != nil && (got.Attempt < 1 || got.Array.Index < 0 || got.Array.Index >= got.Array.Size || got.Nodes.Index < 0) {
			t.Errorf("got %+v", got)
		}
	})
}
