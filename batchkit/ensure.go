package batchkit

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
)

// Builder is what makes a request that registers a definition: a [Definition], or a type of yours.
type Builder interface {
	Build() (*batch.RegisterJobDefinitionInput, error)
}

// Ensured is the outcome of [Client.EnsureDefinition].
type Ensured struct {
	// ARN names the revision that says what was asked for. Submit jobs with it: the name alone means the newest ACTIVE
	// revision, which may be another.
	ARN string
	// Revision is its number.
	Revision int
	// Registered says that this call made it.
	Registered bool
	// Changes is in what it differs from the newest revision that was ACTIVE before, as [Diff] tells; empty if there was none.
	Changes []Change
	// Deregistered are the ARNs of the revisions that this call deregistered.
	Deregistered []string
}

// EnsureOption changes what [Client.EnsureDefinition] does.
type EnsureOption func(*ensuring)

type ensuring struct{ keep int }

// KeepRevisions deregisters all ACTIVE revisions but the newest n, at least one, and the one that is asked for, which
// counts among them. Jobs that were submitted go on; no job can be submitted with a deregistered revision.
// Default: all are kept.
func KeepRevisions(n int) EnsureOption { return func(e *ensuring) { e.keep = max(n, 1) } }

// EnsureDefinition registers a definition, checked before by its Build, unless an ACTIVE revision of its name already
// says the same; of several, the lowest is taken. What says the same is told by [Diff].
//
// Programs that do this at the same time end on the same revision: each looks again after it registered, takes the
// lowest that says the same, and deregisters its own if that is another. This holds as far as the service shows a new
// revision to the next call.
//
// The outcome is not nil as soon as there is a revision to submit with; an error beside it says what could not be
// deregistered, and calling again mends it.
func (c *Client) EnsureDefinition(ctx context.Context, definition Builder, opts ...EnsureOption) (*Ensured, error) {
	var settings ensuring
	for _, o := range opts {
		o(&settings)
	}
	in, err := built(definition)
	if err != nil {
		return nil, err
	}
	form := canonicalForm(in)
	active, err := c.active(ctx, in.JobDefinitionName)
	if err != nil {
		return nil, err
	}
	ensured := &Ensured{}
	if len(active) > 0 {
		ensured.Changes = active[len(active)-1].form.diff(form)
	}
	chosen, found := active.lowest(form)
	var errs []error
	if !found {
		own, err := c.registerRevision(ctx, in, form)
		if err != nil {
			return nil, err
		}
		active, err = c.active(ctx, in.JobDefinitionName)
		errs = append(errs, err)
		active = active.with(own)
		chosen, _ = active.lowest(form)
		ensured.Registered = chosen.arn == own.arn
		if !ensured.Registered {
			active, err = c.deregister(ctx, active, ensured, own)
			errs = append(errs, err)
		}
	}
	ensured.ARN, ensured.Revision = chosen.arn, chosen.number
	if settings.keep > 0 {
		_, err := c.deregister(ctx, active, ensured, active.surplus(chosen, settings.keep)...)
		errs = append(errs, err)
	}
	return ensured, errors.Join(errs...)
}

// DiffDefinition tells in what a definition differs from the newest ACTIVE revision of its name, as [Diff] does, and
// the ARN of that revision. It registers nothing. If there is no ACTIVE revision, the ARN is empty and everything is new.
func (c *Client) DiffDefinition(ctx context.Context, definition Builder) (arn string, changes []Change, err error) {
	in, err := built(definition)
	if err != nil {
		return "", nil, err
	}
	active, err := c.active(ctx, in.JobDefinitionName)
	if err != nil {
		return "", nil, err
	}
	newest := revision{form: canonical{}}
	if len(active) > 0 {
		newest = active[len(active)-1]
	}
	return newest.arn, newest.form.diff(canonicalForm(in)), nil
}

func built(definition Builder) (*batch.RegisterJobDefinitionInput, error) {
	if definition == nil {
		return nil, errors.New("batchkit: there is no definition")
	}
	in, err := definition.Build()
	if err != nil {
		// Programs register many definitions in a loop, and the paths in the error begin below the name.
		if named, ok := definition.(interface {
			Input() *batch.RegisterJobDefinitionInput
		}); ok {
			return nil, fmt.Errorf("definition %q: %w", aws.ToString(named.Input().JobDefinitionName), err)
		}
		return nil, err
	}
	return in, nil
}

// revision is a registered definition.
type revision struct {
	arn    string
	number int
	form   canonical
}

// revisions are those of one name, the oldest first.
type revisions []revision

// active lists the ACTIVE revisions of a name.
func (c *Client) active(ctx context.Context, name *string) (revisions, error) {
	var all revisions
	in := &batch.DescribeJobDefinitionsInput{JobDefinitionName: name, Status: aws.String("ACTIVE")}
	for {
		out, err := c.api.DescribeJobDefinitions(ctx, in, patient)
		if err != nil {
			return nil, fmt.Errorf("listing the revisions of %q: %w", aws.ToString(name), err)
		}
		for _, d := range out.JobDefinitions {
			all = append(all, revision{
				arn: aws.ToString(d.JobDefinitionArn), number: int(aws.ToInt32(d.Revision)), form: canonicalForm(asInput(d)),
			})
		}
		if aws.ToString(out.NextToken) == "" {
			slices.SortFunc(all, byNumber)
			return all, nil
		}
		in.NextToken = out.NextToken
	}
}

func (c *Client) registerRevision(ctx context.Context, in *batch.RegisterJobDefinitionInput, form canonical) (revision, error) {
	out, err := c.api.RegisterJobDefinition(ctx, in)
	if err != nil {
		return revision{}, fmt.Errorf("registering %q: %w", aws.ToString(in.JobDefinitionName), err)
	}
	return revision{arn: aws.ToString(out.JobDefinitionArn), number: int(aws.ToInt32(out.Revision)), form: form}, nil
}

// deregister returns the revisions that are left. All are tried.
func (c *Client) deregister(ctx context.Context, active revisions, ensured *Ensured, surplus ...revision) (revisions, error) {
	var errs []error
	for _, r := range surplus {
		if _, err := c.api.DeregisterJobDefinition(ctx, &batch.DeregisterJobDefinitionInput{JobDefinition: &r.arn}); err != nil {
			errs = append(errs, fmt.Errorf("deregistering %s: %w", r.arn, err))
			continue
		}
		ensured.Deregistered = append(ensured.Deregistered, r.arn)
		active = slices.DeleteFunc(slices.Clone(active), func(a revision) bool { return a.arn == r.arn })
	}
	return active, errors.Join(errs...)
}

// lowest returns the oldest revision that says the same.
func (all revisions) lowest(form canonical) (revision, bool) {
	i := slices.IndexFunc(all, func(r revision) bool { return r.form.equal(form) })
	if i < 0 {
		return revision{}, false
	}
	return all[i], true
}

// with returns the revisions with one that may be among them already. It counts as what was asked for, also where the
// service describes it in another way.
func (all revisions) with(own revision) revisions {
	all = slices.DeleteFunc(slices.Clone(all), func(r revision) bool { return r.arn == own.arn })
	all = append(all, own)
	slices.SortFunc(all, byNumber)
	return all
}

// surplus returns what is not among the newest, of which the chosen one is always one.
func (all revisions) surplus(chosen revision, keep int) []revision {
	others := slices.DeleteFunc(slices.Clone(all), func(r revision) bool { return r.arn == chosen.arn })
	return others[:max(len(others)-keep+1, 0)]
}

func byNumber(a, b revision) int { return cmp.Compare(a.number, b.number) }
