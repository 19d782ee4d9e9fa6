package workflowfile

import (
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"

	"github.com/batchkit/batchkit-go/batchjson"
	"github.com/batchkit/batchkit-go/internal/source"
	"github.com/batchkit/batchkit-go/internal/tree"
)

// maxJobs bounds what each can make of a small file. A workflow of more jobs is made in Go.
const maxJobs = 100_000

// jobs reads the list of jobs into f, and puts the object of each into nodes.
func (r *reader) jobs(f *File, n, nodes *tree.Node, values scope) {
	if !n.Is(tree.List) {
		r.misfit(n.Place, "jobs", "must be a list of jobs, found "+n.Kind.Noun())
		return
	}
	r.groups = map[string]bool{}
	for _, item := range n.Items {
		if item.Get("each") != nil {
			r.groups[item.Get("name").Text()] = true
		}
	}
	for i, item := range n.Items {
		path := element("jobs", i)
		each := item.Get("each")
		if each == nil || each.Is(tree.Null) {
			r.job(f, item, nodes, path, "", values)
			continue
		}
		if !each.Is(tree.List) || len(each.Items) == 0 {
			r.misfit(each.Place, path+".each", "must be a list of objects with values, at least one")
			continue
		}
		group := item.Get("name").Text()
		for k, given := range each.Items {
			if len(f.Jobs) >= maxJobs {
				r.problem(each.Place, path+".each", "makes more than "+strconv.Itoa(maxJobs)+" jobs: make such a workflow in Go")
				return
			}
			own := r.eachScope(given, element(path+".each", k), values)
			suffix := "-" + strconv.Itoa(k)
			if usesAny(group, own, values) {
				suffix = ""
			}
			r.job(f, item, nodes, path, suffix, own)
		}
	}
}

// eachScope is the values with those of an element of each in front of them.
func (r *reader) eachScope(n *tree.Node, path string, values scope) scope {
	own := maps.Clone(values)
	for i := range r.open(n, path).node.Members {
		m := &n.Members[i]
		at := join(path, m.Name)
		if !valueName.MatchString(m.Name) {
			r.problem(m.Place, at, "is no name of a value: it has letters, digits and underscores, and begins with no digit")
		}
		own[m.Name] = r.scalar(r.fill(m.Value, at, values), at)
	}
	return own
}

// usesAny reports whether a text has a gap for a value that is each's own.
func usesAny(text string, own, values scope) bool {
	for _, g := range gap.FindAllStringSubmatch(text, -1) {
		if own[g[1]] != values[g[1]] {
			return true
		}
	}
	return false
}

// job reads one job.
func (r *reader) job(f *File, n, nodes *tree.Node, path, suffix string, values scope) {
	o := r.open(n, path)
	o.skip("each")
	j := Job{group: n.Get("name").Text(), path: path, node: o.node}
	if name := o.text("name", values); name != "" {
		j.Name = name + suffix
	}
	j.Definition = o.text("definition", values)
	j.Queue = o.text("queue", values)
	if j.Queue == "" && n.Get("queue") == nil {
		j.Queue = f.Queue
	}
	var at [4][]tree.Place
	j.After, at[0] = o.names("after", values)
	j.AfterEnd, at[1] = o.names("afterEnd", values)
	j.AfterFailure, at[2] = o.names("afterFailure", values)
	j.NToN, at[3] = o.names("nToN", values)
	j.edges = [][]tree.Place{at[0], at[1], at[2], at[3]}
	j.Sequential = o.truth("sequential", values)
	j.Array = o.number("array", values)
	j.Submit = r.submission(o, &j, values)
	f.Jobs = append(f.Jobs, j)
	nodes.Items = append(nodes.Items, o.node)
}

// renamed are the members of SubmitJob that have another form in the file.
var renamed = map[string]string{"jobName": "name", "jobQueue": "queue", "jobDefinition": "definition"}

// submission reads the members of a job that are those of SubmitJob.
func (r *reader) submission(o *object, j *Job, values scope) *batch.SubmitJobInput {
	for wire, own := range sorted(renamed) {
		if m := o.take(wire); m != nil {
			r.misfit(m.Place, join(o.path, wire), "is called "+own+" in a workflow file")
		}
	}
	if m := o.node.Get("arrayProperties"); m != nil && j.Array != 0 {
		r.problem(m.Place, o.path+".arrayProperties", "says what array says: remove one of them")
	}
	rest := r.fill(o.rest(), o.path, values)
	in := &batch.SubmitJobInput{}
	for again := true; again; {
		again = false
		text, ok := rest.JSON(tree.MaxSize)
		if !ok {
			r.problem(rest.Place, o.path, "is too large once its aliases are filled in")
			return in
		}
		err := batchjson.Unmarshal(text, in)
		var all *batchjson.Error
		if err == nil || !errors.As(err, &all) {
			break
		}
		for _, p := range all.Problems {
			again = p.Kind == batchjson.WrongType && r.retyped(rest.Lead(p.Path)) || again
		}
		if again {
			continue
		}
		r.submissionProblems(rest, all, o)
	}
	return in
}

// useAfter tells those who would name a job of the file where the API wants an id.
const useAfter = "dependsOn has the ids of jobs that were submitted before; name jobs of this file in after"

// ids reports names of jobs of the file that stand for ids: the service would know no such job, or the plan no edge.
func (r *reader) ids(f *File) {
	groups := f.groups()
	for i := range f.Jobs {
		j := &f.Jobs[i]
		for k, d := range j.Submit.DependsOn {
			if _, ok := groups[aws.ToString(d.JobId)]; ok {
				path := element("dependsOn", k) + ".jobId"
				if at := beneath(j.path, path); !r.reported(at) { // each makes many jobs of one
					r.problem(j.node.Find(path), at, "is the name of a job of this file: "+useAfter)
				}
			}
		}
	}
}

func (r *reader) submissionProblems(rest *tree.Node, all *batchjson.Error, o *object) {
	for _, p := range all.Problems {
		at := rest.Find(p.Path)
		message := p.Message
		if n := rest.Lead(p.Path); p.Kind == batchjson.WrongType && n != nil && n.Plain && strings.HasPrefix(message, "must be a string,") {
			message += "; quote it"
		}
		switch ownMember, unknown := !strings.ContainsAny(p.Path, ".["), p.Kind == batchjson.UnknownMember; {
		case ownMember && unknown && p.Nearest == "dependsOn":
			message = "is no member of a job, nor of SubmitJob; did you mean after?"
		case strings.HasPrefix(p.Path, "dependsOn") && (unknown || p.Kind == batchjson.WrongType && !strings.Contains(p.Path, ".")):
			message += ": " + useAfter
		case ownMember && unknown:
			message = "is no member of a job, nor of SubmitJob" + orMend(p.Path, slices.Values(append(slices.Clone(o.known), p.Nearest)))
		}
		r.problems = append(r.problems, Problem{
			File: r.Path, Line: at.Line, Column: at.Column, Path: beneath(o.path, p.Path), Rule: source.MemberRule.ID, Message: message,
		})
	}
}

func (r *reader) barrier(n *tree.Node, values scope, queue string) *Barrier {
	o := r.open(n, "barrier")
	b := &Barrier{Definition: o.text("definition", values), Queue: o.text("queue", values)}
	if b.Queue == "" && n.Get("queue") == nil {
		b.Queue = queue
	}
	o.close()
	return b
}
