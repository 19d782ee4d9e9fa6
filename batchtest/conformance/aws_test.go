//go:build aws_conformance

package conformance_test

import (
	"os"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchtest/conformance"
)

// TestAWS runs the checks against AWS Batch itself, with the account and the
// region that the AWS SDK finds:
//
//	BATCHKIT_CONFORMANCE_QUEUE=my-queue go test -tags aws_conformance -run TestAWS -timeout 3h ./batchtest/conformance
//
// It runs about 25 jobs of one vCPU for a few seconds each, which costs what they
// cost. BATCHKIT_CONFORMANCE_QUEUE is the queue. BATCHKIT_CONFORMANCE_IMAGE is an
// image that has true, false and sleep, by default busybox of Amazon ECR Public.
// BATCHKIT_CONFORMANCE_EXECUTION_ROLE is the ARN of an execution role; when it is
// set, jobs are for AWS Fargate.
func TestAWS(t *testing.T) {
	queue := os.Getenv("BATCHKIT_CONFORMANCE_QUEUE")
	if queue == "" {
		t.Skip("BATCHKIT_CONFORMANCE_QUEUE does not name a job queue")
	}
	loaded, err := config.LoadDefaultConfig(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	cfg := conformance.Config{Queue: queue, Image: os.Getenv("BATCHKIT_CONFORMANCE_IMAGE")}
	if cfg.Image == "" {
		cfg.Image = "public.ecr.aws/docker/library/busybox:stable"
	}
	if role := os.Getenv("BATCHKIT_CONFORMANCE_EXECUTION_ROLE"); role != "" {
		cfg.Definition = func(in *batch.RegisterJobDefinitionInput) {
			in.PlatformCapabilities = []types.PlatformCapability{types.PlatformCapabilityFargate}
			in.ContainerProperties.ExecutionRoleArn = aws.String(role)
			in.ContainerProperties.NetworkConfiguration = &types.NetworkConfiguration{AssignPublicIp: types.AssignPublicIpEnabled}
		}
	}
	conformance.Run(t, batch.NewFromConfig(loaded), cfg)
}
