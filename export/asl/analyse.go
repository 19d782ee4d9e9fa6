package asl

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"

	"github.com/batchkit/batchkit-go/batchjson"
	"github.com/batchkit/batchkit-go/internal/ordered"
	"github.com/batchkit/batchkit-go/internal/pascal"
	"github.com/batchkit/batchkit-go/validate"
)

// Analyse judges the tasks of a state machine that submit jobs, in JSONPath and in JSONata, within Parallel and Map too.
// Give the definitions that the jobs name, as far as they are known; a job finds its own by the name.
//
// A text with ${…} or #{…} in it, which a deployment fills in, counts as an expression.
//
// It flags the trap above all: a .sync task adds containerOverrides by itself, so that AWS Batch refuses every job of
// several containers (OVR001), of a pod (OVR002) and of several nodes (OVR003). And it judges each request by the rules
// of package validate, as far as its members are not expressions, and by what its integration takes.
//
// Paths begin with the state, such as States.Run.Parameters.jobName. A document that is no state machine gives one
// finding, NotASL.
func Analyse(document []byte, definitions ...*batch.RegisterJobDefinitionInput) validate.Findings {
	return AnalyseFunc(document, func(name string) (*batch.RegisterJobDefinitionInput, []string) {
		for _, def := range definitions {
			if def != nil && aws.ToString(def.JobDefinitionName) == name {
				return def, nil
			}
		}
		return nil, nil
	})
}

// AnalyseFunc is [Analyse] with a function that returns the definition of a name, which comes without path and revision,
// and the paths in it that are not known yet, as [validate.WithUnknown] has them; nil for a definition that is not known.
func AnalyseFunc(document []byte, definition func(name string) (in *batch.RegisterJobDefinitionInput, unknown []string)) validate.Findings {
	var m map[string]any
	if err := json.Unmarshal(document, &m); err != nil {
		return validate.Findings{finding(NotASL, validate.Error, "", "a state machine is a JSON object; this is none: "+err.Error(), "https://states-language.net")}
	}
	if _, ok := m["States"].(map[string]any); !ok {
		return validate.Findings{finding(NotASL, validate.Error, "", "a state machine has a member States, an object; this has none.", "https://states-language.net")}
	}
	a := &analysis{definition: definition}
	a.machine(m, "", m["QueryLanguage"] == "JSONata")
	return a.findings
}

type analysis struct {
	definition func(name string) (in *batch.RegisterJobDefinitionInput, unknown []string)
	findings   validate.Findings
}

// machine walks the states of a machine or a part of one.
func (a *analysis) machine(m map[string]any, path string, jsonata bool) {
	states, _ := m["States"].(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(states)) {
		s, ok := states[name].(map[string]any)
		if !ok {
			a.add(NotASL, validate.Error, ordered.Entry(path+"States", name), "a state is an object; this is none.", "https://states-language.net")
			continue
		}
		at := ordered.Entry(path+"States", name) + "."
		in := jsonata
		if language, ok := s["QueryLanguage"].(string); ok {
			in = language == "JSONata"
		}
		if resource, _ := s["Resource"].(string); s["Type"] == "Task" {
			a.task(s, resource, at, in)
		}
		branches, _ := s["Branches"].([]any)
		for i, b := range branches {
			if b, ok := b.(map[string]any); ok {
				a.machine(b, fmt.Sprintf("%sBranches[%d].", at, i), jsonata)
			}
		}
		for _, items := range []string{"ItemProcessor", "Iterator"} {
			if p, ok := s[items].(map[string]any); ok {
				a.machine(p, at+items+".", jsonata)
			}
		}
	}
}

func (a *analysis) add(rule string, severity validate.Severity, path, message, source string) {
	a.findings = append(a.findings, finding(rule, severity, path, message, source))
}

// task judges a task that submits a job, and leaves others alone.
func (a *analysis) task(s map[string]any, resource, path string, jsonata bool) {
	_, integration, _ := strings.Cut(resource, ":states:::")
	integration, pattern, _ := strings.Cut(integration, ".")
	if integration != "batch:submitJob" && integration != "aws-sdk:batch:submitJob" {
		return
	}
	a.retries(s, pattern, path)
	name := "Parameters"
	if jsonata {
		name = "Arguments"
	}
	arguments, ok := s[name].(map[string]any)
	if !ok {
		return // all of it is an expression, or missing, which Step Functions itself says
	}
	r := &request{jsonata: jsonata}
	known, _ := r.known(arguments, "").(map[string]any)
	if integration == "batch:submitJob" {
		a.optimised(known, path+name)
	}
	var in batch.SubmitJobInput
	var bad *batchjson.Error
	if err := pascal.Read(known, &in); errors.As(err, &bad) {
		for _, p := range bad.Problems {
			severity, message := validate.Error, p.Message+"."
			switch {
			case p.Kind == batchjson.UnknownMember && p.Nearest != "":
				message = "no member has this name here; write " + ordered.Upper(p.Nearest) + ", for names begin with a capital."
			case p.Kind == batchjson.WrongType && strings.HasPrefix(p.Path, "parameters."):
				severity = validate.Warning // AWS' own example has a number there, see connectBatch
			}
			at := path + name
			if !strings.HasPrefix(p.Path, "[") {
				at += "."
			}
			a.add(BadMember, severity, at+p.Path, message, sdkDocs)
		}
	}
	def, unknown := a.named(arguments)
	opts := []validate.Option{validate.WithUnknown(append(r.unknown, unknown...)...), validate.WithDefinition(def)}
	a.findings = append(a.findings, validate.SubmitJob(&in, opts...).Under(path+name)...)
	if integration == "batch:submitJob" && pattern == "sync" {
		a.trap(&in, def, path+"Resource")
	}
}

