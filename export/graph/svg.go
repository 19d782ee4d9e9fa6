package graph

import (
	"fmt"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/batchkit/batchkit-go/batchkit"
)

// SVG returns the plan as a picture, with a column for each wave, that any browser shows, in dark mode too. Hovering
// over a job shows its whole name.
func SVG(p *batchkit.Plan) []byte {
	d := draw(p)
	l := arrange(d)
	s := sheet{drawing: d, layout: l}
	s.measure()
	return s.paint()
}

// A sheet is a layout with its measures.
type sheet struct {
	drawing
	layout
	x, width     []float64 // of the columns
	top          float64   // the least y
	right, below float64
}

func (s *sheet) measure() {
	s.x, s.width = make([]float64, len(s.columns)), make([]float64, len(s.columns))
	x, bottom := float64(margin), 0.0
	s.top = math.Inf(1)
	for k, column := range s.columns {
		for _, i := range column {
			v := &s.vertices[i]
			s.top, bottom = min(s.top, v.y-v.height/2), max(bottom, v.y+v.height/2)
			if v.node >= 0 {
				s.width[k] = max(s.width[k], s.boxWidth(v.node))
			}
		}
		s.x[k] = x
		x += s.width[k] + columnGap
	}
	if len(s.columns) == 0 {
		s.top = 0
	}
	s.right, s.below = max(x-columnGap, 0)+margin, bottom-s.top+2*margin
}

func (s *sheet) boxWidth(node int) float64 {
	if s.nodes[node].barrier {
		return barrierSize
	}
	return max(minBox, float64(utf8.RuneCountInString(shortened(s.nodes[node].label)))*charWidth+2*boxPadding)
}

// shortened cuts a label that would make its column too wide; the tooltip has the whole.
func shortened(label string) string {
	runes := []rune(label)
	if len(runes) <= longestLabel {
		return label
	}
	half := longestLabel / 2
	return string(runes[:half]) + "…" + string(runes[len(runes)-half:])
}

const style = `<style>
text{font:12px ui-sans-serif,system-ui,sans-serif;fill:#1f2328;text-anchor:middle}
rect,circle{fill:#f6f8fa;stroke:#57606a}
path{fill:none;stroke:#57606a}
.gate{stroke-dasharray:5 4}
path.failure{stroke:#cf222e}
.pairs{stroke-width:2.5}
#tip path{fill:#57606a;stroke:none}
@media(prefers-color-scheme:dark){text{fill:#e6edf3}rect,circle{fill:#161b22;stroke:#8b949e}path{stroke:#8b949e}#tip path{fill:#8b949e}path.failure{stroke:#ff7b72}}
</style>
<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0L8 4L0 8z"/></marker></defs>
`

func (s *sheet) paint() []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" width=\"%.0f\" height=\"%.0f\" role=\"img\">\n",
		s.right, s.below, s.right, s.below)
	fmt.Fprintf(&b, "<title>%s</title>\n", escape(s.name))
	b.WriteString(style)
	for i, e := range s.edges {
		s.paintEdge(&b, e, s.lines[i])
	}
	for i := range s.nodes {
		s.paintNode(&b, i)
	}
	b.WriteString("</svg>\n")
	return []byte(b.String())
}

// y is where a vertex is on the sheet.
func (s *sheet) y(i int) float64 { return s.vertices[i].y - s.top + margin }

// sides are where arrows reach a vertex and leave it.
func (s *sheet) sides(i int) (left, right float64) {
	v := &s.vertices[i]
	x, width := s.x[v.column], s.width[v.column]
	if v.node >= 0 {
		own := s.boxWidth(v.node)
		return x + (width-own)/2, x + (width+own)/2
	}
	return x, x + width
}

func (s *sheet) paintEdge(b *strings.Builder, e edge, line []int) {
	class := ""
	switch {
	case e.pairs:
		class = ` class="pairs"`
	case e.failure:
		class = ` class="gate failure"`
	case e.gate != "":
		class = ` class="gate"`
	}
	fmt.Fprintf(b, `<path%s marker-end="url(#tip)" d="`, class)
	_, x := s.sides(line[0])
	fmt.Fprintf(b, "M%.1f %.1f", x, s.y(line[0]))
	for k := 1; k < len(line); k++ {
		left, right := s.sides(line[k])
		before, y := s.y(line[k-1]), s.y(line[k])
		middle := (x + left) / 2
		fmt.Fprintf(b, "C%.1f %.1f %.1f %.1f %.1f %.1f", middle, before, middle, y, left, y)
		if k < len(line)-1 {
			fmt.Fprintf(b, "H%.1f", right)
		}
		x = right
	}
	about := s.nodes[e.from].name + " → " + s.nodes[e.to].name
	switch {
	case e.pairs:
		about += " (N_TO_N)"
	case e.gate != "":
		about += " (" + e.gate + ")"
	}
	fmt.Fprintf(b, "\"><title>%s</title></path>\n", escape(about))
}

func (s *sheet) paintNode(b *strings.Builder, i int) {
	n := s.nodes[i]
	left, right := s.sides(i)
	x, y := (left+right)/2, s.y(i)
	fmt.Fprintf(b, "<g><title>%s</title>", escape(n.label))
	if n.barrier {
		fmt.Fprintf(b, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%d\"/></g>\n", x, y, barrierSize/2)
		return
	}
	box := func(by float64) {
		fmt.Fprintf(b, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%d\" rx=\"6\"/>", left+by, y-boxHeight/2+by, right-left, boxHeight)
	}
	if n.array { // a second box behind the first
		box(3)
	}
	box(0)
	fmt.Fprintf(b, "<text x=\"%.1f\" y=\"%.1f\" dy=\".35em\">%s</text></g>\n", x, y, escape(shortened(n.label)))
}

// escape makes a text part of the XML; what XML cannot hold is replaced.
func escape(text string) string {
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0xfffe || r == 0xffff {
			return '\ufffd'
		}
		return r
	}, strings.ToValidUTF8(text, "\ufffd"))
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;").Replace(text)
}
