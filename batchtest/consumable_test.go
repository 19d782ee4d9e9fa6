package batchtest_test

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchtest"
)

func (b *bench) consumable(name, kind string, total int64) {
	b.tb.Helper()
	if _, err := b.client.CreateConsumableResource(context.Background(), &batch.CreateConsumableResourceInput{
		ConsumableResourceName: &name, ResourceType: &kind, TotalQuantity: &total,
	}); err != nil {
		b.tb.Fatal(err)
	}
}

func (b *bench) quantities(name string) string {
	b.tb.Helper()
	out, err := b.client.DescribeConsumableResource(context.Background(), &batch.DescribeConsumableResourceInput{ConsumableResource: &name})
	if err != nil {
		b.tb.Fatal(err)
	}
	return fmt.Sprintf("%d of %d free, %d used", *out.AvailableQuantity, *out.TotalQuantity, *out.InUseQuantity)
}

func (b *bench) change(name, operation string, quantity int64, token ...string) {
	b.tb.Helper()
	in := &batch.UpdateConsumableResourceInput{ConsumableResource: &name, Operation: &operation, Quantity: &quantity}
	if len(token) > 0 {
		in.ClientToken = &token[0]
	}
	if _, err := b.client.UpdateConsumableResource(context.Background(), in); err != nil {
		b.tb.Fatal(err)
	}
}

func consumes(quantities map[string]int64) *types.ConsumableResourceProperties {
	p := &types.ConsumableResourceProperties{}
	for name, q := range quantities {
		p.ConsumableResourceList = append(p.ConsumableResourceList, types.ConsumableResourceRequirement{ConsumableResource: aws.String(name), Quantity: aws.Int64(q)})
	}
	return p
}

func consuming(name string, quantity int64) func(*batch.SubmitJobInput) {
	return func(in *batch.SubmitJobInput) {
		in.ConsumableResourcePropertiesOverride = consumes(map[string]int64{name: quantity})
	}
}

// check compares what is left of a resource with what should be.
func (b *bench) check(name, want, when string) {
	b.tb.Helper()
	if got := b.quantities(name); got != want {
		b.tb.Errorf("%s: %s, want %s", when, got, want)
	}
}

func TestConsumablesAreLocked(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := start(t, batchtest.WithPace(batchtest.Pace{Starting: time.Minute}))
		b.consumable("licence", "REPLENISHABLE", 3)
		b.define("hour", lasting(time.Hour), func(in *batch.RegisterJobDefinitionInput) {
			in.ConsumableResourceProperties = consumes(map[string]int64{"licence": 1})
		})
		array := b.submit("hour", size(4), consuming("arn:aws:batch:us-east-1:123456789012:consumable-resource/licence", 2))
		other := b.submit("hour")
		synctest.Wait()
		b.check("licence", "1 of 3 free, 2 used", "STARTING")
		if d := b.described(array + ":1"); d.Status != "RUNNABLE" || !strings.Contains(aws.ToString(d.StatusReason), "licence") {
			t.Errorf("%s %q, want the second child to wait, with a reason", d.Status, aws.ToString(d.StatusReason))
		}
		if d := b.described(other); d.Status != "RUNNABLE" {
			t.Errorf("%s, want what is behind in the queue to wait, though it needs less", d.Status)
		}
		b.change("licence", "ADD", 1)
		time.Sleep(time.Second)
		b.check("licence", "0 of 4 free, 4 used", "two children at once")
		b.change("licence", "SET", 1)
		b.check("licence", "0 of 1 free, 4 used", "less than what is in use")
		b.change("licence", "SET", 2)
		time.Sleep(time.Hour + 2*time.Minute)
		b.check("licence", "0 of 2 free, 2 used", "one child after the other")
		b.ended(array)
		b.ended(other)
		b.check("licence", "2 of 2 free, 0 used", "the end")
	})
}

