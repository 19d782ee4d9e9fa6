package batchtest

// DeleteConsumableResource
//
// The resource is gone at once. Attempts that have locked it go on; jobs that
// need it wait until there is one of that name again. A resource that is not
// there is no fault, as for queues.

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
)

func (s *Server) deleteConsumableResource(in *batch.DeleteConsumableResourceInput) (*batch.DeleteConsumableResourceOutput, error) {
	reference := aws.ToString(in.ConsumableResource)
	if reference == "" {
		return nil, refuse("consumableResource must be provided")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if c, ok := s.consumable(reference); ok {
		delete(s.consumables, c.name)
		delete(s.tags, c.arn)
	}
	return &batch.DeleteConsumableResourceOutput{}, nil
}
