package batchtest

// DeleteComputeEnvironment
//
// The environment, named by name or ARN, must be in no job queue and DISABLED.
// It is gone at once; attempts that run in it go on, and its instances end with
// them. An environment that is not there is no fault, as in the service.

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

func (s *Server) deleteComputeEnvironment(in *batch.DeleteComputeEnvironmentInput) (*batch.DeleteComputeEnvironmentOutput, error) {
	reference := aws.ToString(in.ComputeEnvironment)
	if reference == "" {
		return nil, refuse("computeEnvironment must be provided")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	e, ok := s.environment(reference)
	if !ok {
		return &batch.DeleteComputeEnvironmentOutput{}, nil
	}
	name := *e.detail.ComputeEnvironmentName
	for _, q := range s.queues {
		if slices.Contains(q.pools, e.pool) {
			return nil, refuse("Cannot delete, found existing JobQueue relationship.")
		}
	}
	if e.enabled() {
		return nil, refuse("Cannot delete, compute environment %s must be DISABLED first", name)
	}
	if f := e.pool.fleet; f != nil {
		f.configure(&types.ComputeResource{}, nil) // so that it keeps none
		s.slack = true
		s.scaleIn()
	}
	delete(s.environments, name)
	delete(s.tags, *e.detail.ComputeEnvironmentArn)
	return &batch.DeleteComputeEnvironmentOutput{}, nil
}
