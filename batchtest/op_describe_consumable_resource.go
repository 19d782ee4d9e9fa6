package batchtest

// DescribeConsumableResource
//
// The quantities are those of now; in the service they may be 30 seconds old.
// What is in use is locked by attempts that are STARTING or RUNNING. When such
// an attempt ends, what it used of a NON_REPLENISHABLE resource leaves the total.

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
)

func (s *Server) describeConsumableResource(in *batch.DescribeConsumableResourceInput) (*batch.DescribeConsumableResourceOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.knownConsumable(in.ConsumableResource)
	if err != nil {
		return nil, err
	}
	return &batch.DescribeConsumableResourceOutput{
		AvailableQuantity:      aws.Int64(c.available()),
		ConsumableResourceArn:  &c.arn,
		ConsumableResourceName: &c.name,
		CreatedAt:              &c.created,
		InUseQuantity:          aws.Int64(c.inUse),
		ResourceType:           &c.kind,
		Tags:                   s.tagged(&c.arn, c.tags),
		TotalQuantity:          aws.Int64(c.total),
	}, nil
}
