package batchtest_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchtest"
)

// Whatever is done to jobs and to what they run on, nothing stays in use when
// they have ended: all capacity can be had again, and all that is consumed.
func TestNothingStaysInUse(t *testing.T) {
	t.Parallel()
	for seed := range uint64(40) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { disturbPlacement(start(t), rand.New(rand.NewPCG(seed, 2))) })
		})
	}
}

func disturbPlacement(b *bench, r *rand.Rand) {
	b.tb.Helper()
	ctx, must := context.Background(), func(err error) {
		b.tb.Helper()
		if err != nil && !errors.Is(err, batchtest.ErrNotRunning) {
			b.tb.Fatal(err)
		}
	}
	b.define("plain", batchtest.Takes(100*time.Second, nil))
	b.Image("app", batchtest.Image{Run: batchtest.Takes(150*time.Second, batchtest.Exit(1))})
	b.defineNodes("nodes", workloadNodes, containerRange("0:", "app"))
	b.consumable("token", "REPLENISHABLE", 5)
	large := instances("large", 32, types.CRAllocationStrategyBestFitProgressive, "m5.xlarge", "m5.2xlarge")
	large.ComputeResources.MinvCpus = aws.Int32(4)
	b.environment(large)
	b.environment(instances("small", 16, types.CRAllocationStrategyBestFit, "c5.xlarge"))
	must(b.queue("first", "large", "small"))
	must(b.queue("second", "small", "large"))
	resize := func(most int) error {
		_, err := b.client.UpdateComputeEnvironment(ctx, &batch.UpdateComputeEnvironmentInput{
			ComputeEnvironment: aws.String("large"), ComputeResources: &types.ComputeResourceUpdate{MaxvCpus: aws.Int32(int32(most))},
		})
		return err
	}
	enable := func(state types.CEState) {
		_, err := b.client.UpdateComputeEnvironment(ctx, &batch.UpdateComputeEnvironmentInput{ComputeEnvironment: aws.String("small"), State: state})
		must(err)
	}
	var ids []string
	for range 60 {
		ids = append(ids, b.submitPlaced(r))
		<-time.After(time.Duration(r.IntN(40)) * time.Second)
		victim := ids[r.IntN(len(ids))]
		switch r.IntN(12) {
		case 0:
			b.terminate(victim)
		case 1:
			_, err := b.client.CancelJob(ctx, &batch.CancelJobInput{JobId: &victim, Reason: aws.String(workCanceled)})
			must(err)
		case 2, 3:
			must(b.LoseHost(victim))
		case 4:
			must(b.SpotLoss(victim))
		case 5:
			enable(types.CEStateDisabled)
		case 6:
			enable(types.CEStateEnabled)
		case 7:
			if err := resize(16 + r.IntN(32)); err != nil && !strings.Contains(err.Error(), "desiredvCpus should be between") { // fewer than are there
				must(err)
			}
		case 8:
			b.LimitInstances("m5.xlarge", r.IntN(4))
		}
	}
	enable(types.CEStateEnabled)
	b.LimitInstances("m5.xlarge", -1)
	for _, id := range ids {
		b.ended(id)
	}
	<-time.After(time.Minute)
	must(resize(32))
	if got := b.quantities("token"); got != "5 of 5 free, 0 used" {
		b.tb.Errorf("tokens: %s, when no job is left", got)
	}
	const all = (32 + 16) / 4
	id := b.submit("plain", to("first"), needing(4, 1024, 0), size(all))
	synctest.Wait()
	if d := b.described(id); d.ArrayProperties.StatusSummary["RUNNING"] != all {
		b.tb.Errorf("%v of %d children that would fill all instances", d.ArrayProperties.StatusSummary, all)
	}
}

// submitPlaced submits a job that needs this and that.
func (b *bench) submitPlaced(r *rand.Rand) string {
	b.tb.Helper()
	edits := []func(*batch.SubmitJobInput){to([]string{"first", "second"}[r.IntN(2)]), attempts(1 + r.IntN(3))}
	if r.IntN(3) == 0 {
		edits = append(edits, timeout(60+int32(r.IntN(100))))
	}
	if r.IntN(4) == 0 {
		return b.submit("nodes", edits...)
	}
	edits = append(edits, needing(1+r.IntN(4), 1024, 0))
	if r.IntN(3) == 0 {
		edits = append(edits, size(2+r.IntN(4)))
	}
	if quantity := int64(r.IntN(6)); quantity > 0 {
		edits = append(edits, func(in *batch.SubmitJobInput) {
			in.ConsumableResourcePropertiesOverride = &types.ConsumableResourceProperties{
				ConsumableResourceList: []types.ConsumableResourceRequirement{{ConsumableResource: aws.String("token"), Quantity: &quantity}},
			}
		})
	}
	return b.submit("plain", edits...)
}
