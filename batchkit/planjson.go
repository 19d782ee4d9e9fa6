package batchkit

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchjson"
	"github.com/batchkit/batchkit-go/validate"
)

// planVersion is that of the JSON. Another number is another format.
const planVersion = 1

// planJSON is a plan as JSON has it. The SDK's structs in it are batchjson's.
type planJSON struct {
	Version     int               `json:"version"`
	Name        string            `json:"name,omitempty"`
	Definitions []json.RawMessage `json:"definitions,omitempty"`
	Steps       []stepJSON        `json:"steps,omitempty"`
	Warnings    []warningJSON     `json:"warnings,omitempty"`
	Removed     []removedJSON     `json:"removed,omitempty"`
	Savings     []savingJSON      `json:"savings,omitempty"`
}

type stepJSON struct {
	Name       string           `json:"name"`
	Wave       int              `json:"wave"`
	Kind       StepKind         `json:"kind,omitempty"`
	Job        string           `json:"job,omitempty"`
	Offset     int              `json:"offset,omitempty"`
	Definition *int             `json:"definition,omitempty"`
	DependsOn  []dependencyJSON `json:"dependsOn,omitempty"`
	Gates      []gateJSON       `json:"gates,omitempty"`
	Input      json.RawMessage  `json:"input"`
}

type dependencyJSON struct {
	On   string                   `json:"on,omitempty"`
	Type types.ArrayJobDependency `json:"type,omitempty"`
}

type gateJSON struct {
	On        string   `json:"on"`
	When      GateKind `json:"when"`
	Condition string   `json:"condition,omitempty"`
}

// warningJSON is a finding, whose severity is known.
type warningJSON struct {
	Rule    string `json:"rule"`
	Path    string `json:"path"`
	Message string `json:"message"`
	Source  string `json:"source"`
	Service string `json:"service,omitempty"`
}

type removedJSON struct {
	Job string `json:"job"`
	On  string `json:"on"`
}

type savingJSON struct {
	Jobs  []string `json:"jobs"`
	Calls int      `json:"calls"`
}

// MarshalJSON returns the plan as JSON, the same bytes for the same plan. The SDK's structs in it have the spelling of
// the API. Conditions of [When] are named in it, and their functions are not there.
func (p Plan) MarshalJSON() ([]byte, error) {
	out := planJSON{Version: planVersion, Name: p.Name}
	for i, def := range p.Definitions {
		raw, err := batchjson.Marshal(def)
		if err != nil {
			return nil, &PlanError{Path: element("definitions", i), Err: err}
		}
		out.Definitions = append(out.Definitions, raw)
	}
	out.Steps = make([]stepJSON, len(p.Steps))
	for i := range p.Steps {
		s := &p.Steps[i]
		raw, err := batchjson.Marshal(s.Input)
		if err != nil {
			return nil, &PlanError{Path: element("steps", i) + ".input", Err: err}
		}
		out.Steps[i] = stepJSON{
			Name: s.Name, Wave: s.Wave, Kind: s.Kind, Job: s.Job, Offset: s.Offset, Input: raw,
			DependsOn: convert(s.DependsOn, func(d validate.Dependency) dependencyJSON { return dependencyJSON(d) }),
			Gates:     convert(s.Gates, func(g Gate) gateJSON { return gateJSON(g) }),
		}
		if s.Definition >= 0 {
			out.Steps[i].Definition = &s.Definition
		}
	}
	out.Warnings = convert(p.Warnings, func(f validate.Finding) warningJSON {
		return warningJSON{Rule: f.Rule, Path: f.Path, Message: f.Message, Source: f.Source, Service: f.Service}
	})
	out.Removed = convert(p.Removed, func(r RemovedEdge) removedJSON { return removedJSON(r) })
	out.Savings = convert(p.Savings, func(s Saving) savingJSON { return savingJSON(s) })
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(out); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// UnmarshalJSON reads what [Plan.MarshalJSON] wrote. It is strict: a member that is unknown or of the wrong type, a step
// that waits for one that does not come before it, a name that is there twice and the like are errors, each a
// [*PlanError], all in one error that wraps them. The conditions of [When] have no functions in a plan that was read.
func (p *Plan) UnmarshalJSON(data []byte) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	var in planJSON
	if err := d.Decode(&in); err != nil {
		return &PlanError{Err: err}
	}
	if _, err := d.Token(); err != io.EOF {
		return &PlanError{Err: errors.New("must be one JSON object, found more behind it")}
	}
	if in.Version != planVersion {
		return &PlanError{Path: "version", Err: fmt.Errorf("must be %d, found %d: the plan was written by another release", planVersion, in.Version)}
	}
	out, err := in.plan()
	if err != nil {
		return err
	}
	*p = *out
	return nil
}

