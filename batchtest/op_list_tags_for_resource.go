package batchtest

// ListTagsForResource
//
// The tags of a compute environment, a job queue, a revision of a job
// definition or a job, by ARN. Children of arrays and nodes are refused, as in
// the service.

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
)

func (s *Server) listTagsForResource(in *batch.ListTagsForResourceInput) (*batch.ListTagsForResourceOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	tags, err := s.tagsOf(aws.ToString(in.ResourceArn))
	if err != nil {
		return nil, err
	}
	return &batch.ListTagsForResourceOutput{Tags: tags}, nil
}
