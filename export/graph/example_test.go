package graph_test

import (
	"fmt"

	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/export/graph"
)

func ExampleMermaid() {
	w := batchkit.NewWorkflow("stress")
	leader := w.Add(batchkit.Job("leader", "default", batchkit.ContainerRef("leader:1")))
	w.Add(batchkit.Job("follower", "default", batchkit.ContainerRef("follower:1")).Array(12), batchkit.After(leader))
	plan, err := w.Plan()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s", graph.Mermaid(plan))
	// Output:
	// flowchart LR
	//     n0("leader")
	//     n1[["follower ×12"]]
	//     n0 --> n1
}
