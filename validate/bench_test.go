package validate_test

import (
	"context"
	"fmt"
	"io"
	"math"
	"net/http"
	"regexp"
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
	peer := peerValidator(b)
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

// peerValidator is validator/v10 with what map rules can express of the rules that ours judges in the same definition:
// members that must be there, words, lengths, ranges, patterns and names that are unique, in every nested list and map.
// What compares one member with another, such as a mount point with the volumes, is left out: it would take code.
func peerValidator(tb testing.TB) *validator.Validate {
	v := validator.New(validator.WithRequiredStructEnabled())
	for tag, pattern := range map[string]*regexp.Regexp{
		"batchname":  regexp.MustCompile(`^[A-Za-z0-9_-]+$`),
		"image":      regexp.MustCompile(`^[A-Za-z0-9_:./#@-]+$`),
		"rolearn":    regexp.MustCompile(`^arn:[a-z-]+:iam::[0-9]{12}:role/.+$`),
		"variable":   regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`),
		"user":       regexp.MustCompile(`^[a-z0-9_][a-z0-9_-]{0,30}(:[a-z0-9_][a-z0-9_-]{0,30})?$`),
		"filesystem": regexp.MustCompile(`^fs-[0-9a-f]+$`),
		"exitcode":   regexp.MustCompile(`^[0-9]*\*?$`),
		"reason":     regexp.MustCompile(`^[A-Za-z0-9.:\s]*\*?$`),
		"tagtext":    regexp.MustCompile(`^[\pL\pN\pZ_.:/=+@-]*$`),
	} {
		if err := v.RegisterValidation(tag, func(fl validator.FieldLevel) bool { return pattern.MatchString(fl.Field().String()) }); err != nil {
			tb.Fatal(err)
		}
	}
	for _, r := range []struct {
		of    any
		rules map[string]string
	}{
		{batch.RegisterJobDefinitionInput{}, map[string]string{
			"JobDefinitionName": "required,max=128,batchname", "Type": "required,oneof=container multinode",
			"PlatformCapabilities": "max=1,dive,oneof=EC2 FARGATE MANAGED_INSTANCES", "SchedulingPriority": "omitempty,min=0,max=9999",
			"Tags": "max=50,dive,keys,min=1,max=128,tagtext,endkeys,max=256,tagtext", "Parameters": "dive,keys,required,endkeys",
		}},
		{types.RetryStrategy{}, map[string]string{"Attempts": "required,min=1,max=10", "EvaluateOnExit": "max=5,dive"}},
		{types.EvaluateOnExit{}, map[string]string{
			"Action": "required,oneof=RETRY EXIT retry exit", "OnExitCode": "omitempty,max=512,exitcode",
			"OnReason": "omitempty,max=512,reason", "OnStatusReason": "omitempty,max=512,reason",
		}},
		{types.JobTimeout{}, map[string]string{"AttemptDurationSeconds": "omitempty,min=60"}},
		{types.EcsProperties{}, map[string]string{"TaskProperties": "required,len=1,dive"}},
		{types.EcsTaskProperties{}, map[string]string{
			"Containers": "required,min=1,max=10,unique=Name,dive", "IpcMode": "omitempty,oneof=host task none",
			"PidMode": "omitempty,oneof=host task", "Volumes": "unique=Name,dive", "ExecutionRoleArn": "omitempty,rolearn", "TaskRoleArn": "omitempty,rolearn",
		}},
		{types.EphemeralStorage{}, map[string]string{"SizeInGiB": "required,min=21,max=200"}},
		{types.NetworkConfiguration{}, map[string]string{"AssignPublicIp": "omitempty,oneof=ENABLED DISABLED"}},
		{types.TaskContainerProperties{}, map[string]string{
			"Name": "required,min=1,max=255", "Image": "required,max=255,image", "DependsOn": "unique=ContainerName,dive",
			"Environment": "unique=Name,dive", "MountPoints": "unique=ContainerPath,dive", "ResourceRequirements": "required,unique=Type,dive",
			"Secrets": "unique=Name,dive", "Ulimits": "unique=Name,dive", "StartTimeout": "omitempty,min=2", "StopTimeout": "omitempty,min=2",
			"User": "omitempty,user",
		}},
		{types.TaskContainerDependency{}, map[string]string{"ContainerName": "required", "Condition": "required,oneof=START COMPLETE SUCCESS"}},
		{types.KeyValuePair{}, map[string]string{"Name": "required,startsnotwith=AWS_BATCH,variable", "Value": "required,min=1"}},
		{types.MountPoint{}, map[string]string{"SourceVolume": "required,min=1", "ContainerPath": "required,startswith=/"}},
		{types.ResourceRequirement{}, map[string]string{"Type": "required,oneof=VCPU MEMORY GPU", "Value": "required,numeric"}},
		{types.Secret{}, map[string]string{"Name": "required,min=1,startsnotwith=AWS_BATCH", "ValueFrom": "required,min=1"}},
		{types.LogConfiguration{}, map[string]string{
			"LogDriver": "required,oneof=awslogs splunk awsfirelens fluentd gelf json-file journald syslog", "SecretOptions": "dive",
			"Options": "dive,keys,required,oneof=awslogs-group awslogs-region awslogs-stream-prefix awslogs-datetime-format awslogs-multiline-pattern awslogs-create-group,endkeys",
		}},
		{types.FirelensConfiguration{}, map[string]string{"Type": "required,oneof=fluentd fluentbit"}},
		{types.RepositoryCredentials{}, map[string]string{"CredentialsParameter": "required,min=1"}},
		{types.LinuxParameters{}, map[string]string{
			"MaxSwap": "omitempty,min=0", "Swappiness": "omitempty,min=0,max=100", "SharedMemorySize": "omitempty,min=1", "Devices": "dive", "Tmpfs": "dive",
		}},
		{types.Device{}, map[string]string{"HostPath": "required,min=1", "Permissions": "dive,oneof=READ WRITE MKNOD"}},
		{types.Tmpfs{}, map[string]string{"ContainerPath": "required,min=1", "Size": "required,min=1"}},
		{types.Ulimit{}, map[string]string{"Name": "required,min=1", "HardLimit": "required", "SoftLimit": "required"}},
		{types.Volume{}, map[string]string{"Name": "required,max=255,batchname"}},
		{types.EFSVolumeConfiguration{}, map[string]string{
			"FileSystemId": "required,filesystem", "RootDirectory": "omitempty,max=4096",
			"TransitEncryption": "omitempty,oneof=ENABLED DISABLED", "TransitEncryptionPort": "omitempty,min=0,max=65535",
		}},
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
