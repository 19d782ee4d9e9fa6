package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchjson"
)

// submitter is the Lambda function between Step Functions and AWS Batch. On AWS its main is one line:
//
//	lambda.Start((&submitter{batch.NewFromConfig(cfg)}).handle)
//
// with a client whose RetryMaxAttempts is 1: SubmitJob has no client token, and the state machine can look for the job
// before it tries again.
type submitter struct{ api *batch.Client }

// submitted is what the state machine gets.
type submitted struct {
	JobID string `json:"jobId"`
}

// errOverrides says that a job of several containers was given overrides for one.
var errOverrides = errors.New("containerOverrides are for jobs of one container; give ecsPropertiesOverride or eksPropertiesOverride")

// handle submits the job that the task's input describes, a SubmitJob request as the API spells it.
func (s *submitter) handle(ctx context.Context, event json.RawMessage) (submitted, error) {
	var in batch.SubmitJobInput
	if err := batchjson.Unmarshal(event, &in); err != nil {
		return submitted{}, fmt.Errorf("the input: %w", err)
	}
	single, err := s.single(ctx, aws.ToString(in.JobDefinition))
	if err != nil {
		return submitted{}, err
	}
	if !single {
		if err := drop(&in); err != nil {
			return submitted{}, err
		}
	}
	out, err := s.api.SubmitJob(ctx, &in)
	if err != nil {
		return submitted{}, err
	}
	return submitted{JobID: aws.ToString(out.JobId)}, nil
}

// single says whether the definition is of one container, which alone takes containerOverrides.
func (s *submitter) single(ctx context.Context, name string) (bool, error) {
	in := &batch.DescribeJobDefinitionsInput{JobDefinitions: []string{name}}
	out, err := s.api.DescribeJobDefinitions(ctx, in)
	if err == nil && len(out.JobDefinitions) == 0 { // a name without a revision
		out, err = s.api.DescribeJobDefinitions(ctx, &batch.DescribeJobDefinitionsInput{
			JobDefinitionName: aws.String(name), Status: aws.String("ACTIVE"),
		})
	}
	if err != nil {
		return false, err
	}
	if len(out.JobDefinitions) == 0 {
		return false, fmt.Errorf("there is no active definition %s", name)
	}
	newest := slices.MaxFunc(out.JobDefinitions, func(a, b types.JobDefinition) int {
		return int(aws.ToInt32(a.Revision)) - int(aws.ToInt32(b.Revision))
	})
	return newest.ContainerProperties != nil, nil
}

// drop takes away the variable that Step Functions adds, and the overrides that held nothing else. Others it refuses to
// drop: they would be lost without a word.
func drop(in *batch.SubmitJobInput) error {
	o := in.ContainerOverrides
	if o == nil {
		return nil
	}
	others := slices.DeleteFunc(slices.Clone(o.Environment), func(v types.KeyValuePair) bool { return aws.ToString(v.Name) == "MANAGED_BY_AWS" })
	if len(others) > 0 || o.Command != nil || o.ResourceRequirements != nil || o.InstanceType != nil {
		return errOverrides
	}
	in.ContainerOverrides = nil
	return nil
}
