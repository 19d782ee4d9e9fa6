package edit_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/internal/edit"
)

type document struct {
	Name  *string
	Lines []string
	Tags  map[string]*int
	Inner *document
}

func TestListForks(t *testing.T) {
	t.Parallel()
	var base edit.List[document]
	base = base.With(func(d *document) { d.Lines = append(d.Lines, "base") })
	left := base.With(func(d *document) { d.Lines = append(d.Lines, "left") })
	right := base.With(func(d *document) { d.Lines = append(d.Lines, "right") })

	for _, row := range []struct {
		name, reason string
		list         edit.List[document]
		want         []string
	}{
		{"zero", "the zero list makes the zero value", edit.List[document]{}, nil},
		{"base", "a fork leaves what it came from alone", base, []string{"base"}},
		{"left", "edits are replayed oldest first", left, []string{"base", "left"}},
		{"right", "forks do not see each other", right, []string{"base", "right"}},
	} {
		if diff := cmp.Diff(row.want, row.list.Value().Lines); diff != "" {
			t.Errorf("%s (%s): -want +got\n%s", row.name, row.reason, diff)
		}
	}
}

func TestValueSharesNothing(t *testing.T) {
	t.Parallel()
	name, one := "a", 1
	list := edit.List[document]{}.With(func(d *document) {
		d.Name = &name
		d.Lines = []string{"x"}
		d.Tags = map[string]*int{"one": &one}
		d.Inner = &document{Name: &name}
	})
	before := list.Value()
	scribbled := list.Value()
	*scribbled.Name, scribbled.Lines[0], *scribbled.Tags["one"], *scribbled.Inner.Name = "b", "y", 2, "c"
	scribbled.Tags["two"] = &one

	if diff := cmp.Diff(before, list.Value()); diff != "" {
		t.Errorf("writing to one result changed the next: -before +after\n%s", diff)
	}
}

func TestCloneKeepsNilAndEmptyApart(t *testing.T) {
	t.Parallel()
	in := document{Lines: []string{}, Tags: map[string]*int{}}
	got := edit.Clone(in)
	if got.Lines == nil || got.Tags == nil || got.Name != nil || got.Inner != nil {
		t.Errorf("got %#v: empty must stay empty, and nil must stay nil", got)
	}
}
