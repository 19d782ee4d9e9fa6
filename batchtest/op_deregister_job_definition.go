package batchtest

// DeregisterJobDefinition
//
// The revision named, by name:revision or ARN, becomes INACTIVE. It can be
// described for as long as the server lives, but jobs can no longer be
// submitted with it; jobs submitted before go on. Deregistering an INACTIVE
// revision again does nothing.

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
)

func (s *Server) deregisterJobDefinition(in *batch.DeregisterJobDefinitionInput) (*batch.DeregisterJobDefinitionOutput, error) {
	reference := aws.ToString(in.JobDefinition)
	s.mu.Lock()
	defer s.mu.Unlock()
	resource, ok := s.nameOf(kindDefinition, reference)
	name, number, split := splitRevision(resource)
	if !ok || !split || number == 0 {
		return nil, refuse("jobDefinition must be name:revision or the ARN of a job definition, found %q", reference)
	}
	d, found := s.revision(name, number)
	if !found {
		return nil, refuse("JobDefinition %s not found.", reference)
	}
	d.active = false
	return &batch.DeregisterJobDefinitionOutput{}, nil
}
