package main

import (
	"bytes"
	"fmt"
	"io"
	"unicode/utf8"

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
for Graphviz, as Mermaid for Markdown, or as SVG for a browser. Dashed arrows are gates, in SVG red where a
failure opens them; thick ones pair the children of arrays. Mermaid draws no more than 500 arrows unless it
is configured to; SVG has no limit.

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
			drawing := form(plan)
			if flags.output == "mermaid" {
				noteMermaid(cmd.ErrOrStderr(), drawing, len(plan.Steps))
			}
			_, err = cmd.OutOrStdout().Write(drawing)
			return err
		},
	}
	f := cmd.Flags()
	f.StringVarP(&flags.output, "output", "o", "dot", "form of the drawing: dot, mermaid or svg")
	setFlag(f, &flags.set)
	return cmd
}

// What Mermaid draws of a text, unless it is configured to draw more, which the text itself cannot do:
// https://mermaid.js.org/config/schema-docs/config.html.
const (
	mermaidArrows = 500
	mermaidSize   = 50_000
)

// noteMermaid says so if Mermaid will refuse a drawing.
func noteMermaid(w io.Writer, drawing []byte, jobs int) {
	arrows := bytes.Count(drawing, []byte("\n")) - 1 - jobs // a line each, after one for the kind of the drawing
	size := utf8.RuneCount(drawing)
	if arrows > mermaidArrows || size > mermaidSize {
		fmt.Fprintf(w, "batchkit: Mermaid draws %d arrows and %d characters at the most, this has %d and %d: raise maxEdges and maxTextSize "+
			"in the configuration of what draws it, or use -o svg\n", mermaidArrows, mermaidSize, arrows, size)
	}
}