func TestAttemptsLockAnew(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := start(t)
		b.consumable("token", "NON_REPLENISHABLE", 5)
		b.define("fails", batchtest.Func(func(ctx context.Context, c *batchtest.Container) int {
			return 1 + lasting(time.Minute)(ctx, c)
		}))
		id := b.submit("fails", attempts(3), consuming("token", 2))
		time.Sleep(time.Second)
		b.check("token", "3 of 5 free, 2 used", "first attempt")
		time.Sleep(time.Minute)
		b.check("token", "1 of 3 free, 2 used", "second attempt")
		time.Sleep(time.Minute)
		b.check("token", "1 of 1 free, 0 used", "waiting")
		if d := b.described(id); d.Status != "RUNNABLE" {
			t.Errorf("%s, want the third attempt to wait", d.Status)
		}
		if _, err := b.client.DeleteConsumableResource(t.Context(), &batch.DeleteConsumableResourceInput{ConsumableResource: aws.String("token")}); err != nil {
			t.Fatal(err)
		}
		b.consumable("token", "REPLENISHABLE", 2)
		time.Sleep(time.Second)
		b.check("token", "0 of 2 free, 2 used", "a new resource of the name")
		if _, err := b.client.TerminateJob(t.Context(), &batch.TerminateJobInput{JobId: &id, Reason: aws.String("enough")}); err != nil {
			t.Fatal(err)
		}
		b.ended(id)
		b.check("token", "2 of 2 free, 0 used", "terminated")
	})
}

func TestRangesOfNodesConsume(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := start(t)
		b.consumable("licence", "REPLENISHABLE", 4)
		b.Image("hour", batchtest.Image{Run: lasting(time.Hour)})
		first, rest := containerRange("0:0", "hour"), containerRange("1:", "hour")
		first.ConsumableResourceProperties = consumes(map[string]int64{"licence": 2})
		rest.ConsumableResourceProperties = consumes(map[string]int64{"licence": 3})
		b.defineNodes("nodes", 3, first, rest)
		id := b.submit("nodes")
		if d := b.described(id); d.Status != "RUNNABLE" {
			t.Errorf("%s, want it to wait: it needs 5 of 4", d.Status)
		}
		b.change("licence", "ADD", 1)
		time.Sleep(time.Second)
		b.check("licence", "0 of 5 free, 5 used", "all nodes together")
		list, err := b.client.ListJobsByConsumableResource(t.Context(), &batch.ListJobsByConsumableResourceInput{ConsumableResource: aws.String("licence")})
		if err != nil || len(list.Jobs) != 1 || *list.Jobs[0].Quantity != 5 {
			t.Errorf("%+v, %v; want the job with 5", list, err)
		}
		b.ended(id)
		b.check("licence", "5 of 5 free, 0 used", "the end")
	})
}

func TestClientTokens(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := start(t)
		b.consumable("licence", "REPLENISHABLE", 10)
		for range 2 {
			b.change("licence", "REMOVE", 6, "token")
		}
		b.check("licence", "4 of 4 free, 0 used", "the same request twice")
		b.change("licence", "ADD", 6, "token")
		b.check("licence", "10 of 10 free, 0 used", "another request with the token")
		time.Sleep(8 * time.Hour)
		b.change("licence", "REMOVE", 6, "token")
		b.check("licence", "4 of 4 free, 0 used", "after 8 hours")
	})
}

