package batchkit_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/batchtest"
	"github.com/batchkit/batchkit-go/ecsprops"
	"github.com/batchkit/batchkit-go/validate"
)

// revisions are the ACTIVE revisions of "one", the oldest first.
func revisions(t *testing.T, api *batch.Client) []string {
	t.Helper()
	var numbers []string
	pages := batch.NewDescribeJobDefinitionsPaginator(api, &batch.DescribeJobDefinitionsInput{
		JobDefinitionName: aws.String("one"), Status: aws.String("ACTIVE"),
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range page.JobDefinitions {
			numbers = append([]string{fmt.Sprint(*d.Revision)}, numbers...)
		}
	}
	return numbers
}

func image(tag string) batchkit.Definition[batchkit.ContainerOverride] {
	return batchkit.Define("one", batchkit.EC2("acme/one:"+tag).VCPU(1).Memory(128).Env("B", "2").Env("A", "1"))
}

// What is registered, what is kept, and which revision comes out, in a sequence of calls on one service.
func TestEnsureDefinition(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, reason string
		before       []string // tags of the images registered before, in order
		ask          string
		options      []batchkit.EnsureOption
		revision     int
		registered   bool
		active       string
		deregistered int
		changes      []string
	}{
		{name: "first", reason: "nothing is there to compare with", ask: "a", revision: 1, registered: true, active: "1"},
		{name: "same", reason: "a revision more would change nothing", before: []string{"a"}, ask: "a", revision: 1, active: "1"},
		{
			name: "another", reason: "a new image is a new revision", before: []string{"a"}, ask: "b", revision: 2, registered: true, active: "1 2",
			changes: []string{`~ containerProperties.image: "acme/one:a" -> "acme/one:b"`},
		},
		{
			name: "back again", reason: "an old revision that says the same is as good as a new one", before: []string{"a", "b"}, ask: "a", revision: 1, active: "1 2",
			changes: []string{`~ containerProperties.image: "acme/one:b" -> "acme/one:a"`},
		},
		{name: "two the same", reason: "the lowest is what everybody agrees on", before: []string{"b", "a", "a"}, ask: "a", revision: 2, active: "1 2 3"},
		{
			name: "keep two", reason: "the new one counts", before: []string{"a", "b", "c"}, ask: "d", options: []batchkit.EnsureOption{batchkit.KeepRevisions(2)},
			revision: 4, registered: true, active: "3 4", deregistered: 2,
			changes: []string{`~ containerProperties.image: "acme/one:c" -> "acme/one:d"`},
		},
		{
			name: "keep an old one", reason: "what is asked for stays, however old", before: []string{"a", "b", "c"}, ask: "a", options: []batchkit.EnsureOption{batchkit.KeepRevisions(2)},
			revision: 1, active: "1 3", deregistered: 1,
			changes: []string{`~ containerProperties.image: "acme/one:c" -> "acme/one:a"`},
		},
		{
			name: "keep none", reason: "one is the least", before: []string{"a", "b"}, ask: "b", options: []batchkit.EnsureOption{batchkit.KeepRevisions(0)},
			revision: 2, active: "2", deregistered: 1,
		},
		{
			name: "many pages", reason: "the service shows a hundred at a time", before: make([]string, 130), ask: "a", revision: 131, registered: true,
			options: []batchkit.EnsureOption{batchkit.KeepRevisions(1)}, active: "131", deregistered: 130,
			changes: []string{`~ containerProperties.image: "acme/one:" -> "acme/one:a"`},
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			srv := batchtest.Start(t)
			client := batchkit.NewClient(srv.Client())
			for _, tag := range row.before {
				if _, err := client.Register(t.Context(), image(tag)); err != nil {
					t.Fatal(err)
				}
			}
			got, err := client.EnsureDefinition(t.Context(), image(row.ask), row.options...)
			if err != nil {
				t.Fatal(err)
			}
			if got.Revision != row.revision || got.Registered != row.registered || len(got.Deregistered) != row.deregistered ||
				!strings.HasSuffix(got.ARN, fmt.Sprintf("/one:%d", row.revision)) {
				t.Errorf("%s: got %+v", row.reason, got)
			}
			if active := strings.Join(revisions(t, srv.Client()), " "); active != row.active {
				t.Errorf("%s: ACTIVE are %s, want %s", row.reason, active, row.active)
			}
			if diff := cmp.Diff(row.changes, lines(got.Changes)); diff != "" {
				t.Errorf("%s: -want +got\n%s", row.reason, diff)
			}
		})
	}
}

func lines(changes []batchkit.Change) []string {
	var out []string
	for _, c := range changes {
		out = append(out, c.String())
	}
	return out
}

