package validate

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/batch"
)

// WithUnknown names members whose values are not known yet, such as those that a template takes from a resource
// still to be made. They are spelled as [Finding.Path] is, and are left out of the input; an element of a list keeps
// its place with the zero value. No finding depends on what they may turn out to be: one is dropped when its path
// leads to an unknown member, above it or below it, and when its rule compares with a member of that name.
// An empty path stands for the whole input.
//
// With platformCapabilities unknown only the rules of all ECS platforms are judged. The members of a definition
// given by [WithDefinition] may be named too.
func WithUnknown(paths ...string) Option {
	return func(s *settings) {
		for _, path := range paths {
			s.unknown = append(s.unknown, unknown{path, memberOf(path)})
		}
	}
}

// unknown is a path whose value is not known.
type unknown struct {
	path   string
	member string // the name that rules know it by
}

// freeForm are the members whose own members have names of the author's choice.
var freeForm = []string{"parameters", "tags", "options", "labels", "annotations", "limits", "requests"}

// memberOf is the name of the last member of a path. Inside a member of free form it is the name of that one.
func memberOf(path string) string {
	last := ""
	for step := range strings.SplitSeq(path, ".") {
		if name, _, _ := strings.Cut(step, "["); name != "" {
			last = name
		}
		if slices.Contains(freeForm, last) {
			return last
		}
	}
	return last
}

// doubtful reports whether a finding could vanish once all values are known.
func (p *pass) doubtful(f Finding) bool {
	rule := &catalogue[ordinal[f.Rule]]
	return slices.ContainsFunc(p.unknown, func(u unknown) bool {
		return leadsTo(u.path, f.Path) || leadsTo(f.Path, u.path) || slices.Contains(rule.reads, u.member)
	})
}

// leadsTo reports whether one path is the other, or the beginning of it.
func leadsTo(from, to string) bool {
	rest, ok := strings.CutPrefix(to, from)
	return ok && (from == "" || rest == "" || rest[0] == '.' || rest[0] == '[')
}

// platformOf returns where the jobs of a definition may run, which is anywhere on ECS as long as that is unknown.
func (s *settings) platformOf(def *batch.RegisterJobDefinitionInput) Platforms {
	isCapabilities := func(u unknown) bool { return u.member == "platformCapabilities" }
	if def.EksProperties == nil && slices.ContainsFunc(s.unknown, isCapabilities) {
		return ECS
	}
	return platformOf(def)
}
