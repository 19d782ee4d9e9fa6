package batchtest

// ListConsumableResources
//
// All consumable resources, in the order of their names, or those that the
// filter CONSUMABLE_RESOURCE_NAME finds: any letter case, a prefix when it ends
// in an asterisk. maxResults is at most 100.

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

func (s *Server) listConsumableResources(in *batch.ListConsumableResourcesInput) (*batch.ListConsumableResourcesOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	name := func(c *consumable) string { return c.name }
	found := named(nil, s.consumable, s.consumables, name)
	for _, f := range in.Filters {
		pattern, err := onlyValue(f)
		if err != nil {
			return nil, err
		}
		if aws.ToString(f.Name) != "CONSUMABLE_RESOURCE_NAME" {
			return nil, refuse("filter name must be CONSUMABLE_RESOURCE_NAME, found %q", aws.ToString(f.Name))
		}
		found = slices.DeleteFunc(found, func(c *consumable) bool { return !matches(strings.ToLower(pattern), strings.ToLower(c.name)) })
	}
	found, next, err := page(found, name, in.MaxResults, maxDescribed, in.NextToken)
	if err != nil {
		return nil, err
	}
	out := &batch.ListConsumableResourcesOutput{ConsumableResources: make([]types.ConsumableResourceSummary, 0, len(found)), NextToken: next}
	for _, c := range found {
		out.ConsumableResources = append(out.ConsumableResources, types.ConsumableResourceSummary{
			ConsumableResourceArn: &c.arn, ConsumableResourceName: &c.name, ResourceType: &c.kind,
			InUseQuantity: aws.Int64(c.inUse), TotalQuantity: aws.Int64(c.total),
		})
	}
	return out, nil
}