func TestListingConsumables(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	b := start(t)
	for _, name := range []string{"Licence-b", "licence-a", "other"} {
		b.consumable(name, "REPLENISHABLE", 1)
	}
	b.define("app", batchtest.Exit(0))
	b.define("fails", batchtest.Exit(1))
	named := func(name string) func(*batch.SubmitJobInput) {
		return func(in *batch.SubmitJobInput) { in.JobName = &name }
	}
	done := b.submit("app", named("Nightly-1"), consuming("other", 1))
	b.ended(done)
	bad := b.submit("fails", named("nightly-2"), consuming("other", 1))
	b.ended(bad)
	waits := b.submit("app", named("daily"), size(2), consuming("other", 9))
	b.submit("app") // needs nothing
	type row struct {
		name, reason string
		filters      map[string]string
		want         []string
	}
	jobs := []row{
		{"all", "newest first, no children", nil, []string{waits, bad, done}},
		{"status", "only that", map[string]string{"JOB_STATUS": "FAILED"}, []string{bad}},
		{"name", "a prefix in any letter case", map[string]string{"JOB_NAME": "NIGHTLY*"}, []string{bad, done}},
		{"both", "all filters hold", map[string]string{"JOB_NAME": "nightly*", "JOB_STATUS": "SUCCEEDED"}, []string{done}},
	}
	filters := func(of map[string]string) (out []types.KeyValuesPair) {
		for name, value := range of {
			out = append(out, types.KeyValuesPair{Name: aws.String(name), Values: []string{value}})
		}
		return out
	}
	each(t, jobs, func(r row) (string, string) { return r.name, r.reason }, func(t *testing.T, r row) {
		var got []string
		pages := batch.NewListJobsByConsumableResourcePaginator(b.client, &batch.ListJobsByConsumableResourceInput{
			ConsumableResource: aws.String("other"), Filters: filters(r.filters), MaxResults: aws.Int32(2),
		})
		for pages.HasMorePages() {
			p, err := pages.NextPage(ctx)
			if err != nil {
				t.Fatal(err)
			}
			for _, j := range p.Jobs {
				got = append(got, strings.TrimPrefix(*j.JobArn, "arn:aws:batch:us-east-1:123456789012:job/"))
			}
		}
		if diff := cmp.Diff(r.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", r.reason, diff)
		}
	})
	resources := []row{
		{"all", "by name", nil, []string{"Licence-b", "licence-a", "other"}},
		{"prefix", "in any letter case", map[string]string{"CONSUMABLE_RESOURCE_NAME": "LICENCE*"}, []string{"Licence-b", "licence-a"}},
	}
	each(t, resources, func(r row) (string, string) { return r.name, r.reason }, func(t *testing.T, r row) {
		out, err := b.client.ListConsumableResources(ctx, &batch.ListConsumableResourcesInput{Filters: filters(r.filters)})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, c := range out.ConsumableResources {
			got = append(got, *c.ConsumableResourceName)
		}
		if diff := cmp.Diff(r.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", r.reason, diff)
		}
	})
}

