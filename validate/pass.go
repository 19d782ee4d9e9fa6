package validate

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// pass is one run over one input. It keeps the path as a stack of steps, and makes text only for a finding.
type pass struct {
	settings
	path     []step
	rule     *Rule
	findings Findings

	// The views handed to the checks live here, so that a run over a valid input allocates next to nothing.
	task      task
	container container
	resources resources
	edge      edge
	targets   [16]int // room for those of the task

	pod          pod
	podContainer podContainer
	pairs        [8]types.KeyValuePair // room for the environment of a pod's container
	steps        [24]step              // room for the path
}

// passes are kept for the next run: most find nothing, and then allocate nothing.
var passes = sync.Pool{New: func() any { return new(pass) }}

func newPass(opts []Option) *pass {
	p := passes.Get().(*pass)
	p.path = p.steps[:0]
	for _, o := range opts {
		o(&p.settings)
	}
	return p
}

// end returns what the pass has found, without what may be wrong for an unknown value. The pass must not be used again.
func (p *pass) end() Findings {
	found := p.findings
	if len(p.unknown) > 0 {
		found = slices.DeleteFunc(found, p.doubtful)
	}
	*p = pass{}
	passes.Put(p)
	return found.tidy()
}

// step is one part of a path: a member, or an index when name is empty.
type step struct {
	name  string
	index int
}

// enter adds a member to the path; leave takes the last n steps away.
func (p *pass) enter(name string) { p.path = append(p.path, step{name: name}) }
func (p *pass) enterAt(name string, index int) {
	p.path = append(p.path, step{name: name}, step{index: index})
}
func (p *pass) leave(n int) { p.path = p.path[:len(p.path)-n] }

// at names a place below the current path: strings are members, ints are indices.
func at(steps ...any) []any { return steps }

// here is the current path itself.
var here []any

// fail records that the rule under judgement is broken at a place below the current path.
// The arguments must not be values of environment variables, parameters or secrets.
func (p *pass) fail(place []any, format string, args ...any) *Finding {
	severity := p.rule.Severity
	if s, ok := p.severity[p.rule.ID]; ok {
		severity = s
	}
	p.findings = append(p.findings, Finding{
		Rule:     p.rule.ID,
		Severity: severity,
		Path:     p.at(place),
		Message:  fmt.Sprintf(format, args...),
		Source:   p.rule.Source,
		Service:  p.rule.Service,
	})
	return &p.findings[len(p.findings)-1]
}

// warn is fail for a case in which it is not known that the service minds: a warning, unless an option sets the severity.
func (p *pass) warn(place []any, format string, args ...any) {
	f := p.fail(place, format, args...)
	if _, set := p.severity[p.rule.ID]; !set {
		f.Severity = min(f.Severity, Warning)
	}
}

// saying puts what was found into the service's answer: the first value for X, the second for Y.
func (f *Finding) saying(values ...string) {
	for i, v := range values {
		f.Service = replaceWord(f.Service, string(rune('X'+i)), v)
	}
}

func (p *pass) at(place []any) string {
	var b strings.Builder
	member := func(name string) {
		if b.Len() > 0 {
			b.WriteByte('.')
		}
		b.WriteString(name)
	}
	element := func(index int) { b.WriteString("[" + strconv.Itoa(index) + "]") }
	for _, s := range p.path {
		if s.name == "" {
			element(s.index)
		} else {
			member(s.name)
		}
	}
	for _, s := range place {
		switch s := s.(type) {
		case string:
			member(s)
		case int:
			element(s)
		}
	}
	return b.String()
}

// replaceWord replaces the first occurrence of word that is not part of a longer one.
func replaceWord(s, word, by string) string {
	letter := func(i int) bool {
		return i >= 0 && i < len(s) && (s[i] >= 'a' && s[i] <= 'z' || s[i] >= 'A' && s[i] <= 'Z' || s[i] == '_' || digit(s[i]))
	}
	for from := 0; ; {
		i := strings.Index(s[from:], word)
		if i < 0 {
			return s
		}
		i += from
		if !letter(i-1) && !letter(i+len(word)) {
			return s[:i] + by + s[i+len(word):]
		}
		from = i + len(word)
	}
}

// excerpt quotes a text for a message, and cuts one that is too long to read.
func excerpt(text string) string {
	const most = 140
	runes := []rune(text)
	if len(runes) > most {
		return strconv.Quote(string(runes[:most])) + " and more"
	}
	return strconv.Quote(text)
}
