package workflowfile

import (
	"errors"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/go-playground/validator/v10"
)

// tags checks the structs of this package by their tags. It is made once and never changed.
var tags = sync.OnceValue(func() *validator.Validate {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.RegisterTagNameFunc(func(f reflect.StructField) string {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		return name
	})
	if err := v.RegisterValidation("runname", func(f validator.FieldLevel) bool {
		return runName.MatchString(f.Field().String())
	}); err != nil { // the tag and the function are constants
		return nil
	}
	return v
})

// runName is what a run id may begin with: it becomes the beginning of job names.
var runName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]*$`)

// check reports what the tags of the structs say, unless the place is at fault already.
func (r *reader) check(f *File) {
	var all validator.ValidationErrors
	if !errors.As(tags().Struct(f), &all) {
		return
	}
	for _, e := range all {
		_, path, _ := strings.Cut(e.Namespace(), ".")
		at := f.root.Find(path)
		path = f.shown(path)
		if !r.reported(path) {
			r.problem(at, path, demand(e))
		}
	}
}

// shown is the path in the file of a path in the struct, where each has made jobs.
func (f *File) shown(path string) string {
	rest, ok := strings.CutPrefix(path, "jobs[")
	if !ok {
		return path
	}
	index, rest, _ := strings.Cut(rest, "]")
	if i, err := strconv.Atoi(index); err == nil && i < len(f.Jobs) {
		return f.Jobs[i].path + rest
	}
	return path
}

// graph adds what the rules say about the graph to the faults of a file, so that all come at once.
func (r *reader) graph(f *File) {
	for _, finding := range f.Check() {
		if finding.Rule == "DEP011" || finding.Rule == "DEP012" {
			r.problems = append(r.problems, Problem{
				File: finding.File, Line: finding.Line, Column: finding.Column,
				Path: finding.Path, Rule: finding.Rule, Message: finding.Message,
			})
		}
	}
}

// reported says whether there is a fault at a path, or below it: what is wrong below may be all there was.
func (r *reader) reported(path string) bool {
	return slices.ContainsFunc(r.problems, func(p Problem) bool {
		return p.File == r.Path && (p.Path == path || strings.HasPrefix(p.Path, path+"["))
	})
}

// demand says what a tag wants.
func demand(e validator.FieldError) string {
	switch e.Tag() {
	case "required":
		if e.Field() == "queue" {
			return "is missing: name a queue here, or for all jobs at the top of the file"
		}
		return "is missing or empty"
	case "min":
		return "must be at least " + e.Param() + ": a single job is no array"
	case "max":
		return "must have at most " + e.Param() + " characters"
	case "runname":
		return "must have letters, digits, hyphens and underscores only, and begin with a letter or digit: names of jobs begin with it"
	}
	return "must fit " + e.Tag()
}