func TestConsumableRefusals(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.consumable("c", "REPLENISHABLE", 5)
	create := func(name, kind string, total int64) func() error {
		return func() error {
			_, err := b.client.CreateConsumableResource(t.Context(), &batch.CreateConsumableResourceInput{ConsumableResourceName: &name, ResourceType: &kind, TotalQuantity: &total})
			return err
		}
	}
	update := func(name, operation string, quantity int64) func() error {
		return func() error {
			_, err := b.client.UpdateConsumableResource(t.Context(), &batch.UpdateConsumableResourceInput{ConsumableResource: &name, Operation: &operation, Quantity: &quantity})
			return err
		}
	}
	filter := func(name string, values ...string) []types.KeyValuesPair {
		return []types.KeyValuesPair{{Name: &name, Values: values}}
	}
	jobs := func(f []types.KeyValuesPair) func() error {
		return func() error {
			_, err := b.client.ListJobsByConsumableResource(t.Context(), &batch.ListJobsByConsumableResourceInput{ConsumableResource: aws.String("c"), Filters: f})
			return err
		}
	}
	resources := func(f []types.KeyValuesPair) func() error {
		return func() error {
			_, err := b.client.ListConsumableResources(t.Context(), &batch.ListConsumableResourcesInput{Filters: f})
			return err
		}
	}
	type row struct {
		name, reason string
		call         func() error
		want         string
	}
	rows := []row{
		{"name", "not all characters are allowed", create("a b", "", 1), "ConsumableResource name should match a valid pattern."},
		{"twice", "names are unique", create("c", "", 1), "Object already exists"},
		{"type", "one of two", create("d", "ENDLESS", 1), `found "ENDLESS"`},
		{"negative", "there is no such amount", create("d", "", -1), "totalQuantity cannot be a negative number."},
		{"update unknown", "there is nothing to update", update("nope", "SET", 1), "ConsumableResource nope does not exist"},
		{"update nothing", "the name is required", update("", "SET", 1), "consumableResource must be provided"},
		{"negative update", "there is no such amount", update("c", "SET", -1), "not be negative"},
		{"operation", "one of three", update("c", "DOUBLE", 1), `SET, ADD or REMOVE, found "DOUBLE"`},
		{"too much removed", "there is only so much", update("c", "REMOVE", 6), "at most the total quantity 5, found 6"},
		{"too much added", "the total has 64 bits", update("c", "ADD", math.MaxInt64), "quantity must be at most"},
		{"long token", "64 characters are the limit", func() error {
			_, err := b.client.UpdateConsumableResource(t.Context(), &batch.UpdateConsumableResourceInput{
				ConsumableResource: aws.String("c"), Operation: aws.String("ADD"), Quantity: aws.Int64(1), ClientToken: aws.String(strings.Repeat("t", 65)),
			})
			return err
		}, "clientToken must have 1 to 64 characters, found 65"},
		{"filter of jobs", "one of two", jobs(filter("NAME", "x")), "filter name must be JOB_STATUS or JOB_NAME"},
		{"status", "one that exists", jobs(filter("JOB_STATUS", "IDLE")), `found "IDLE"`},
		{"two values", "one is allowed", jobs(filter("JOB_NAME", "x", "y")), "must have one value, found 2"},
		{"filter of resources", "there is one", resources(filter("NAME", "x")), "filter name must be CONSUMABLE_RESOURCE_NAME"},
		{"delete nothing", "the name is required", func() error {
			_, err := b.client.DeleteConsumableResource(t.Context(), &batch.DeleteConsumableResourceInput{ConsumableResource: aws.String("")})
			return err
		}, "consumableResource must be provided"},
	}
	each(t, rows, func(r row) (string, string) { return r.name, r.reason }, func(t *testing.T, r row) {
		if c, message := code(r.call()); c != "ClientException" || !strings.Contains(message, r.want) {
			t.Errorf("%s: %s %q, want %q", r.reason, c, message, r.want)
		}
	})
	b.check("c", "5 of 5 free, 0 used", "after refusals")
}

func TestSnapshot(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx := t.Context()
		b := start(t, batchtest.WithCapacity(1))
		b.define("hour", lasting(time.Hour))
		b.submit("hour") // runs
		first, second := b.submit("hour"), b.submit("hour")
		array := b.submit("hour", size(200))
		begin := time.Now()
		time.Sleep(10 * time.Minute)
		if _, err := b.client.CancelJob(ctx, &batch.CancelJobInput{JobId: &second, Reason: aws.String("r")}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Minute)
		front := func() (jobs []string) {
			out, err := b.client.GetJobQueueSnapshot(ctx, &batch.GetJobQueueSnapshotInput{JobQueue: aws.String("default")})
			if err != nil {
				t.Fatal(err)
			}
			for _, j := range out.FrontOfQueue.Jobs {
				at := time.UnixMilli(*j.EarliestTimeAtPosition).Sub(begin)
				jobs = append(jobs, strings.TrimPrefix(*j.JobArn, "arn:aws:batch:us-east-1:123456789012:job/")+" "+at.String())
			}
			return jobs
		}
		got := front()
		if len(got) != 100 {
			t.Fatalf("%d jobs, want the first 100", len(got))
		}
		want := []string{first + " 0s", array + ":0 10m0s", array + ":1 10m0s"}
		if diff := cmp.Diff(want, got[:3]); diff != "" {
			t.Errorf("front (-want +got):\n%s", diff)
		}
		time.Sleep(time.Hour)
		if diff := cmp.Diff([]string{array + ":0 1h0m0s", array + ":1 1h0m0s"}, front()[:2]); diff != "" {
			t.Errorf("later (-want +got):\n%s", diff)
		}
		_, err := b.client.GetJobQueueSnapshot(ctx, &batch.GetJobQueueSnapshotInput{JobQueue: aws.String("nope")})
		if c, message := code(err); c != "ClientException" || !strings.Contains(message, "JobQueue nope not found.") {
			t.Errorf("unknown queue: %v, want a refusal", err)
		}
	})
}
