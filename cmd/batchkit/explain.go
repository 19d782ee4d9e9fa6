package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/batchkit/batchkit-go/export/asl"
	"github.com/batchkit/batchkit-go/internal/source"
	"github.com/batchkit/batchkit-go/validate"
)

func explainCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "explain ID",
		Short: "Say what a rule demands, who says so, and whether it is judged",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			e, ok := describe(args[0])
			if !ok {
				return fmt.Errorf("no rule has the id %q", args[0])
			}
			return e.write(cmd.OutOrStdout())
		},
	}
}

// An explanation is what there is to say about an id of the catalogue.
type explanation struct {
	rule   validate.Rule
	judged string
	known  bool // more is known of the rule than its title
}

// describe looks an id up, without regard to case, among the rules that are judged and those that are not.
func describe(id string) (explanation, bool) {
	id = strings.ToUpper(id)
	if id == source.MemberRule.ID {
		return explanation{rule: source.MemberRule, known: true, judged: "yes, where a file is read"}, true
	}
	if rule, ok := validate.Lookup(id); ok {
		return explanation{rule: rule, known: true, judged: when(rule)}, true
	}
	for _, rule := range asl.Rules() {
		if rule.ID == id {
			return explanation{rule: rule, known: true, judged: "of state machines only"}, true
		}
	}
	for _, n := range validate.NotJudgedRules() {
		if n.ID == id {
			return explanation{rule: validate.Rule{ID: n.ID, Title: n.Title}, judged: "no: " + n.Reason}, true
		}
	}
	return explanation{}, false
}

// when says under which flags a rule is judged.
func when(r validate.Rule) string {
	switch {
	case r.Uncertain:
		return "with --strict only, for its sources are silent or disagree"
	case r.Severity == validate.Info:
		return "with --strict only"
	}
	return "yes"
}

func (e explanation) write(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n\n", e.rule.ID, e.rule.Title)
	if e.known {
		fmt.Fprintf(&b, "severity:  %s\n", e.rule.Severity)
		fmt.Fprintf(&b, "platforms: %s\n", e.rule.Platforms)
	}
	fmt.Fprintf(&b, "judged:    %s\n", e.judged)
	if e.rule.Source != "" {
		fmt.Fprintf(&b, "source:    %s\n", e.rule.Source)
	}
	if e.rule.Service != "" {
		fmt.Fprintf(&b, "service:   %s\n", e.rule.Service)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
