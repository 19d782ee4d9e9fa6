package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

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
	if bare := name[strings.LastIndex(name, "/")+1:]; !strings.Contains(bare, ":") { // no revision: the newest that is active
		in = &batch.DescribeJobDefinitionsInput{JobDefinitionName: aws.String(bare), Status: aws.String("ACTIVE")}
	}
	var newest types.JobDefinition
	for pages := batch.NewDescribeJobDefinitionsPaginator(s.api, in); pages.HasMorePages(); {
		out, err := pages.NextPage(ctx)
		if err != nil {
			return false, err
		}
		for _, def := range out.JobDefinitions {
			if aws.ToInt32(def.Revision) > aws.ToInt32(newest.Revision) {
				newest = def
			}
		}
	}
	if newest.Revision == nil {
		return false, fmt.Errorf("there is no active definition %s", name)
	}
	return newest.ContainerProperties != nil, nil
}

// drop takes away the variable that Step Functions adds, and the overrides that held nothing else. Others it refuses to
// drop: they would be lost without a word.
func drop(in *batch.SubmitJobInput) error {
	if in.ContainerOverrides == nil {
		return nil
	}
	rest := *in.ContainerOverrides
	rest.Environment = slices.DeleteFunc(slices.Clone(rest.Environment), func(v types.KeyValuePair) bool { return aws.ToString(v.Name) == "MANAGED_BY_AWS" })
	if len(rest.Environment) == 0 {
		rest.Environment = nil
	}
	if !reflect.DeepEqual(rest, types.ContainerOverrides{}) {
		return errOverrides
	}
	in.ContainerOverrides = nil
	return nil
}
