package asl

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
)

// exporter makes the states.
type exporter struct {
	*graph
	opts      Options
	keepGoing bool
	digest    string          // of the plan
	names     map[string]bool // taken
	parallels int
	refused   *State // a submission that was refused, until it is known where that leads
}

// sequence is a list of states that follow each other: the machine's, or a branch's. Its data is an object:
//
//	run      the id of the run
//	job, jN  the id of a job, in a list
//	seen     what was last seen of a job
//	oN       the outcome of step N when the machine keeps going: Status if it succeeded, Error if it failed, and neither
//	         if it was not needed
//	pN       the outcomes of parallel branches
//	up       the data of the sequence that this one is a branch of
type sequence struct {
	startAt  string
	states   map[string]*State
	open     []exit
	parent   *sequence
	outcomes map[int]string // where they are in the data, by step
}

// exit is where a state goes on.
type exit struct {
	next *string
	end  *bool // nil for what cannot end: a rule, a default, a catcher
}

func newSequence(parent *sequence) *sequence {
	return &sequence{states: map[string]*State{}, parent: parent, outcomes: map[int]string{}}
}

// add appends a state that goes on with the next one.
func (s *sequence) add(name string, state *State) {
	s.put(name, state)
	s.open = []exit{{&state.Next, &state.End}}
}

// put adds a state to which all open exits lead, and leaves no exit open.
func (s *sequence) put(name string, state *State) {
	if s.startAt == "" {
		s.startAt = name
	}
	for _, e := range s.open {
		*e.next = name
	}
	s.open = nil
	s.states[name] = state
}

// aside adds a state that others lead to by its name.
func (s *sequence) aside(name string, state *State) { s.states[name] = state }

// leave lets a rule, a default or a catcher lead to the next state.
func (s *sequence) leave(next ...*string) {
	for _, n := range next {
		s.open = append(s.open, exit{next: n})
	}
}

// leaveState lets a state that was put aside lead to the next one.
func (s *sequence) leaveState(state *State) {
	s.open = append(s.open, exit{&state.Next, &state.End})
}

// outcome returns the path to the outcome of a step.
func (s *sequence) outcome(step int) string {
	if path, ok := s.outcomes[step]; ok || s.parent == nil {
		return path
	}
	return "$.up" + s.parent.outcome(step)[1:]
}

// own are the paths of the outcomes of this sequence, by the key that they have in it.
func (s *sequence) own() map[string]any {
	out := map[string]any{}
	for step, path := range s.outcomes {
		out[key(step)+".$"] = path
	}
	return out
}

func key(step int) string { return "o" + strconv.Itoa(step) }

// end closes the sequence: of the exits that are open, those that can end do, and the others get a state to end in.
func (s *sequence) end(x *exporter) {
	ends := true
	for _, e := range s.open {
		ends = ends && e.end != nil
	}
	if !ends {
		s.put(x.name("", "done"), &State{Type: "Succeed"})
	}
	for _, e := range s.open {
		*e.end = true
	}
}

// finish closes the machine. One that kept going fails if a job has, and gives the outcome of each job by its name.
func (s *sequence) finish(x *exporter) {
	if !x.keepGoing {
		s.end(x)
		return
	}
	outcomes := map[string]any{}
	var failed []Choice
	for i := range x.plan.Steps {
		outcomes[x.plan.Steps[i].Name+".$"] = s.outcome(i)
		failed = append(failed, present(s.outcome(i)+".Error", true))
	}
	s.add(x.name("", "outcomes"), &State{Type: "Pass", Parameters: outcomes, ResultPath: at("$.outcomes")})
	fail, done := x.name("", "failed"), x.name("", "done")
	s.put(x.name("", "all succeeded?"), &State{Type: "Choice", Choices: []Choice{rule(anyOf(failed), fail)}, Default: done})
	s.aside(fail, &State{Type: "Fail", Error: "batchkit.JobsFailed", CausePath: "States.JsonToString($.outcomes)"})
	s.aside(done, &State{Type: "Succeed"})
}

// maxName is how long the name of a state may be: https://states-language.net/#states-fields.
const maxName = 80

// name returns a name for a state that no other has.
func (x *exporter) name(job, what string) string {
	full := job
	if what != "" {
		full = what
		if job != "" {
			full = job + ": " + what
		}
	}
	name := cut(full, job, maxName)
	for i := 2; x.names[name]; i++ {
		suffix := fmt.Sprintf(" (%d)", i)
		name = cut(full, job, maxName-len(suffix)) + suffix
	}
	x.names[name] = true
	return name
}

// cut shortens a name that begins with that of a job: the job's loses its end, for a hash of the whole.
func cut(full, job string, limit int) string {
	if len(full) <= limit {
		return full
	}
	rest := full[len(job):]
	sum := sha256.Sum256([]byte(job))
	hash := "-" + hex.EncodeToString(sum[:4])
	return job[:limit-len(rest)-len(hash)] + hash + rest
}

// Rules of a Choice.

func present(path string, is bool) Choice { return Choice{Variable: path, IsPresent: &is} }

func equals(path, text string) Choice { return Choice{Variable: path, StringEquals: text} }

func anyOf(rules []Choice) Choice {
	if len(rules) == 1 {
		return rules[0]
	}
	return Choice{Or: rules}
}

func allOf(rules []Choice) Choice {
	if len(rules) == 1 {
		return rules[0]
	}
	return Choice{And: rules}
}

func rule(c Choice, next string) Choice {
	c.Next = next
	return c
}
