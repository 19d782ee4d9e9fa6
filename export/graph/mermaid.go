package graph

import (
	"fmt"
	"strings"

	"github.com/batchkit/batchkit-go/batchkit"
)

// Mermaid returns the plan as a flowchart that Markdown of GitHub and others show: https://mermaid.js.org/syntax/flowchart.html.
// Mermaid itself refuses more than 500 arrows, and more than 50,000 characters, unless whoever runs it has raised its
// maxEdges and maxTextSize; [SVG] has no such limit.
func Mermaid(p *batchkit.Plan) []byte {
	d := draw(p)
	var b strings.Builder
	b.WriteString("flowchart LR\n")
	for i, n := range d.nodes {
		open, closing := `(`, `)`
		switch {
		case n.barrier:
			open, closing = `{{`, `}}`
		case n.array:
			open, closing = `[[`, `]]`
		}
		fmt.Fprintf(&b, "    n%d%s\"%s\"%s\n", i, open, mermaidText(n.label), closing)
	}
	for _, e := range d.edges {
		arrow := "-->"
		switch {
		case e.pairs:
			arrow = "==>"
		case e.gate != "":
			arrow = `-. "` + mermaidText(e.gate) + `" .->`
		}
		fmt.Fprintf(&b, "    n%d %s n%d\n", e.from, arrow, e.to)
	}
	return []byte(b.String())
}

// mermaidText writes what would end a quoted text, or be taken for markup, as entity codes.
func mermaidText(text string) string {
	return strings.NewReplacer(`#`, "#35;", `"`, "#quot;", `<`, "#lt;", `>`, "#gt;", "`", "#96;", "\n", " ").Replace(text)
}
