package batchtest

// CreateConsumableResource
//
// Names are unique. resourceType is REPLENISHABLE when not given, and
// totalQuantity 0. A job that needs the resource waits in RUNNABLE until there
// is enough of it; the jobs behind it in its queue wait too.

import (
	"cmp"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
)

func (s *Server) createConsumableResource(in *batch.CreateConsumableResourceInput) (*batch.CreateConsumableResourceOutput, error) {
	name := aws.ToString(in.ConsumableResourceName)
	kind := cmp.Or(aws.ToString(in.ResourceType), replenishable)
	switch {
	case !resourceName.MatchString(name):
		return nil, refuse("ConsumableResource name should match a valid pattern.")
	case kind != replenishable && kind != nonReplenishable:
		return nil, refuse("resourceType must be %s or %s, found %q", replenishable, nonReplenishable, kind)
	case aws.ToInt64(in.TotalQuantity) < 0:
		return nil, refuse("totalQuantity cannot be a negative number.")
	}
	if err := checkTags(in.Tags); err != nil {
		return nil, err
	}
	c := &consumable{
		name: name, arn: s.arn(kindConsumable, name), kind: kind, tags: orEmptyMap(in.Tags),
		total: aws.ToInt64(in.TotalQuantity), created: s.Now().UnixMilli(), changes: map[change]time.Time{},
	}
	var err error
	open := s.update(func() { // jobs may be waiting for it
		if _, exists := s.consumables[name]; exists {
			err = refuse("Object already exists")
			return
		}
		if len(s.consumables) >= maxConsumables {
			err = refuse("Consumable resources must be at most %d in an account and region", maxConsumables)
			return
		}
		s.consumables[name] = c
	})
	switch {
	case !open:
		return nil, ErrClosed
	case err != nil:
		return nil, err
	}
	return &batch.CreateConsumableResourceOutput{ConsumableResourceArn: &c.arn, ConsumableResourceName: &c.name}, nil
}
