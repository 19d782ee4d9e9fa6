package validate_test

import (
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/go-playground/validator/v10"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/validate"
)

func taught(tb testing.TB, opts ...validate.Option) *validator.Validate {
	tb.Helper()
	v := validator.New(validator.WithRequiredStructEnabled())
	if err := validate.Register(v, opts...); err != nil {
		tb.Fatal(err)
	}
	return v
}

// faults are the namespaces and tags that a validator reports.
func faults(err error) [][2]string {
	var invalid validator.ValidationErrors
	errors.As(err, &invalid)
	var out [][2]string
	for _, f := range invalid {
		out = append(out, [2]string{f.Namespace(), f.Tag()})
	}
	return out
}

func TestRegister(t *testing.T) {
	t.Parallel()
	secret := []types.KeyValuePair{{Name: aws.String(""), Value: aws.String("hunter2")}}
	sound := types.ContainerProperties{
		Image: aws.String("app:1"),
		ResourceRequirements: []types.ResourceRequirement{
			{Type: types.ResourceTypeVcpu, Value: aws.String("0.25")}, {Type: types.ResourceTypeMemory, Value: aws.String("512")},
		},
	}
	unnamed := sound
	unnamed.Environment = secret
	type config struct {
		Container  *types.ContainerProperties
		Containers []types.ContainerProperties `validate:"dive"`
		Nodes      *types.NodeProperties
		Submission batch.SubmitJobInput
		Retry      types.RetryStrategy
	}
	job := batch.SubmitJobInput{JobName: aws.String("a"), JobQueue: aws.String("q"), JobDefinition: aws.String("d")}
	retry := types.RetryStrategy{Attempts: aws.Int32(3)}
	for _, tc := range []struct {
		name   string
		input  any
		opts   []validate.Option
		want   [][2]string
		reason string
	}{
		{
			name: "parts", reason: "a part has no platform, and a quarter of a vCPU is right on Fargate",
			input: &config{Container: &sound, Submission: job, Retry: retry},
		},
		{
			name: "root", reason: "an input at the top is its own namespace",
			input: &batch.SubmitJobInput{JobName: aws.String("-"), JobQueue: aws.String("q"), JobDefinition: aws.String("d")},
			want:  [][2]string{{"SubmitJobInput.jobName", "SUB001"}},
		},
		{
			name: "part at the top", reason: "a part at the top is no member of an input",
			input: &unnamed,
			want:  [][2]string{{"ContainerProperties.environment[0].name", "CP005"}},
		},
		{
			name: "part inside", reason: "what is judged with its definition is reported once",
			input: &batch.RegisterJobDefinitionInput{
				JobDefinitionName: aws.String("a"), Type: types.JobDefinitionTypeContainer, PlatformCapabilities: []types.PlatformCapability{types.PlatformCapabilityFargate},
				ContainerProperties: &unnamed, RetryStrategy: &types.RetryStrategy{},
			},
			want: [][2]string{
				{"RegisterJobDefinitionInput.containerProperties.environment[0].name", "CP005"},
				{"RegisterJobDefinitionInput.containerProperties.executionRoleArn", "FG001"},
				{"RegisterJobDefinitionInput.retryStrategy.attempts", "RTY002"},
			},
		},
		{
			name: "slices and nodes", reason: "dive reaches the elements of a slice",
			input: &config{
				Containers: []types.ContainerProperties{sound, unnamed}, Submission: job, Retry: retry,
				Nodes: &types.NodeProperties{NumNodes: aws.Int32(0), MainNode: aws.Int32(0), NodeRangeProperties: []types.NodeRangeProperty{{
					TargetNodes: aws.String("0:"), Container: &types.ContainerProperties{Image: aws.String("app:1"), ResourceRequirements: []types.ResourceRequirement{
						{Type: types.ResourceTypeVcpu, Value: aws.String("1")}, {Type: types.ResourceTypeMemory, Value: aws.String("512")},
					}},
				}}},
			},
			want: [][2]string{{"config.Containers[1].environment[0].name", "CP005"}, {"config.Nodes.numNodes", "MNP001"}},
		},
		{
			name: "whole", reason: "a finding about the whole has a field too",
			input: &batch.RegisterJobDefinitionInput{JobDefinitionName: aws.String("a"), Type: types.JobDefinitionTypeContainer},
			want:  [][2]string{{"RegisterJobDefinitionInput.request", "JD005"}},
		},
		{
			name: "options", reason: "options are handed on",
			input: &unnamed, opts: []validate.Option{validate.Disable("CP005")},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			err := taught(t, tc.opts...).Struct(tc.input)
			if diff := cmp.Diff(tc.want, faults(err)); diff != "" {
				t.Errorf("fields at fault, because %s (-want +got):\n%s", tc.reason, diff)
			}
			var invalid validator.ValidationErrors
			errors.As(err, &invalid)
			for _, f := range invalid {
				if f.Value() != nil || f.Param() == "" {
					t.Errorf("%s has value %v and param %q, want no value and the message", f.Namespace(), f.Value(), f.Param())
				}
			}
		})
	}
}

