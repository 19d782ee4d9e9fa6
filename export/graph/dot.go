package graph

import (
	"fmt"
	"strings"

	"github.com/batchkit/batchkit-go/batchkit"
)

// DOT returns the plan in the language of Graphviz: https://graphviz.org/doc/info/lang.html. Nodes bear the names of the
// steps.
func DOT(p *batchkit.Plan) []byte {
	d := draw(p)
	var b strings.Builder
	fmt.Fprintf(&b, "digraph %s {\n\trankdir=LR\n\tnode [shape=box style=rounded fontname=\"sans-serif\"]\n", dotID(d.name))
	for _, n := range d.nodes {
		attributes := ""
		switch {
		case n.barrier:
			attributes = " shape=plaintext"
		case n.array:
			attributes = " peripheries=2"
		}
		fmt.Fprintf(&b, "\t%s [label=%s%s]\n", dotID(n.name), dotID(n.label), attributes)
	}
	for _, e := range d.edges {
		fmt.Fprintf(&b, "\t%s -> %s", dotID(d.nodes[e.from].name), dotID(d.nodes[e.to].name))
		switch {
		case e.pairs:
			b.WriteString(" [color=\"black:invis:black\" tooltip=N_TO_N]")
		case e.gate != "":
			fmt.Fprintf(&b, " [style=dashed label=%s]", dotID(e.gate))
		}
		b.WriteString("\n")
	}
	b.WriteString("}\n")
	return []byte(b.String())
}

// dotID quotes a text. Within quotes a backslash stays one, but \n, \l and \N mean something in a label.
func dotID(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", " ").Replace(text) + `"`
}
