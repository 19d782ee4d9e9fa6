package graph

import (
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchkit"
)

// A drawing is what all forms show of a plan.
type drawing struct {
	name  string
	nodes []node
	edges []edge
}

type node struct {
	name, label string
	wave        int
	barrier     bool
	array       bool
}

// An edge leads from the node that comes first to the one that waits.
type edge struct {
	from, to int
	pairs    bool   // N_TO_N
	gate     string // what opens it; empty for a dependency that AWS Batch keeps
	failure  bool   // a gate that a failure opens
}

func draw(p *batchkit.Plan) drawing {
	if p == nil {
		p = &batchkit.Plan{}
	}
	d := drawing{name: p.Name, nodes: make([]node, len(p.Steps))}
	steps := make(map[string]int, len(p.Steps))
	jobs := make(map[string][]int, len(p.Steps)) // several for an array that is cut
	for i := range p.Steps {
		s := &p.Steps[i]
		d.nodes[i] = node{name: s.Name, label: label(s), wave: min(max(s.Wave, 0), i), barrier: s.Kind == batchkit.StepBarrier, array: size(s) > 0}
		steps[s.Name] = i
		if s.Job != "" {
			jobs[s.Job] = append(jobs[s.Job], i)
		}
	}
	for i := range p.Steps {
		for _, dep := range p.Steps[i].DependsOn {
			if from, ok := steps[dep.On]; ok {
				d.edges = append(d.edges, edge{from: from, to: i, pairs: dep.Type == types.ArrayJobDependencyNToN})
			}
		}
		for _, g := range p.Steps[i].Gates {
			for _, from := range jobs[g.On] {
				d.edges = append(d.edges, edge{from: from, to: i, gate: opening(g), failure: g.When == batchkit.GateFailed})
			}
		}
	}
	return d
}

func size(s *batchkit.Step) int32 {
	if s.Input == nil || s.Input.ArrayProperties == nil {
		return 0
	}
	return aws.ToInt32(s.Input.ArrayProperties.Size)
}

func label(s *batchkit.Step) string {
	n := size(s)
	if n == 0 {
		return s.Name
	}
	text := fmt.Sprintf("%s ×%d", s.Name, n)
	for _, d := range s.DependsOn {
		if d.Type == types.ArrayJobDependencySequential {
			text += " one by one"
		}
	}
	return text
}

func opening(g batchkit.Gate) string {
	switch g.When {
	case batchkit.GateEnded:
		return "at its end"
	case batchkit.GateFailed:
		return "if it fails"
	case batchkit.GateCondition:
		return "when " + g.Condition
	}
	return strings.ToLower(string(g.When))
}