func (in *planJSON) plan() (*Plan, error) {
	p := &Plan{Name: in.Name}
	var errs []error
	for i, raw := range in.Definitions {
		def := new(batch.RegisterJobDefinitionInput)
		if err := batchjson.Unmarshal(raw, def); err != nil {
			errs = append(errs, &PlanError{Path: element("definitions", i), Err: err})
		}
		p.Definitions = append(p.Definitions, def)
	}
	for i := range in.Steps {
		s := &in.Steps[i]
		step := Step{
			Name: s.Name, Wave: s.Wave, Kind: s.Kind, Job: s.Job, Offset: s.Offset, Definition: -1, Input: new(batch.SubmitJobInput),
			DependsOn: convert(s.DependsOn, func(d dependencyJSON) validate.Dependency { return validate.Dependency(d) }),
			Gates:     convert(s.Gates, func(g gateJSON) Gate { return Gate(g) }),
		}
		switch {
		case s.Definition == nil:
		case *s.Definition < 0 || *s.Definition >= len(in.Definitions):
			err := fmt.Errorf("must be absent or the index of one of %d definitions", len(in.Definitions))
			errs = append(errs, &PlanError{Path: element("steps", i) + ".definition", Err: err})
		default:
			step.Definition = *s.Definition
		}
		if err := batchjson.Unmarshal(s.Input, step.Input); err != nil {
			errs = append(errs, &PlanError{Path: element("steps", i) + ".input", Err: err})
		}
		p.Steps = append(p.Steps, step)
	}
	p.Warnings = convert(in.Warnings, func(w warningJSON) validate.Finding {
		return validate.Finding{
			Rule: w.Rule, Severity: validate.Warning, Path: w.Path, Message: w.Message, Source: w.Source, Service: w.Service,
		}
	})
	p.Removed = convert(in.Removed, func(r removedJSON) RemovedEdge { return RemovedEdge(r) })
	p.Savings = convert(in.Savings, func(s savingJSON) Saving { return Saving(s) })
	if err := errors.Join(append(errs, p.faults()...)...); err != nil {
		return nil, err
	}
	return p, nil
}

// Digest returns the SHA-256, in hexadecimal, of what of the plan's JSON is submitted: plans that submit the same have
// equal digests. Warnings, Removed and Savings do not count, so that a run can be gone on with by another release of this
// package, which may have other words for them. It is empty for a plan that cannot be written as JSON, which no workflow
// makes.
func (p *Plan) Digest() string {
	data, err := Plan{Name: p.Name, Definitions: p.Definitions, Steps: p.Steps}.MarshalJSON()
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// PlanError is a fault of a plan that was read from JSON.
type PlanError struct {
	// Path leads to the fault, as in steps[3].input; empty for the document as a whole.
	Path string
	// Err says what is wrong. For the SDK's structs it is a [*batchjson.Error] with every fault in them.
	Err error
}

// Error returns the path and the fault.
func (e *PlanError) Error() string {
	if e.Path == "" {
		return "plan: " + e.Err.Error()
	}
	return "plan: " + e.Path + ": " + e.Err.Error()
}

// Unwrap returns Err.
func (e *PlanError) Unwrap() error { return e.Err }

func element(list string, i int) string { return list + "[" + strconv.Itoa(i) + "]" }

// convert keeps the nil of an empty list, so that a plan read is equal to the one written.
func convert[A, B any](in []A, to func(A) B) []B {
	if len(in) == 0 {
		return nil
	}
	out := make([]B, len(in))
	for i := range in {
		out[i] = to(in[i])
	}
	return out
}
