package batchtest

// RegisterJobDefinition
//
// The request is judged by validate.JobDefinition; the first finding of
// severity error refuses it, in the service's words where they are known.
// Each call makes a new revision of the name, beginning with 1, also when
// nothing changed and also after the others were deregistered. The definition
// is ACTIVE at once and never changes.

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"

	"github.com/batchkit/batchkit-go/validate"
)

func (s *Server) registerJobDefinition(in *batch.RegisterJobDefinitionInput) (*batch.RegisterJobDefinitionOutput, error) {
	if err := refuseFindings(validate.JobDefinition(in)); err != nil {
		return nil, err
	}
	name := aws.ToString(in.JobDefinitionName)
	if !resourceName.MatchString(name) {
		return nil, refuse("Provided name %s is not supported pattern[a-zA-Z_0-9-]{1,128}", name)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	revision := len(s.definitions[name]) + 1
	d := s.newDefinition(in, revision)
	s.definitions[name] = append(s.definitions[name], d)
	return &batch.RegisterJobDefinitionOutput{
		JobDefinitionArn:  d.detail.JobDefinitionArn,
		JobDefinitionName: d.detail.JobDefinitionName,
		Revision:          d.detail.Revision,
	}, nil
}