// meeting is an API whose first listings wait for each other, so that all see the same service.
type meeting struct {
	*batch.Client
	all   *sync.WaitGroup
	first sync.Once
}

func (m *meeting) DescribeJobDefinitions(ctx context.Context, in *batch.DescribeJobDefinitionsInput, opts ...func(*batch.Options)) (*batch.DescribeJobDefinitionsOutput, error) {
	out, err := m.Client.DescribeJobDefinitions(ctx, in, opts...)
	m.first.Do(func() {
		m.all.Done()
		m.all.Wait()
	})
	return out, err
}

// Programs that all find nothing, and all register, end on one revision, which alone is left.
func TestEnsureDefinitionTogether(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const programs = 8
		srv := batchtest.Start(t)
		var all sync.WaitGroup
		all.Add(programs)
		outcomes := make([]*batchkit.Ensured, programs)
		var done sync.WaitGroup
		for i := range programs {
			done.Go(func() {
				var err error
				client := batchkit.NewClient(&meeting{Client: srv.Client(), all: &all})
				if outcomes[i], err = client.EnsureDefinition(t.Context(), image("a"), batchkit.KeepRevisions(1)); err != nil {
					t.Error(err)
				}
			})
		}
		done.Wait()
		registered := 0
		for _, o := range outcomes {
			if o == nil {
				t.Fatal("a program has no outcome")
			}
			if o.ARN != outcomes[0].ARN {
				t.Errorf("the programs end on %s and %s", o.ARN, outcomes[0].ARN)
			}
			if o.Registered {
				registered++
			}
		}
		if registered != 1 {
			t.Errorf("%d programs say that they made the revision", registered)
		}
		if active := revisions(t, srv.Client()); len(active) != 1 || active[0] != "1" {
			t.Errorf("ACTIVE are %v, want revision 1 alone", active)
		}
	})
}

// failing is an API of which some calls fail.
type failing struct {
	*batch.Client
	describe, register, deregister error
	describes                      int // how many listings succeed before describe is returned
}

func (f *failing) DescribeJobDefinitions(ctx context.Context, in *batch.DescribeJobDefinitionsInput, opts ...func(*batch.Options)) (*batch.DescribeJobDefinitionsOutput, error) {
	if f.describes--; f.describe != nil && f.describes < 0 {
		return nil, f.describe
	}
	return f.Client.DescribeJobDefinitions(ctx, in, opts...)
}

func (f *failing) RegisterJobDefinition(ctx context.Context, in *batch.RegisterJobDefinitionInput, opts ...func(*batch.Options)) (*batch.RegisterJobDefinitionOutput, error) {
	if f.register != nil {
		return nil, f.register
	}
	return f.Client.RegisterJobDefinition(ctx, in, opts...)
}

func (f *failing) DeregisterJobDefinition(ctx context.Context, in *batch.DeregisterJobDefinitionInput, opts ...func(*batch.Options)) (*batch.DeregisterJobDefinitionOutput, error) {
	if f.deregister != nil {
		return nil, f.deregister
	}
	return f.Client.DeregisterJobDefinition(ctx, in, opts...)
}

// A call that fails is told, and what there is to submit with is told with it.
func TestEnsureDefinitionFailures(t *testing.T) {
	t.Parallel()
	oops := errors.New("oops")
	for _, row := range []struct {
		name, reason string
		api          failing
		revision     int // 0 for no outcome
	}{
		{"listing", "without the revisions nothing can be compared", failing{describe: oops}, 0},
		{"registering", "there is nothing to submit with", failing{register: oops}, 0},
		{"looking again", "the revision is there all the same", failing{describe: oops, describes: 1}, 2},
		{"deregistering", "the revision is there all the same", failing{deregister: oops}, 2},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			srv := batchtest.Start(t)
			row.api.Client = srv.Client()
			if _, err := batchkit.NewClient(srv.Client()).Register(t.Context(), image("a")); err != nil {
				t.Fatal(err)
			}
			got, err := batchkit.NewClient(&row.api).EnsureDefinition(t.Context(), image("b"), batchkit.KeepRevisions(1))
			if !errors.Is(err, oops) {
				t.Errorf("got the error %v", err)
			}
			if (got != nil) != (row.revision > 0) || got != nil && got.Revision != row.revision {
				t.Errorf("%s: got %+v", row.reason, got)
			}
		})
	}
}