func TestRegisterTags(t *testing.T) {
	t.Parallel()
	type name struct {
		V string `validate:"batchjobname"`
	}
	type definitionName struct {
		V *string `validate:"batchdefinitionname"`
	}
	type image struct {
		V string `validate:"omitempty,batchimage"`
	}
	type role struct {
		V string `validate:"batchrolearn"`
	}
	type size struct {
		V int32 `validate:"batcharraysize"`
	}
	type fargate struct {
		V      float64 `validate:"batchfargate=Memory"`
		Memory uint
	}
	type fargateText struct {
		V      string `validate:"batchfargate=Memory"`
		Memory string
	}
	type noMemory struct {
		V float64 `validate:"batchfargate=Memory"`
	}
	type wrongKinds struct {
		V bool `validate:"batchjobname"`
		W bool `validate:"batcharraysize"`
		X bool `validate:"batchfargate=W"`
		Y int  `validate:"batchfargate=W"`
	}
	for _, tc := range []struct {
		name   string
		input  any
		want   int // fields at fault
		reason string
	}{
		{"job name", name{"a-1"}, 0, "a name"},
		{"empty job name", name{}, 1, "there is no omitempty"},
		{"definition name", definitionName{aws.String("_a")}, 0, "a pointer is followed"},
		{"bad definition name", definitionName{aws.String("a:1")}, 1, "a revision is no part of the name"},
		{"no image", image{}, 0, "omitempty lets it pass"},
		{"image", image{"a.b/c:1@sha256:0"}, 0, "a digest is allowed"},
		{"bad image", image{"a b"}, 1, "a blank"},
		{"role", role{"arn:aws:iam::123456789012:role/path/name"}, 0, "a role with a path"},
		{"user", role{"arn:aws:iam::123456789012:user/name"}, 1, "a user is no role"},
		{"array", size{10000}, 0, "the most"},
		{"array of one", size{1}, 1, "one is no array"},
		{"Fargate", fargate{0.25, 512}, 0, "the smallest size"},
		{"Fargate odd", fargate{0.25, 4096}, 1, "too much memory for a quarter of a vCPU"},
		{"Fargate text", fargateText{"1.0", "2048"}, 0, "texts are read as the API has them"},
		{"Fargate unit", fargateText{"1.0", "2GB"}, 1, "a unit is no number"},
		{"Fargate alone", noMemory{1}, 1, "the other field is not there"},
		{"kinds", wrongKinds{}, 4, "a kind of field that a tag is not for never passes"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := faults(taught(t).Struct(tc.input)); len(got) != tc.want {
				t.Errorf("fields at fault = %v, want %d, because %s", got, tc.want, tc.reason)
			}
		})
	}
}

func TestRegisterNil(t *testing.T) {
	t.Parallel()
	if err := validate.Register(nil); err == nil {
		t.Error("Register(nil) = nil, want an error")
	}
}
