package batchjson_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchjson"
)

// The peer is encoding/json on the same structs. It writes other names, and
// nulls, so its documents are longer; each side reads the compact JSON of the
// API, for encoding/json matches names without their case.

// typicalDefinition is a definition of three containers, as people write them.
func typicalDefinition() *batch.RegisterJobDefinitionInput {
	container := func(name string) types.TaskContainerProperties {
		return types.TaskContainerProperties{
			Name:      aws.String(name),
			Image:     aws.String("public.ecr.aws/amazonlinux/amazonlinux:2023"),
			Command:   []string{"/bin/sh", "-c", "echo Ref::input | sort > /data/out"},
			Essential: aws.Bool(true),
			ResourceRequirements: []types.ResourceRequirement{
				{Type: types.ResourceTypeVcpu, Value: aws.String("2")},
				{Type: types.ResourceTypeMemory, Value: aws.String("4096")},
			},
			Environment: []types.KeyValuePair{
				{Name: aws.String("BUCKET"), Value: aws.String("s3://acme-data")},
				{Name: aws.String("STAGE"), Value: aws.String("production")},
			},
			LogConfiguration: &types.LogConfiguration{
				LogDriver: types.LogDriverAwslogs,
				Options:   map[string]string{"awslogs-group": "/acme/batch", "awslogs-stream-prefix": name},
			},
			MountPoints: []types.MountPoint{{ContainerPath: aws.String("/data"), SourceVolume: aws.String("data")}},
		}
	}
	return &batch.RegisterJobDefinitionInput{
		JobDefinitionName:    aws.String("thumbnails"),
		Type:                 types.JobDefinitionTypeContainer,
		Parameters:           map[string]string{"input": "s3://acme/in.jpg"},
		PlatformCapabilities: []types.PlatformCapability{types.PlatformCapabilityEc2},
		RetryStrategy:        &types.RetryStrategy{Attempts: aws.Int32(3)},
		Timeout:              &types.JobTimeout{AttemptDurationSeconds: aws.Int32(600)},
		Tags:                 map[string]string{"team": "imaging", "cost-centre": "42"},
		EcsProperties: &types.EcsProperties{TaskProperties: []types.EcsTaskProperties{{
			Containers: []types.TaskContainerProperties{container("fetch"), container("convert"), container("store")},
			Volumes:    []types.Volume{{Name: aws.String("data")}},
		}}},
	}
}

// benchmarkValues are what the benchmarks write and read.
func benchmarkValues() map[string]any {
	values := map[string]any{"typical": typicalDefinition()}
	full := reflect.New(reflect.TypeFor[batch.RegisterJobDefinitionInput]())
	(&filler{}).fill(full.Elem())
	values["full"] = full.Interface()
	jobs := reflect.New(reflect.TypeFor[batch.DescribeJobsOutput]())
	(&filler{}).fill(jobs.Elem())
	values["jobs"] = jobs.Interface()
	values["submit"] = &batch.SubmitJobInput{
		JobName: aws.String("a"), JobQueue: aws.String("default"), JobDefinition: aws.String("thumbnails:3"),
		DependsOn:  []types.JobDependency{{JobId: aws.String("6ef0ee3c-1b42-4ab8-9bb5-0d3c6e2a8a1d")}},
		Parameters: map[string]string{"input": "s3://acme/in.jpg"},
	}
	return values
}

func BenchmarkMarshal(b *testing.B) {
	for name, value := range benchmarkValues() {
		for peer, marshal := range map[string]func(any) ([]byte, error){"batchjson": batchjson.Marshal, "encoding-json": json.Marshal} {
			b.Run(name+"/"+peer, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, err := marshal(value); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func BenchmarkUnmarshal(b *testing.B) {
	ours := func(data []byte, v any) error { return batchjson.Unmarshal(data, v) }
	for name, value := range benchmarkValues() {
		data, err := batchjson.Marshal(value)
		if err != nil {
			b.Fatal(err)
		}
		for peer, unmarshal := range map[string]func([]byte, any) error{"batchjson": ours, "encoding-json": json.Unmarshal} {
			b.Run(name+"/"+peer, func(b *testing.B) {
				b.ReportAllocs()
				b.SetBytes(int64(len(data)))
				for b.Loop() {
					target := reflect.New(reflect.TypeOf(value).Elem()).Interface()
					if err := unmarshal(data, target); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
