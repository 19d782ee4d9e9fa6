package batchkit

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// QueueError says that a job was refused because its queue does not exist, or is not ENABLED.
type QueueError struct {
	// Queue is its name or ARN.
	Queue string
	// State is the queue's; empty if there is no such queue.
	State types.JQState
	// Err is the service's refusal.
	Err error
}

// Error tells the queue and its state.
func (e *QueueError) Error() string {
	if e.State == "" {
		return fmt.Sprintf("job queue %q does not exist: %v", e.Queue, e.Err)
	}
	return fmt.Sprintf("job queue %q is %s: %v", e.Queue, e.State, e.Err)
}

// Unwrap returns the service's refusal.
func (e *QueueError) Unwrap() error { return e.Err }

// DefinitionError says that a job was refused because its definition does not exist, or was deregistered.
type DefinitionError struct {
	// Definition is its name, or its ARN.
	Definition string
	// Status is INACTIVE for one that was deregistered; empty if there is none.
	Status string
	// Err is the service's refusal.
	Err error
}

// Error tells the definition and its status.
func (e *DefinitionError) Error() string {
	if e.Status == "" {
		return fmt.Sprintf("job definition %q does not exist: %v", e.Definition, e.Err)
	}
	return fmt.Sprintf("job definition %q is %s: %v", e.Definition, e.Status, e.Err)
}

// Unwrap returns the service's refusal.
func (e *DefinitionError) Unwrap() error { return e.Err }

// explain looks up whether a refusal is for the queue or the definition, since the service tells by its words only.
// Where it may not look, the refusal is returned as it is.
func (c *Client) explain(ctx context.Context, in *batch.SubmitJobInput, refusal error) error {
	if err := c.explainQueue(ctx, aws.ToString(in.JobQueue), refusal); err != refusal {
		return err
	}
	var client *types.ClientException
	if !errors.As(refusal, &client) {
		return refusal
	}
	reference := aws.ToString(in.JobDefinition)
	query := &batch.DescribeJobDefinitionsInput{JobDefinitions: []string{reference}}
	if !strings.Contains(reference, ":") { // a name, which stands for its newest ACTIVE revision
		query = &batch.DescribeJobDefinitionsInput{JobDefinitionName: &reference, Status: aws.String("ACTIVE")}
	}
	out, err := c.api.DescribeJobDefinitions(ctx, query, patient)
	switch {
	case err != nil:
		return refusal
	case len(out.JobDefinitions) == 0:
		return &DefinitionError{Definition: reference, Err: refusal}
	case aws.ToString(out.JobDefinitions[0].Status) != "ACTIVE":
		return &DefinitionError{Definition: reference, Status: aws.ToString(out.JobDefinitions[0].Status), Err: refusal}
	}
	return refusal
}

func (c *Client) explainQueue(ctx context.Context, queue string, refusal error) error {
	var client *types.ClientException
	if !errors.As(refusal, &client) {
		return refusal
	}
	out, err := c.api.DescribeJobQueues(ctx, &batch.DescribeJobQueuesInput{JobQueues: []string{queue}}, patient)
	switch {
	case err != nil:
		return refusal
	case len(out.JobQueues) == 0:
		return &QueueError{Queue: queue, Err: refusal}
	case out.JobQueues[0].State != types.JQStateEnabled:
		return &QueueError{Queue: queue, State: out.JobQueues[0].State, Err: refusal}
	}
	return refusal
}
