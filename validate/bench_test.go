package validate_test

import (
	"context"
	"fmt"
	"io"
	"math"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/go-playground/validator/v10"

	"github.com/batchkit/batchkit-go/validate"
)

// benchDefinition is a valid definition of n containers: the last is essential, and waits for the one before it.
func benchDefinition(n int) *batch.RegisterJobDefinitionInput {
	containers := make([]types.TaskContainerProperties, n)
	for i := range containers {
		containers[i] = types.TaskContainerProperties{
			Name:      aws.String(fmt.Sprintf("step-%d", i)),
			Image:     aws.String("123456789012.dkr.ecr.eu-west-1.amazonaws.com/pipeline/step:1.4.2"),
			Command:   []string{"/app/run", "--input", "/data/in", "--output", "/data/out"},
			Essential: aws.Bool(i == n-1),
			Environment: []types.KeyValuePair{
				{Name: aws.String("STAGE"), Value: aws.String("production")},
				{Name: aws.String("LOG_LEVEL"), Value: aws.String("info")},
				{Name: aws.String("BUCKET"), Value: aws.String("acme-results")},
			},
			ResourceRequirements: []types.ResourceRequirement{
				{Type: types.ResourceTypeVcpu, Value: aws.String("1")},
				{Type: types.ResourceTypeMemory, Value: aws.String("2048")},
			},
			MountPoints:      []types.MountPoint{{SourceVolume: aws.String("data"), ContainerPath: aws.String("/data")}},
			LogConfiguration: &types.LogConfiguration{LogDriver: types.LogDriverAwslogs, Options: map[string]string{"awslogs-group": "/batch/pipeline"}},
		}
		if i > 0 {
			containers[i].DependsOn = []types.TaskContainerDependency{after(*containers[i-1].Name, "SUCCESS")}
		}
	}
	return &batch.RegisterJobDefinitionInput{
		JobDefinitionName: aws.String("pipeline"),
		Type:              types.JobDefinitionTypeContainer,
		EcsProperties: &types.EcsProperties{TaskProperties: []types.EcsTaskProperties{{
			Containers:       containers,
			ExecutionRoleArn: aws.String("arn:aws:iam::123456789012:role/exec"),
			TaskRoleArn:      aws.String("arn:aws:iam::123456789012:role/job"),
			Volumes:          []types.Volume{{Name: aws.String("data")}},
		}}},
		RetryStrategy: &types.RetryStrategy{Attempts: aws.Int32(3)},
		Timeout:       &types.JobTimeout{AttemptDurationSeconds: aws.Int32(3600)},
		Tags:          map[string]string{"team": "imaging"},
	}
}

var benchSizes = []int{3, 10}

func BenchmarkJobDefinition(b *testing.B) {
	for _, n := range benchSizes {
		b.Run(fmt.Sprintf("containers=%d", n), func(b *testing.B) {
			def := benchDefinition(n)
			if found := validate.JobDefinition(def); len(found) > 0 {
				b.Fatal(found)
			}
			b.ReportAllocs()
			for b.Loop() {
				validate.JobDefinition(def)
			}
		})
	}
}

