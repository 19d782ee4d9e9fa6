package batchkit

import (
	"fmt"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// What a printed plan shows of a long list.
const (
	mostSteps = 100
	mostLines = 10
	mostNames = 4
)

// String returns the plan as a text for people: its figures, and a table of the first hundred steps. Programs read the
// fields instead, or [Plan.MarshalJSON]. The text may change from release to release.
func (p *Plan) String() string {
	var b strings.Builder
	p.printFigures(&b)
	p.printList(&b, "removed, since others imply it", len(p.Removed), func(i int) string {
		return p.Removed[i].Job + " waits for " + p.Removed[i].On
	})
	p.printList(&b, "could be arrays", len(p.Savings), func(i int) string { return p.Savings[i].String() })
	p.printList(&b, "warnings", len(p.Warnings), func(i int) string { return p.Warnings[i].Error() })
	if len(p.Steps) > 0 {
		b.WriteByte('\n')
		p.printSteps(&b)
	}
	return b.String()
}

func (p *Plan) printFigures(b *strings.Builder) {
	fmt.Fprintf(b, "plan %s: %s (%s, %s)\n", strconv.Quote(p.Name), count(p.Calls(), "call"),
		count(len(p.Definitions), "definition"), count(len(p.Steps), "submission"))
	path := p.CriticalPath()
	fmt.Fprintf(b, "waves: %d", len(path))
	if len(path) > 0 {
		fmt.Fprintf(b, ", critical path: %s", path[0])
		for i, name := range path[1:] {
			if i == mostLines {
				fmt.Fprintf(b, " → … → %s", path[len(path)-1])
				break
			}
			b.WriteString(" → " + name)
		}
	}
	fmt.Fprintf(b, "\ntime to submit: %v at %d a second\n", p.Duration().Round(time.Millisecond), SubmitRate)
	if n, depth := p.barriers(); n > 0 {
		fmt.Fprintf(b, "barriers: %d, at a depth of %d\n", n, depth)
	}
	if p.Attached() {
		fmt.Fprintf(b, "the run must stay attached: %s cannot be submitted at once\n", count(len(p.Deferred()), "step"))
	}
}

// barriers returns how many barriers there are, and how many lie one behind the other at the most.
func (p *Plan) barriers() (n, depth int) {
	depths := map[string]int{}
	for i := range p.Steps {
		s := &p.Steps[i]
		if s.Kind != StepBarrier {
			continue
		}
		n++
		own := 0
		for _, d := range s.DependsOn {
			own = max(own, depths[d.On])
		}
		depths[s.Name] = own + 1
		depth = max(depth, own+1)
	}
	return n, depth
}

// printList prints nothing for an empty list.
func (p *Plan) printList(b *strings.Builder, title string, n int, line func(int) string) {
	if n == 0 {
		return
	}
	fmt.Fprintf(b, "%s: %d\n", title, n)
	for i := range min(n, mostLines) {
		b.WriteString("  " + line(i) + "\n")
	}
	if n > mostLines {
		fmt.Fprintf(b, "  … and %d more\n", n-mostLines)
	}
}

func (p *Plan) printSteps(b *strings.Builder) {
	t := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "WAVE\tSTEP\tKIND\tDEFINITION\tWAITS FOR")
	for i := range p.Steps {
		if i == mostSteps {
			break
		}
		s := p.Steps[i]
		if s.Input == nil {
			s.Input = &batch.SubmitJobInput{}
		}
		fmt.Fprintf(t, "%d\t%s\t%s\t%s\t%s\n", s.Wave, s.Name, s.describe(), aws.ToString(s.Input.JobDefinition), s.waitsFor())
	}
	_ = t.Flush() // a strings.Builder takes all
	if n := len(p.Steps) - mostSteps; n > 0 {
		fmt.Fprintf(b, "… and %d more\n", n)
	}
}

func (s *Step) describe() string {
	size := arraySize(s.Input)
	switch {
	case s.Kind == StepBarrier:
		return "barrier"
	case s.Kind == StepPart:
		return fmt.Sprintf("children %d to %d", s.Offset, s.Offset+size-1)
	case size > 0:
		return fmt.Sprintf("array of %d", size)
	}
	return "job"
}

func (s *Step) waitsFor() string {
	var names []string
	for i := range s.Input.DependsOn {
		names = append(names, aws.ToString(s.Input.DependsOn[i].JobId))
	}
	for _, d := range s.DependsOn {
		switch {
		case d.Type == types.ArrayJobDependencySequential:
			names = append(names, "(sequential)")
		case d.Type != "":
			names = append(names, d.On+" (n to n)")
		default:
			names = append(names, d.On)
		}
	}
	for _, g := range s.Gates {
		text := strings.ToLower(string(g.When))
		if g.When == GateCondition {
			text = "when " + g.Condition
		}
		names = append(names, g.On+" ("+text+")")
	}
	if len(names) == 0 {
		return "-"
	}
	if n := len(names) - mostNames; n > 0 {
		return strings.Join(names[:mostNames], ", ") + fmt.Sprintf(" and %d more", n)
	}
	return strings.Join(names, ", ")
}

// String says in a line what an array would save.
func (s Saving) String() string {
	if len(s.Jobs) == 0 {
		return ""
	}
	return fmt.Sprintf("%s to %s (%s): %s instead of %d", s.Jobs[0], s.Jobs[len(s.Jobs)-1], count(len(s.Jobs), "job"), count(s.Calls, "call"), len(s.Jobs))
}

// count writes a number with its noun.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}
