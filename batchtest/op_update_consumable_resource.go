package batchtest

// UpdateConsumableResource
//
// operation is SET, ADD or REMOVE, and quantity is not negative. The total may
// become less than what is in use: then nothing is available until enough
// attempts have ended. No more can be removed than the total. An update with
// the clientToken, the operation and the quantity of one that was made in the
// last 8 hours succeeds and changes nothing.

import (
	"math"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
)

func (s *Server) updateConsumableResource(in *batch.UpdateConsumableResourceInput) (*batch.UpdateConsumableResourceOutput, error) {
	var out *batch.UpdateConsumableResourceOutput
	var err error
	if !s.update(func() { out, err = s.changeConsumable(in) }) {
		return nil, ErrClosed
	}
	return out, err
}

// changeConsumable changes a total. The caller holds mu.
func (s *Server) changeConsumable(in *batch.UpdateConsumableResourceInput) (*batch.UpdateConsumableResourceOutput, error) {
	c, err := s.knownConsumable(in.ConsumableResource)
	if err != nil {
		return nil, err
	}
	if in.Quantity == nil || *in.Quantity < 0 {
		return nil, refuse("quantity must be provided and not be negative")
	}
	if n := utf8.RuneCountInString(aws.ToString(in.ClientToken)); in.ClientToken != nil && (n < 1 || n > maxToken) {
		return nil, refuse("clientToken must have 1 to %d characters, found %d", maxToken, n)
	}
	total, quantity := c.total, *in.Quantity
	ch := change{aws.ToString(in.ClientToken), aws.ToString(in.Operation), quantity}
	out := &batch.UpdateConsumableResourceOutput{ConsumableResourceArn: &c.arn, ConsumableResourceName: &c.name}
	if c.made(ch, s.Now()) {
		out.TotalQuantity = &total
		return out, nil
	}
	switch ch.operation {
	case "SET":
		total = quantity
	case "ADD":
		if quantity > math.MaxInt64-total {
			return nil, refuse("quantity must be at most %d, found %d", math.MaxInt64-total, quantity)
		}
		total += quantity
	case "REMOVE":
		if quantity > total {
			return nil, refuse("quantity must be at most the total quantity %d, found %d", total, quantity)
		}
		total -= quantity
	default:
		return nil, refuse("operation must be SET, ADD or REMOVE, found %q", ch.operation)
	}
	c.total = total
	c.note(ch, s.Now())
	out.TotalQuantity = &total
	return out, nil
}