// BenchmarkPeers measures three ways next to each other, so that their ratios hold on a busy machine too: ours,
// validator/v10 with rules of comparable extent, and the SDK's call with an answer from memory, which any program
// that registers a definition pays for anyway.
func BenchmarkPeers(b *testing.B) {
	peer := peerValidator()
	client := benchClient()
	for _, n := range benchSizes {
		b.Run(fmt.Sprintf("containers=%d", n), func(b *testing.B) {
			def := benchDefinition(n)
			ways := [3]func() error{
				func() error { return validate.JobDefinition(def).Err() },
				func() error { return peer.Struct(def) },
				func() error { _, err := client.RegisterJobDefinition(b.Context(), def); return err },
			}
			// The best of many short rounds is least disturbed by whatever else runs.
			const calls = 4
			best := [3]float64{math.Inf(1), math.Inf(1), math.Inf(1)}
			for b.Loop() {
				for i, way := range ways {
					start := time.Now()
					for range calls {
						if err := way(); err != nil {
							b.Fatal(err)
						}
					}
					best[i] = min(best[i], float64(time.Since(start))/calls)
				}
			}
			b.ReportMetric(best[0], "ours-ns")
			b.ReportMetric(best[1], "validator-ns")
			b.ReportMetric(best[2], "sdk-ns")
			b.ReportMetric(best[1]/best[0], "validator/ours")
			b.ReportMetric(100*best[0]/best[2], "%-of-sdk")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// TestAllocations holds a run over a valid definition to a few allocations.
func TestAllocations(t *testing.T) {
	for _, n := range benchSizes {
		def := benchDefinition(n)
		if got := testing.AllocsPerRun(100, func() { validate.JobDefinition(def) }); got > 5 {
			t.Errorf("%d containers: %g allocations, want at most 5", n, got)
		}
	}
}

// peerValidator is validator/v10 with what it can express: members that must be there, words, lengths, ranges.
func peerValidator() *validator.Validate {
	v := validator.New(validator.WithRequiredStructEnabled())
	for _, r := range []struct {
		of    any
		rules map[string]string
	}{
		{batch.RegisterJobDefinitionInput{}, map[string]string{
			"JobDefinitionName": "required,min=1,max=128", "Type": "required,oneof=container multinode",
			"PlatformCapabilities": "max=1,dive,oneof=EC2 FARGATE", "SchedulingPriority": "omitempty,min=0,max=9999",
			"Tags": "max=50,dive,keys,min=1,max=128,endkeys,max=256", "Parameters": "dive,keys,required,endkeys",
		}},
		{types.RetryStrategy{}, map[string]string{"Attempts": "required,min=1,max=10", "EvaluateOnExit": "max=5,dive"}},
		{types.JobTimeout{}, map[string]string{"AttemptDurationSeconds": "omitempty,min=60"}},
		{types.EcsProperties{}, map[string]string{"TaskProperties": "required,len=1,dive"}},
		{types.EcsTaskProperties{}, map[string]string{
			"Containers": "required,min=1,max=10,dive", "IpcMode": "omitempty,oneof=host task none",
			"PidMode": "omitempty,oneof=host task", "Volumes": "dive", "ExecutionRoleArn": "omitempty,startswith=arn:", "TaskRoleArn": "omitempty,startswith=arn:",
		}},
		{types.TaskContainerProperties{}, map[string]string{
			"Name": "required,min=1,max=255", "Image": "required,min=1,max=255", "DependsOn": "dive", "Environment": "dive", "MountPoints": "dive",
			"ResourceRequirements": "dive", "Secrets": "dive", "Ulimits": "dive", "StartTimeout": "omitempty,min=2", "StopTimeout": "omitempty,min=2",
			"User": "omitempty,min=1",
		}},
		{types.TaskContainerDependency{}, map[string]string{"ContainerName": "required", "Condition": "required,oneof=START COMPLETE SUCCESS"}},
		{types.KeyValuePair{}, map[string]string{"Name": "required,min=1,excludes=AWS_BATCH", "Value": "required"}},
		{types.MountPoint{}, map[string]string{"SourceVolume": "required", "ContainerPath": "required,startswith=/"}},
		{types.ResourceRequirement{}, map[string]string{"Type": "required,oneof=VCPU MEMORY GPU", "Value": "required,numeric"}},
		{types.Secret{}, map[string]string{"Name": "required", "ValueFrom": "required"}},
		{types.LogConfiguration{}, map[string]string{
			"LogDriver": "required,oneof=awslogs splunk awsfirelens fluentd gelf json-file journald syslog", "SecretOptions": "dive",
			"Options": "dive,keys,required,endkeys",
		}},
		{types.Volume{}, map[string]string{"Name": "required,min=1,max=255"}},
		{types.Ulimit{}, map[string]string{"Name": "required", "HardLimit": "required", "SoftLimit": "required"}},
	} {
		v.RegisterStructValidationMapRules(r.rules, r.of)
	}
	return v
}

// canned answers every call from memory.
type canned struct{}

func (canned) Do(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			return nil, err
		}
	}
	const body = `{"jobDefinitionArn":"arn:aws:batch:eu-west-1:123456789012:job-definition/pipeline:1","jobDefinitionName":"pipeline","revision":1}`
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)), Request: r,
	}, nil
}

func benchClient() *batch.Client {
	return batch.New(batch.Options{
		Region: "eu-west-1", HTTPClient: canned{},
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "id", SecretAccessKey: "key"}, nil
		}),
	})
}
