package graph_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/export/graph"
	"github.com/batchkit/batchkit-go/internal/golden"
)

// add adds a job, an array if it has a size.
func add(w *batchkit.Workflow, name string, size int32, dependencies ...batchkit.Dependency) batchkit.Node {
	in := &batch.SubmitJobInput{JobName: &name, JobQueue: aws.String("default"), JobDefinition: aws.String("noop:1")}
	if size > 0 {
		in.ArrayProperties = &types.ArrayProperties{Size: &size}
	}
	return w.AddInput(in, dependencies...)
}

func planOf(t *testing.T, w *batchkit.Workflow) *batchkit.Plan {
	t.Helper()
	p, err := w.Plan()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// nightly has all that a drawing can show: arrays, pairs of children, gates, a barrier.
func nightly(t *testing.T) *batchkit.Plan {
	t.Helper()
	w := batchkit.NewWorkflow("nightly")
	w.Barrier(batchkit.Job("barrier", "default", batchkit.ContainerRef("noop:1")))
	prepare := add(w, "prepare", 0)
	reports := add(w, "reports", 12, batchkit.After(prepare))
	check := add(w, "check", 12, batchkit.NToN(reports), batchkit.Sequential())
	mail := add(w, "mail", 0, batchkit.After(check))
	add(w, "clean", 0, batchkit.AfterEnd(prepare, mail))
	add(w, "alarm", 0, batchkit.AfterFailure(check))
	add(w, "invoice", 0, batchkit.When("last day", func(batchkit.JobResult) bool { return true }, mail))
	var many []batchkit.Node
	for i := range 21 {
		many = append(many, add(w, "tenant-"+strconv.Itoa(i), 0, batchkit.After(prepare)))
	}
	add(w, "sum", 0, batchkit.After(many...))
	return planOf(t, w)
}

func TestGolden(t *testing.T) {
	t.Parallel()
	p := nightly(t)
	golden.Check(t, "testdata/nightly.dot", string(graph.DOT(p)))
	golden.Check(t, "testdata/nightly.mmd", string(graph.Mermaid(p)))
	golden.Check(t, "testdata/nightly.svg", string(graph.SVG(p)))
}

// odd is a plan from elsewhere, whose names and waves no workflow would take.
func odd() *batchkit.Plan {
	in := &batch.SubmitJobInput{}
	return &batchkit.Plan{Name: "</title>\x01\"\\", Steps: []batchkit.Step{
		{Name: `a "b" \ <c> & #d`, Job: "x", Input: in, Wave: -7},
		{Name: strings.Repeat("long-", 40), Job: "y", Wave: 1 << 40, Gates: []batchkit.Gate{{On: "x", When: batchkit.GateCondition, Condition: "\"<&>\"\n--> n7"}}},
	}}
}

func TestSVGIsXML(t *testing.T) {
	t.Parallel()
	for name, p := range map[string]*batchkit.Plan{"nightly": nightly(t), "odd": odd(), "empty": {}} {
		dec := xml.NewDecoder(bytes.NewReader(graph.SVG(p)))
		for {
			_, err := dec.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
	}
}

func TestMermaidNamesStayWithinTheirQuotes(t *testing.T) {
	t.Parallel()
	lines := strings.Split(strings.TrimSpace(string(graph.Mermaid(odd()))), "\n")
	if len(lines) != 4 {
		t.Fatalf("two nodes and an arrow are %d lines, want 4:\n%s", len(lines), strings.Join(lines, "\n"))
	}
	for _, line := range lines[1:] {
		if n := strings.Count(line, `"`); n != 2 {
			t.Errorf("%d quotes, want 2: %s", n, line)
		}
	}
}

func TestDOTIsDOT(t *testing.T) {
	t.Parallel()
	dot, err := exec.LookPath("dot")
	if err != nil {
		t.Skip("Graphviz is not installed, so nobody reads the DOT")
	}
	for name, p := range map[string]*batchkit.Plan{"nightly": nightly(t), "odd": odd(), "empty": {}} {
		cmd := exec.CommandContext(t.Context(), dot, "-Tplain")
		cmd.Stdin = bytes.NewReader(graph.DOT(p))
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", name, err, out)
		}
		if got := strings.Count("\n"+string(out), "\nnode "); got != len(p.Steps) {
			t.Errorf("%s: Graphviz sees %d nodes, want %d", name, got, len(p.Steps))
		}
	}
}

// rectangle finds the box of a node in an SVG. The second box of an array, which is behind the first, is not wanted.
var rectangle = regexp.MustCompile(`<rect x="([-0-9.]+)" y="([-0-9.]+)" width="([0-9.]+)" height="([0-9.]+)" rx="6"/><text`)

// Whatever the graph, the boxes of an SVG do not overlap, and lie within the picture.
func TestBoxesDoNotOverlap(t *testing.T) {
	t.Parallel()
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 0))
		w := batchkit.NewWorkflow("random")
		var all []batchkit.Node
		for i := range 2 + r.IntN(60) {
			var dependencies []batchkit.Dependency
			for range min(i, r.IntN(4)) {
				dependencies = append(dependencies, batchkit.After(all[r.IntN(i)]))
			}
			all = append(all, add(w, fmt.Sprintf("job-%d", i), int32(r.IntN(2)*(2+r.IntN(9))), dependencies...))
		}
		svg := string(graph.SVG(planOf(t, w)))
		var width, height float64
		if _, err := fmt.Sscanf(svg, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %f %f"`, &width, &height); err != nil {
			t.Fatal(err)
		}
		var boxes [][4]float64 // left, top, right, bottom
		for _, m := range rectangle.FindAllStringSubmatch(svg, -1) {
			var v [4]float64
			for k := range v {
				f, err := strconv.ParseFloat(m[k+1], 64)
				if err != nil {
					t.Fatal(err)
				}
				v[k] = f
			}
			boxes = append(boxes, [4]float64{v[0], v[1], v[0] + v[2], v[1] + v[3]})
		}
		if len(boxes) != len(all) {
			t.Fatalf("seed %d: %d boxes for %d jobs", seed, len(boxes), len(all))
		}
		for i, a := range boxes {
			if a[0] < 0 || a[1] < 0 || a[2] > width || a[3] > height {
				t.Errorf("seed %d: box %d is outside the picture", seed, i)
			}
			for k, b := range boxes[:i] {
				if a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3] {
					t.Errorf("seed %d: boxes %d and %d overlap", seed, i, k)
				}
			}
		}
	}
}

func BenchmarkSVG(b *testing.B) {
	w := batchkit.NewWorkflow("large")
	r := rand.New(rand.NewPCG(1, 1))
	var all []batchkit.Node
	for i := range 500 {
		var dependencies []batchkit.Dependency
		for range min(i, 2) {
			dependencies = append(dependencies, batchkit.After(all[max(0, i-1-r.IntN(40))]))
		}
		all = append(all, add(w, fmt.Sprintf("job-%d", i), 0, dependencies...))
	}
	p, err := w.Plan()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		graph.SVG(p)
	}
}

// A plan that is nil has nothing to show.
func TestNil(t *testing.T) {
	t.Parallel()
	for name, draw := range map[string]func(*batchkit.Plan) []byte{"dot": graph.DOT, "mermaid": graph.Mermaid, "svg": graph.SVG} {
		if got, want := draw(nil), draw(&batchkit.Plan{}); !bytes.Equal(got, want) {
			t.Errorf("%s: %s, not %s", name, got, want)
		}
	}
}
