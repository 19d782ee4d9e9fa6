package workflowfile_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchjson"
	"github.com/batchkit/batchkit-go/workflowfile"
)

// report is a definition that is sound, as a line of YAML.
const report = `{type: container, containerProperties: {image: "acme/report:1", resourceRequirements: [{type: VCPU, value: "1"}, {type: MEMORY, value: "512"}]}}`

// doubled is n values, each twice the one before it.
func doubled(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "\n  V%d: ${{V%d}}${{V%d}}", i+1, i, i)
	}
	return b.String()
}

func TestProblems(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, reason string
		text         string
		values       map[string]string
		want         []string // line:column path: message begins with
	}{
		{
			name: "not YAML", reason: "the place is the parser's",
			text: "name: [a", want: []string{"1:7 : not YAML"},
		},
		{
			name: "a list", reason: "a workflow is an object",
			text: "[1]", want: []string{"1:1 : must be an object with name and jobs, found a list"},
		},
		{
			name: "nothing in it", reason: "what must be there is named, all of it",
			text: "{}", want: []string{"1:1 name: is missing", "1:1 jobs: is missing"},
		},
		{
			name: "unknown member", reason: "a slip of the pen is not taken for a wish",
			text: "name: a\nqueues: q\njobs: [{name: x, definition: d, queue: q, afterend: y}]",
			want: []string{"2:1 queues: is no member here; did you mean queue?", "3:43 jobs[0].afterend: is no member of a job, nor of SubmitJob; did you mean afterEnd?"},
		},
		{
			name: "member of the API under another name", reason: "one thing has one name",
			text: "name: a\njobs: [{jobName: x, name: x, definition: d, queue: q}]",
			want: []string{"2:18 jobs[0].jobName: is called name"},
		},
		{
			name: "jobs of the file in dependsOn", reason: "it is what everybody tries first, and an id that is a name makes no edge",
			text: "name: a\nqueue: q\njobs:\n- {name: x, definition: d}\n- {name: y, definition: d, dependsOn: [x]}\n- {name: z, definition: d, dependsOn: [{jobName: x}]}\n" +
				"- {name: v, definition: d, depends: x}\n- {name: w, definition: d, each: [{A: b}, {A: c}], dependsOn: [{jobId: x}]}",
			want: []string{
				"5:40 jobs[1].dependsOn[0]: must be an object, found a string: dependsOn has the ids of jobs that were submitted before; name jobs of this file in after",
				"6:41 jobs[2].dependsOn[0].jobName: the API has no member of this name here: dependsOn has the ids",
				"7:28 jobs[3].depends: is no member of a job, nor of SubmitJob; did you mean after?",
				"8:65 jobs[4].dependsOn[0].jobId: is the name of a job of this file: dependsOn has the ids",
			},
		},
		{
			name: "wrong types", reason: "each with what was found; the quotes that YAML lacks are said",
			text: "name: 12\nqueue: {}\njobs: [{name: x, definition: d, queue: q, after: 7, sequential: 1, array: ten, parameters: {a: 1}}]",
			want: []string{
				"1:7 name: must be a string, found a number; quote it", "2:8 queue: must be a string, found an object",
				"3:50 jobs[0].after: must be the name of a job, or a list of names, found a number",
				"3:65 jobs[0].sequential: must be a boolean, found a number", "3:75 jobs[0].array: must be a number, found a string",
				"3:93 jobs[0].parameters.a: must be a string",
			},
		},
		{
			name: "values", reason: "one that is not set, one that does not exist, one that was given in vain",
			text:   "name: a\nvalues: {DAY: null}\njobs: [{name: \"${{DAY}}\", definition: \"${{DAZ}}\", queue: \"${{a b}}\"}]",
			values: map[string]string{"DAYS": "x"},
			want: []string{
				"2:10 values.DAYS: was given, but the file has no such value: add it to values; did you mean DAY?",
				"3:15 jobs[0].name: needs the value DAY, which is not set", "3:39 jobs[0].definition: needs the value DAZ, which the file does not have: add it to values; did you mean DAY?",
				"3:58 jobs[0].queue: has a ${{…}} that names no value",
			},
		},
		{
			name: "value that is not closed", reason: "the service would get the text as it stands",
			text: "name: a\nvalues: {A: x}\njobs: [{name: x, definition: d, queue: q, parameters: {p: \"${{A}\", q: \"${{A}} ${{B\"}}]",
			want: []string{"3:59 jobs[0].parameters.p: has a ${{ without its }}: close it", "3:71 jobs[0].parameters.q: has a ${{ without its }}"},
		},
		{
			name: "values of values", reason: "each is made of those before it, which may be unset",
			text: "name: a\nvalues: {A: \"${{B}}\", B: null, C: \"${{B}}/${{D}}\"}\njobs: [{name: x, definition: d, queue: q}]",
			want: []string{
				"2:13 values.A: needs the value B, which comes after it in values: move that before it",
				"2:35 values.C: needs the value B, which is not set", "2:35 values.C: needs the value D, which the file does not have",
			},
		},
		{
			name: "values without end", reason: "nobody has the memory for what a few lines can ask for",
			text: "name: a\nvalues:\n  V0: " + strings.Repeat("x", 1<<10) + doubled(24) + "\njobs: [{name: x, definition: d, queue: q}]",
			want: []string{
				"19:8 values.V16: makes the values that are filled in longer than 64 MiB in all",
			},
		},
		{
			name: "missing definition file", reason: "the path is at fault, and told what it is relative to",
			text: "name: a\ndefinitions: {d: no/such.yaml}\njobs: [{name: x, definition: d, queue: q}]",
			want: []string{"2:18 definitions.d: names a file that does not exist"},
		},
		{
			name: "file in an object", reason: "the struct has such a field, the file has the path alone",
			text: "name: a\ndefinitions: {d: {file: no/such.yaml}}\njobs: [{name: x, definition: d, queue: q}]",
			want: []string{"2:19 definitions.d.file: is no member of a definition: write the path in place of the object"},
		},
		{
			name: "unknown member of a definition", reason: "it would be lost on the way to the service",
			text: "name: a\ndefinitions: {d: {containerProperty: {}}}\njobs: [{name: x, definition: d, queue: q}]",
			want: []string{"2:19 definitions.d.containerProperty: the API has no member of this name here; did you mean containerProperties?"},
		},
		{
			name: "definition that is not known yet", reason: "nobody fills it in before it is registered",
			text: "name: a\ndefinitions: {d: {type: \"${TYPE}\"}}\njobs: [{name: x, definition: d, queue: q}]",
			want: []string{"2:19 definitions.d.type: is not known before something is deployed"},
		},
		{
			name: "cycle beside another fault", reason: "all faults come at once, those of the graph too",
			text: "name: a\nqueue: q\njobs:\n- {name: x, definition: d, after: y, colour: red}\n- {name: y, definition: d, after: [x, z]}",
			want: []string{
				"4:35 jobs[x].dependsOn[0]: must not lead back to its own job, found the cycle x → y → x",
				"4:38 jobs[0].colour: is no member of a job, nor of SubmitJob: remove it", "5:39 jobs[y].dependsOn[1]: must name a job of the workflow",
			},
		},
		{
			name: "no queue", reason: "neither the job nor the file names one",
			text: "name: a\njobs: [{name: x, definition: d}]",
			want: []string{"2:9 jobs[0].queue: is missing: name a queue here, or for all jobs"},
		},
		{
			name: "name that job names cannot begin with", reason: "run ids begin with it",
			text: "name: a b\njobs: [{name: x, definition: d, queue: q}]",
			want: []string{"1:1 name: must have letters, digits"},
		},
		{
			name: "each without elements", reason: "it would make no job at all",
			text: "name: a\njobs: [{name: x, definition: d, queue: q, each: []}, {name: y, definition: d, queue: q, each: 3}]",
			want: []string{"2:49 jobs[0].each: must be a list of objects with values", "2:95 jobs[1].each: must be a list of objects"},
		},
		{
			name: "two sizes", reason: "array and arrayProperties say the same thing",
			text: "name: a\njobs: [{name: x, definition: d, queue: q, array: 3, arrayProperties: {size: 4}}]",
			want: []string{"2:71 jobs[0].arrayProperties: says what array says"},
		},
		{
			name: "empty", reason: "what must be given may not be empty either",
			text: "name: ''\nbarrier: {definition: ''}\njobs: []",
			want: []string{"1:1 name: is missing or empty", "2:1 barrier.queue: is missing: name a queue here", "2:11 barrier.definition: is missing or empty", "3:1 jobs: is missing or empty"},
		},
		{
			name: "empty names of jobs", reason: "no job has such a name",
			text: "name: a\njobs: [{name: x, definition: d, queue: q, after: '', afterEnd: [''], afterFailure: [''], nToN: ['']}]",
			want: []string{
				"2:43 jobs[0].after[0]: is missing or empty",
				"2:65 jobs[0].afterEnd[0]: is missing or empty", "2:65 jobs[x].gates[0]: must name a job of the workflow",
				"2:85 jobs[0].afterFailure[0]: is missing or empty", "2:85 jobs[x].gates[1]: must name a job of the workflow",
				"2:97 jobs[0].nToN[0]: is missing or empty",
			},
		},
		{
			name: "edges of all kinds", reason: "each unknown name has its own place, also behind the name of a group",
			text: "name: a\nqueue: q\ncolour: red\njobs:\n- {name: g, definition: d, each: [{A: 1}, {A: 2}]}\n" +
				"- {name: x, definition: d, array: 2,\n  after: [g,\n    k],\n  afterEnd: [g,\n    l],\n  afterFailure: [m],\n  nToN: [n]}",
			want: []string{
				"3:1 colour: is no member here: remove it",
				"8:5 jobs[x].dependsOn[2]: must name a job of the workflow, found \"k\"", "10:5 jobs[x].gates[2]: must name a job of the workflow, found \"l\"",
				"11:18 jobs[x].gates[3]: must name a job of the workflow, found \"m\"", "12:10 jobs[x].dependsOn[3]: must name a job of the workflow, found \"n\"",
			},
		},
		{
			name: "long name", reason: "names of jobs begin with it",
			text: "name: " + strings.Repeat("a", 65) + "\njobs: [{name: x, definition: d, queue: q}]",
			want: []string{"1:1 name: must have at most 64 characters"},
		},
		{
			name: "array of one", reason: "the service has no such array",
			text: "name: a\njobs: [{name: x, definition: d, queue: q, array: 1}]",
			want: []string{"2:43 jobs[0].array: must be at least 2"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if test.name == "" || test.reason == "" {
				t.Fatal("a row needs a name and a reason")
			}
			_, err := workflowfile.Parse("w.yaml", []byte(test.text), workflowfile.Options{Values: test.values, FS: fstest.MapFS{}})
			var all *workflowfile.Error
			if !errors.As(err, &all) {
				t.Fatalf("error is %v, want a *workflowfile.Error", err)
			}
			got := make([]string, len(all.Problems))
			for i, p := range all.Problems {
				got[i] = fmt.Sprintf("%d:%d %s: %s", p.Line, p.Column, p.Path, p.Message)
				if i < len(test.want) && strings.HasPrefix(got[i], test.want[i]) {
					got[i] = test.want[i]
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

// Whether a file is found decides what a caller does about it, so the cause can be asked for.
func TestMissingFiles(t *testing.T) {
	t.Parallel()
	if _, err := workflowfile.Read(filepath.Join(t.TempDir(), "none.yaml"), workflowfile.Options{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing workflow file gives %v, want fs.ErrNotExist", err)
	}
	text := "name: a\ndefinitions: {d: none.yaml}\njobs: [{name: x, definition: d, queue: q}]"
	if _, err := workflowfile.Parse("w.yaml", []byte(text), workflowfile.Options{FS: fstest.MapFS{}}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing definition file gives %v, want fs.ErrNotExist", err)
	}
}

func TestWorkflow(t *testing.T) {
	t.Parallel()
	text := `
name: nightly
queue: default
values: {DAY: null, N: 4, HIGH: other, TAGS: true, HOST: acme, IMAGE: "${{HOST}}/prepare:${{DAY}}"}
definitions:
  prepare: definitions/prepare.yaml
  report: ` + strings.Replace(report, "{type: container,", `{type: container, retryStrategy: {attempts: "${{N}}"}, propagateTags: "${{TAGS}}",`, 1) + `
barrier: {definition: noop}
jobs:
  - name: prepare
    definition: prepare
    parameters: {day: "${{ DAY }}", home: "${HOME}"}
    retryStrategy: {attempts: "${{N}}"}
  - {name: report, definition: report, after: prepare, array: "${{N}}"}
  - {name: check, definition: report, nToN: report, array: 4, sequential: true}
  - name: tenant
    definition: report
    queue: ${{HIGH}}
    after: check
    parameters: {tenant: "${{TENANT}}"}
    each: [{TENANT: acme}, {TENANT: bcorp}]
  - {name: "mail-${{TO}}", definition: "mail:3", after: tenant, each: [{TO: x}, {TO: y}]}
  - {name: clean, definition: "clean:2", afterEnd: [tenant], afterFailure: "mail-${{TO}}"}
`
	files := fstest.MapFS{"definitions/prepare.yaml": {Data: []byte(strings.Replace(report, "acme/report:1", "${{IMAGE}}", 1))}}
	file, err := workflowfile.Parse("w.yaml", []byte(text), workflowfile.Options{Values: map[string]string{"DAY": "12"}, FS: files})
	if err != nil {
		t.Fatal(err)
	}
	plan, err := file.Workflow().Plan()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, d := range plan.Definitions {
		line := *d.JobDefinitionName + " " + *d.ContainerProperties.Image
		if d.RetryStrategy != nil {
			line += fmt.Sprint(" ", *d.RetryStrategy.Attempts, " ", *d.PropagateTags)
		}
		got = append(got, line)
	}
	for _, s := range plan.Steps {
		in, err := batchjson.Marshal(s.Input)
		if err != nil {
			t.Fatal(err)
		}
		line := s.Name + " " + string(in)
		for _, d := range s.DependsOn {
			line += " " + d.On + string(d.Type)
		}
		for _, g := range s.Gates {
			line += " " + g.On + string(g.When)
		}
		got = append(got, line)
	}
	want := []string{
		`prepare acme/prepare:12`,
		`report acme/report:1 4 true`,
		`prepare {"jobDefinition":"prepare","jobName":"prepare","jobQueue":"default","parameters":{"day":"12","home":"${HOME}"},"retryStrategy":{"attempts":4}}`,
		`report {"jobDefinition":"report","jobName":"report","jobQueue":"default","arrayProperties":{"size":4}} prepare`,
		`check {"jobDefinition":"report","jobName":"check","jobQueue":"default","arrayProperties":{"size":4}} reportN_TO_N SEQUENTIAL`,
		`tenant-0 {"jobDefinition":"report","jobName":"tenant-0","jobQueue":"other","parameters":{"tenant":"acme"}} check`,
		`tenant-1 {"jobDefinition":"report","jobName":"tenant-1","jobQueue":"other","parameters":{"tenant":"bcorp"}} check`,
		`mail-x {"jobDefinition":"mail:3","jobName":"mail-x","jobQueue":"default"} tenant-0 tenant-1`,
		`mail-y {"jobDefinition":"mail:3","jobName":"mail-y","jobQueue":"default"} tenant-0 tenant-1`,
		`clean {"jobDefinition":"clean:2","jobName":"clean","jobQueue":"default"} tenant-0ENDED tenant-1ENDED mail-xFAILED mail-yFAILED`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("plan (-want +got):\n%s", diff)
	}
}

// A value is a text, whatever YAML takes it for: account ids begin with zeros, and versions end with them.
func TestValuesAsWritten(t *testing.T) {
	t.Parallel()
	text := `
name: a
queue: q
values: {ACCOUNT: 012345670123, HASH: 1e10, BUILD: 0x1F, VERSION: 1.10, BIG: 1_000, DAY: 2026-01-01, YES: yes, ON: true, N: 3}
jobs: [{name: x, definition: d, array: "${{N}}", parameters: {p: "${{ACCOUNT}} ${{HASH}} ${{BUILD}} ${{VERSION}} ${{BIG}} ${{DAY}} ${{YES}} ${{ON}} ${{E}}"}, each: [{E: 007}]}]`
	file, err := workflowfile.Parse("w.yaml", []byte(text), workflowfile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	job := file.Jobs[0]
	if got, want := job.Submit.Parameters["p"], "012345670123 1e10 0x1F 1.10 1_000 2026-01-01 yes true 007"; got != want || job.Array != 3 {
		t.Errorf("array of %d, values\n%s, want\n%s", job.Array, got, want)
	}
}

// Findings of the rules come with the place of the member that they are about, in the file where it stands.
func TestCheck(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"d.yaml": "type: container\ncontainerProperties:\n  image: a\n  resourceRequirements: [{type: VCPU, value: none}, {type: MEMORY, value: '512'}]\n",
		"w.yaml": "name: w\nqueue: q\ndefinitions:\n  d: d.yaml\n  e: " + report + "\njobs:\n" +
			"- {name: a, definition: e, after: [b, a b]}\n- {name: b, definition: d, array: 20000000, timeout: {attemptDurationSeconds: 5}}\n" +
			"- {name: c, definition: e}\n- {name: c, definition: e, after: zz}\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	file, err := workflowfile.Read(filepath.Join(dir, "w.yaml"), workflowfile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	type at struct {
		File         string
		Line, Column int
		Path, Rule   string
	}
	var got []at
	for _, f := range file.Check() {
		if f.Severity.String() == "error" {
			got = append(got, at{filepath.Base(f.File), f.Line, f.Column, f.Path, f.Rule})
		}
	}
	want := []at{
		{"w.yaml", 7, 39, "jobs[a].dependsOn[1]", "DEP012"},
		{"w.yaml", 8, 55, "jobs[b].timeout.attemptDurationSeconds", "TMO001"},
		{"w.yaml", 10, 4, "jobs[c]", "DEP012"}, // the second is one too many
		{"w.yaml", 10, 35, "jobs[c].dependsOn[0]", "DEP012"},
		{"d.yaml", 4, 39, "definitions[d].containerProperties.resourceRequirements[0].value", "RR005"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

// Whatever the text, there is a file or an error that says something, and never a panic.
func FuzzParse(f *testing.F) {
	f.Add("name: a\nvalues: {N: 3}\njobs: [{name: \"x${{N}}\", definition: d, queue: q, each: [{K: 1}], after: [x]}]")
	f.Add(`{"name":"a","jobs":[{"name":"x","definition":"d","queue":"q","array":2}]}`)
	f.Add("name: &a b\njobs: [*a]")
	f.Fuzz(func(t *testing.T, text string) {
		file, err := workflowfile.Parse("w.yaml", []byte(text), workflowfile.Options{FS: fstest.MapFS{}})
		if err == nil {
			file.Check()
			return
		}
		var all *workflowfile.Error
		if !errors.As(err, &all) || len(all.Problems) == 0 {
			t.Errorf("error %v holds no problem", err)
		}
	})
}
