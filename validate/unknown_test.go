package validate_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/batchkit/batchkit-go/validate"
)

// TestReads holds what the rules say they read to what they do read: the finding of a case that fails must not go
// away with a member that its rule does not name.
func TestReads(t *testing.T) {
	t.Parallel()
	for _, c := range loadCases(t) {
		rule, ok := validate.Lookup(c.Rule)
		if !ok {
			continue
		}
		t.Run(c.Rule, func(t *testing.T) {
			t.Parallel()
			eachUnknown(t, document(t, c.On, c.Fail.Set), func(without map[string]any, path string) {
				if path == "platformCapabilities" || path == "platformCapabilities[0]" {
					return // Not the rules', but the matter of the walk: TestUnknown.
				}
				if related(path, c.Fail.At) || slices.Contains(validate.Reads(rule), validate.MemberOf(path)) {
					return
				}
				if !has(judgeDocument(t, without, validate.Strict()), c.Rule, c.Fail.At) {
					t.Errorf("%s reads %q: without %s the finding is gone", c.Rule, validate.MemberOf(path), path)
				}
			})
		})
	}
}

// TestUnknown leaves out each part of each input in turn. Whatever is found then, with that part unknown,
// is found in the whole input too: that is what the part may turn out to be.
func TestUnknown(t *testing.T) {
	t.Parallel()
	for _, c := range loadCases(t) {
		for side, set := range map[string]map[string]json.RawMessage{"pass": c.Pass.Set, "fail": c.Fail.Set} {
			t.Run(c.Rule+"/"+side, func(t *testing.T) {
				t.Parallel()
				whole := document(t, c.On, set)
				want := judgeDocument(t, whole, validate.Strict())
				eachUnknown(t, whole, func(without map[string]any, path string) {
					for _, f := range judgeDocument(t, without, validate.Strict(), validate.WithUnknown(path)) {
						if !has(want, f.Rule, f.Path) {
							t.Errorf("%s reads %q: with %s unknown it is found, and wrong: %v", f.Rule, validate.MemberOf(path), path, f)
						}
					}
				})
			})
		}
	}
}

func has(found validate.Findings, rule, path string) bool {
	return slices.ContainsFunc(found, func(f validate.Finding) bool { return f.Rule == rule && f.Path == path })
}

func related(a, b string) bool {
	long, short := a, b
	if len(a) < len(b) {
		long, short = b, a
	}
	return short == "" || long == short || strings.HasPrefix(long, short+".") || strings.HasPrefix(long, short+"[")
}

// eachUnknown visits an input without each of its members in turn. Elements of lists lose their value, not their place.
func eachUnknown(tb testing.TB, doc map[string]any, visit func(without map[string]any, path string)) {
	tb.Helper()
	var walk func(node any, path string, rebuild func(any) map[string]any)
	walk = func(node any, path string, rebuild func(any) map[string]any) {
		switch node := node.(type) {
		case map[string]any:
			for name, child := range node {
				with := func(value any) map[string]any {
					out := maps.Clone(node)
					if out[name] = value; value == nil {
						delete(out, name)
					}
					return rebuild(out)
				}
				at := strings.TrimPrefix(path+"."+name, ".")
				visit(with(nil), at)
				walk(child, at, with)
			}
		case []any:
			for i, child := range node {
				with := func(value any) map[string]any {
					out := slices.Clone(node)
					out[i] = value
					return rebuild(out)
				}
				at := fmt.Sprintf("%s[%d]", path, i)
				visit(with(zeroLike(child)), at)
				walk(child, at, with)
			}
		}
	}
	with := func(m map[string]any, name string, value any) map[string]any {
		m = maps.Clone(m)
		m[name] = value
		return m
	}
	for _, part := range []string{"definition", "submission"} {
		if doc[part] != nil {
			walk(doc[part], "", func(value any) map[string]any { return with(doc, part, value) })
		}
	}
	jobs, _ := doc["workflow"].([]any)
	for i, job := range jobs {
		job := job.(map[string]any)
		walk(job["input"], fmt.Sprintf("jobs[%s]", job["name"]), func(value any) map[string]any {
			changed := slices.Clone(jobs)
			changed[i] = with(job, "input", value)
			return with(doc, "workflow", changed)
		})
	}
}

func zeroLike(value any) any {
	switch value.(type) {
	case map[string]any:
		return map[string]any{}
	case []any:
		return []any{}
	case string:
		return ""
	case float64:
		return 0.0
	default:
		return false
	}
}