// optimised judges which members the optimised integration takes.
func (a *analysis) optimised(arguments map[string]any, path string) {
	for _, name := range slices.Sorted(maps.Keys(arguments)) {
		if !slices.Contains(taken, name) && arguments[name] != nil {
			a.add(NotTaken, validate.Error, ordered.Entry(path, name), "the integration batch:submitJob does not take it; use aws-sdk:batch:submitJob, as asl.Export does.", connectBatch)
		}
	}
}

// trap judges whether the containerOverrides that Step Functions adds fit the job. It adds them to .sync tasks only, to know
// their jobs again; LocalStack, which is compared with AWS, does the same:
// https://github.com/localstack/localstack/blob/main/localstack-core/localstack/services/stepfunctions/asl/component/state/state_execution/state_task/service/state_task_service_batch.py.
func (a *analysis) trap(in *batch.SubmitJobInput, def *batch.RegisterJobDefinitionInput, path string) {
	var rule, kind string
	switch {
	case def != nil && def.EcsProperties != nil, in.EcsPropertiesOverride != nil:
		rule, kind = "OVR001", "ecsProperties"
	case def != nil && def.EksProperties != nil, in.EksPropertiesOverride != nil:
		rule, kind = "OVR002", "eksProperties"
	case def != nil && def.NodeProperties != nil, in.NodeOverrides != nil:
		rule, kind = "OVR003", "nodeProperties"
	default:
		return
	}
	f := finding(rule, validate.Error, path, "the integration batch:submitJob.sync adds the variable MANAGED_BY_AWS to the containerOverrides of every job, "+
		"and AWS Batch refuses those for "+kind+"; use aws-sdk:batch:submitJob and a loop that looks at the job, as asl.Export does, "+
		"or a Lambda function that submits.", connectBatch)
	if r, ok := validate.Lookup(rule); ok {
		f.Service = r.Service
	}
	a.findings = append(a.findings, f)
}

// retries judges whether a submission is repeated that may have succeeded. Where a task ends with its job, States.ALL and
// States.TaskFailed are mostly meant for the job, and are let be.
func (a *analysis) retries(s map[string]any, pattern, path string) {
	list, _ := s["Retry"].([]any)
	for i, r := range list {
		r, _ := r.(map[string]any)
		names, _ := r["ErrorEquals"].([]any)
		for _, name := range names {
			switch name {
			case "Batch.ServerException", "Batch.SdkClientException":
			case "States.ALL", "States.TaskFailed":
				if pattern != "" {
					continue
				}
			default:
				continue
			}
			a.add(RetriedSubmission, validate.Warning, fmt.Sprintf("%sRetry[%d]", path, i), fmt.Sprintf("%s may come although the job was submitted, and "+
				"SubmitJob has no client token: the job may run twice. Catch it, and look for the job by its name first.", name), connectBatch)
		}
	}
}

// named returns what is known of the definition that a request names.
func (a *analysis) named(arguments map[string]any) (in *batch.RegisterJobDefinitionInput, unknown []string) {
	name, _ := arguments["JobDefinition"].(string)
	name = upToRevision.FindString(name[strings.LastIndex(name, "/")+1:])
	if name == "" {
		return nil, nil
	}
	return a.definition(name)
}

// upToRevision is a name without its revision. What is filled in may have colons of its own, as ${AWS::StackName}.
var upToRevision = regexp.MustCompile(`^(?:\$\{[^}]*\}|[^:])*`)

// request tells what of a request is known from what is an expression.
type request struct {
	jsonata bool
	unknown []string // paths in the API's spelling
}

// known returns the tree without what is an expression.
func (r *request) known(v any, path string) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for _, name := range slices.Sorted(maps.Keys(v)) {
			plain, expression := strings.CutSuffix(name, ".$")
			at := strings.TrimPrefix(path+"."+ordered.Lower(plain), ".")
			if expression && !r.jsonata || r.expression(v[name]) {
				r.unknown = append(r.unknown, at)
				continue
			}
			out[name] = r.known(v[name], at)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i := range v {
			at := fmt.Sprintf("%s[%d]", path, i)
			if r.expression(v[i]) {
				r.unknown = append(r.unknown, path) // a list may take no zero value in its place
				return nil
			}
			out[i] = r.known(v[i], at)
		}
		return out
	}
	return v
}

// expression says whether a value is an expression, or holds what CloudFormation, Terraform or Serverless fill in.
func (r *request) expression(v any) bool {
	s, ok := v.(string)
	return ok && (r.jsonata && strings.HasPrefix(s, "{%") && strings.HasSuffix(s, "%}") || strings.Contains(s, "${") || strings.Contains(s, "#{"))
}
