package batchtest

import (
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
)

func TestConsumableQuota(t *testing.T) {
	t.Parallel()
	s := Start(t)
	for i := range maxConsumables - 1 {
		s.consumables[strconv.Itoa(i)] = &consumable{}
	}
	create := func(name string) error {
		_, err := s.createConsumableResource(&batch.CreateConsumableResourceInput{ConsumableResourceName: aws.String(name), TotalQuantity: aws.Int64(1)})
		return err
	}
	if err := create("last"); err != nil {
		t.Errorf("the last one: %v", err)
	}
	if err := create("more"); err == nil || !strings.Contains(err.Error(), "at most 50000") {
		t.Errorf("one more: %v, want a refusal", err)
	}
}