// A definition that AWS Batch would refuse is not sent.
func TestEnsureDefinitionInvalid(t *testing.T) {
	t.Parallel()
	client := batchkit.NewClient(batchtest.Start(t).Client())
	_, err := client.EnsureDefinition(t.Context(), batchkit.Define("one", batchkit.EC2("")))
	var invalid *validate.InvalidError
	if !errors.As(err, &invalid) {
		t.Errorf("got %v, want a *validate.InvalidError", err)
	}
	if err == nil || !strings.Contains(err.Error(), `definition "one": `) {
		t.Errorf("got %v, want an error that names the definition: many are registered in a loop", err)
	}
	if _, err := client.EnsureDefinition(t.Context(), nil); err == nil {
		t.Error("no definition was taken for one")
	}
	if _, _, err := client.DiffDefinition(t.Context(), batchkit.Define("one", batchkit.EC2(""))); !errors.As(err, &invalid) {
		t.Errorf("got %v, want a *validate.InvalidError", err)
	}
}

// filling is an API that describes definitions with a default that nobody knows.
type filling struct{ *batch.Client }

func (f filling) DescribeJobDefinitions(ctx context.Context, in *batch.DescribeJobDefinitionsInput, opts ...func(*batch.Options)) (*batch.DescribeJobDefinitionsOutput, error) {
	out, err := f.Client.DescribeJobDefinitions(ctx, in, opts...)
	if err != nil {
		return nil, err
	}
	for _, d := range out.JobDefinitions {
		d.ContainerProperties.User = aws.String("filled in")
	}
	return out, nil
}

// A revision that comes back in another form than it was registered in is there to submit with, and stays.
func TestEnsureDefinitionFilled(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, reason string
		before       int // calls for the same definition
		options      []batchkit.EnsureOption
		active       string
	}{
		{"first", "what was registered is what was asked for", 0, nil, "1"},
		{"second", "no old revision is known to say the same", 1, nil, "1 2"},
		{"keep one", "the new one is kept", 1, []batchkit.EnsureOption{batchkit.KeepRevisions(1)}, "2"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			api := batchtest.Start(t).Client()
			client := batchkit.NewClient(filling{api})
			for range row.before {
				if _, err := client.EnsureDefinition(t.Context(), image("a")); err != nil {
					t.Fatal(err)
				}
			}
			got, err := client.EnsureDefinition(t.Context(), image("a"), row.options...)
			if err != nil {
				t.Fatal(err)
			}
			if !got.Registered || got.Revision != row.before+1 || !strings.HasSuffix(got.ARN, fmt.Sprintf("/one:%d", row.before+1)) {
				t.Errorf("%s: got %+v", row.reason, got)
			}
			if active := strings.Join(revisions(t, api), " "); active != row.active {
				t.Errorf("%s: ACTIVE are %s, want %s", row.reason, active, row.active)
			}
		})
	}
}

// What the service makes of a definition is no difference: asked again, nothing is registered.
func TestEnsureDefinitionAgain(t *testing.T) {
	t.Parallel()
	essential := ecsprops.Essential("app", "busybox").VCPU(0.5).Memory(1024).Env("B", "2").Env("A", "").Env("C", "3")
	for _, row := range []struct {
		name, reason string
		def          interface {
			batchkit.Builder
			Input() *batch.RegisterJobDefinitionInput
		}
	}{
		{"least", "lists that are absent come back empty", image("a")},
		{"empty variable", "the service drops it", batchkit.Define("one", batchkit.EC2("busybox").VCPU(1).Memory(128).Env("A", ""))},
		{"Fargate", "the platform version is filled in", batchkit.Define("one", batchkit.Fargate("busybox").VCPU(0.5).Memory(1024).ExecutionRole("arn:aws:iam::123456789012:role/exec"))},
		{"task", "essential, dependencies and lists are filled in", batchkit.Define("one", ecsprops.Fargate(
			essential.Edit(func(c *types.TaskContainerProperties) { c.Essential = nil }), ecsprops.NonEssential("log", "busybox").VCPU(0.5).Memory(1024),
		).ExecutionRole("arn:aws:iam::123456789012:role/exec"))},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			srv := batchtest.Start(t)
			client := batchkit.NewClient(srv.Client())
			for want := range 2 {
				got, err := client.EnsureDefinition(t.Context(), row.def)
				if err != nil {
					t.Fatal(err)
				}
				if got.Registered != (want == 0) || got.Revision != 1 {
					t.Errorf("call %d: %s: got %+v", want, row.reason, got)
				}
			}
			arn, changes, err := client.DiffDefinition(t.Context(), row.def)
			if err != nil || len(changes) != 0 || !strings.HasSuffix(arn, "one:1") {
				t.Errorf("%s: got %s %v, %v", row.reason, arn, changes, err)
			}
		})
	}
}
