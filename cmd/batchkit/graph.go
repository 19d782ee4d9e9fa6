package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/export/graph"
)

// drawings are the forms of a graph.
var drawings = map[string]func(*batchkit.Plan) []byte{"dot": graph.DOT, "mermaid": graph.Mermaid, "svg": graph.SVG}

func graphCommand() *cobra.Command {
	var flags planFlags
	cmd := &cobra.Command{
		Use:   "graph [flags] FILE",
		Short: "Draw a workflow file",
		Long: `Graph reads a workflow file, or - for standard input, checks it as validate does, and draws its plan: as DOT
for Graphviz, as Mermaid for Markdown, or as SVG for a browser. Dashed arrows are gates, thick ones
pair the children of arrays.

Exit status: 0 it was drawn, 1 AWS Batch would refuse something, 2 something could not be read.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			form, ok := drawings[flags.output]
			if !ok {
				return fmt.Errorf("--output must be dot, mermaid or svg, found %q", flags.output)
			}
			plan, err := loadPlan(cmd, args[0], flags.set)
			if err != nil {
				return err
			}
			_, err = cmd.OutOrStdout().Write(form(plan))
			return err
		},
	}
	f := cmd.Flags()
	f.StringVarP(&flags.output, "output", "o", "dot", "form of the drawing: dot, mermaid or svg")
	setFlag(f, &flags.set)
	return cmd
}
