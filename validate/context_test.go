package validate_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/validate"
)

// contextOf reads what a case tells beside its input.
func contextOf(tb testing.TB, parts map[string]any) []validate.Option {
	tb.Helper()
	var known struct {
		Queue *struct {
			State        types.JQState
			FairShare    *bool
			Environments []struct {
				Platform         string
				Spot, Unmanaged  bool
				VCPUs, MemoryMiB int
			}
		}
		Consumables map[string]int64
	}
	data, err := json.Marshal(map[string]any{"queue": parts["queue"], "consumables": parts["consumables"]})
	if err != nil {
		tb.Fatal(err)
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&known); err != nil {
		tb.Fatal(err)
	}
	opts := []validate.Option{validate.WithConsumables(known.Consumables)}
	if known.Queue == nil {
		return opts
	}
	queue := validate.Queue{State: known.Queue.State}
	if fair := known.Queue.FairShare; fair != nil {
		queue.Scheduling = validate.FIFO
		if *fair {
			queue.Scheduling = validate.FairShare
		}
	}
	platforms := map[string]validate.Platforms{
		"": 0, "EC2": validate.EC2, "FARGATE": validate.Fargate, "MANAGED_INSTANCES": validate.ManagedInstances, "EKS": validate.EKS,
	}
	for _, e := range known.Queue.Environments {
		platform, ok := platforms[e.Platform]
		if !ok {
			tb.Fatalf("no platform %q", e.Platform)
		}
		queue.Environments = append(queue.Environments, validate.Environment{
			Platform: platform, Spot: e.Spot, Unmanaged: e.Unmanaged, VCPUs: e.VCPUs, MemoryMiB: e.MemoryMiB,
		})
	}
	return append(opts, validate.WithQueue(queue))
}

func TestQueues(t *testing.T) {
	t.Parallel()
	disabled := validate.Queue{Name: "old", State: types.JQStateDisabled}
	open := validate.Queue{Name: "new", State: types.JQStateEnabled}
	for _, tc := range []struct {
		name   string
		queue  string
		known  []validate.Queue
		want   []string
		reason string
	}{
		{"by name", "old", []validate.Queue{open, disabled}, []string{"SUB005"}, "the second queue is meant"},
		{"by ARN", "arn:aws:batch:eu-west-1:123456789012:job-queue/old", []validate.Queue{disabled}, []string{"SUB005"}, "an ARN ends with the name"},
		{"another", "other", []validate.Queue{disabled}, []string{}, "what is known is of another queue"},
		{"any", "other", []validate.Queue{{State: types.JQStateDisabled}}, []string{"SUB005"}, "a queue without a name is every queue"},
		{"first", "old", []validate.Queue{{Name: "old", State: types.JQStateEnabled}, disabled}, []string{}, "the first of that name counts"},
		{"unknown", "old", []validate.Queue{{}}, []string{}, "nothing is known of the zero queue"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			in := &batch.SubmitJobInput{JobName: aws.String("a"), JobQueue: aws.String(tc.queue), JobDefinition: aws.String("a")}
			var opts []validate.Option
			for _, q := range tc.known {
				opts = append(opts, validate.WithQueue(q))
			}
			if diff := cmp.Diff(tc.want, validate.SubmitJob(in, opts...).Rules()); diff != "" {
				t.Errorf("rules broken, because %s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

// TestLargestInstance is about what the figures of RR019 are made of.
func TestLargestInstance(t *testing.T) {
	t.Parallel()
	requirements := func(vcpus, memory string) []types.ResourceRequirement {
		return []types.ResourceRequirement{
			{Type: types.ResourceTypeVcpu, Value: aws.String(vcpus)}, {Type: types.ResourceTypeMemory, Value: aws.String(memory)},
		}
	}
	for _, tc := range []struct {
		name   string
		over   []types.ResourceRequirement
		other  validate.Environment
		want   bool
		reason string
	}{
		{"fits", nil, validate.Environment{VCPUs: 8}, false, "2 vCPUs and 4096 MiB are all that is asked for"},
		{"overridden", requirements("16", "4096"), validate.Environment{VCPUs: 8}, true, "the override counts, not the definition"},
		{"memory", requirements("2", "65536"), validate.Environment{MemoryMiB: 32768}, true, "memory counts too"},
		{"one fits", requirements("16", "4096"), validate.Environment{VCPUs: 32}, false, "one environment is enough"},
		{"size unknown", requirements("16", "4096"), validate.Environment{Platform: validate.EC2}, false, "an environment of unknown size may do"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			in := submission("resize")
			if tc.over != nil {
				in.ContainerOverrides = &types.ContainerOverrides{ResourceRequirements: tc.over}
			}
			def := &batch.RegisterJobDefinitionInput{
				JobDefinitionName: aws.String("resize"), Type: types.JobDefinitionTypeContainer,
				ContainerProperties: &types.ContainerProperties{
					Image: aws.String("public.ecr.aws/amazonlinux/amazonlinux:2023"), ResourceRequirements: requirements("2", "4096"),
				},
			}
			queue := validate.Queue{Environments: []validate.Environment{{Platform: validate.EC2, VCPUs: 4, MemoryMiB: 16384}, tc.other}}
			got := len(validate.SubmitJob(in, validate.WithDefinition(def), validate.WithQueue(queue))) > 0
			if got != tc.want {
				t.Errorf("found = %v, want %v, because %s", got, tc.want, tc.reason)
			}
		})
	}
}
