package batchkit_test

import (
	"errors"
	"fmt"

	"github.com/batchkit/batchkit-go/batchjson"
	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/ecsprops"
	"github.com/batchkit/batchkit-go/eksprops"
	"github.com/batchkit/batchkit-go/validate"
)

// A main node and seven workers. The ranges follow from the numbers of nodes.
func ExampleNodes() {
	solver := batchkit.EC2("acme/solver:1").VCPU(36).Memory(180 * batchkit.GiB)
	nodes := batchkit.Nodes(
		batchkit.Main(solver.Command("solve", "--coordinate")),
		batchkit.Workers(7, solver.Command("solve")).ConsumableResource("solver-license", 7)).
		InstanceType("c5n.18xlarge")

	in, err := batchkit.Define("solve", nodes).Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range in.NodeProperties.NodeRangeProperties {
		fmt.Println(*r.TargetNodes, r.Container.Command, *r.Container.InstanceType)
	}
	fmt.Println(*in.NodeProperties.NumNodes, "nodes, main node", *in.NodeProperties.MainNode)
	// Output:
	// 0:0 [solve --coordinate] c5n.18xlarge
	// 1: [solve] c5n.18xlarge
	// 8 nodes, main node 0
}

// Eight nodes that all run the same task of two containers; the first of them is the main node.
func ExampleMainAmong() {
	rank := ecsprops.EC2(
		ecsprops.Essential("rank", "acme/mpi:1").VCPU(8).Memory(16384),
		ecsprops.NonEssential("metrics", "acme/metrics:1").VCPU(1).Memory(128))
	nodes := batchkit.Nodes(batchkit.MainAmong("ranks", 8, rank))

	p := nodes.Properties()
	fmt.Println(*p.NodeRangeProperties[0].TargetNodes, *p.NumNodes)
	// Output: 0: 8
}

// Groups of pods with names of their own.
func ExampleGroup() {
	trainer := eksprops.App("train", "acme/train:1").CPU(8).Memory(32768)
	nodes := batchkit.Nodes(
		batchkit.Main(eksprops.Pod(trainer.Args("--serve"))),
		batchkit.Group("loaders", 2, eksprops.Pod(trainer.Args("--load"))),
		batchkit.Group("trainers", 4, eksprops.Pod(trainer.GPU(8))))

	for _, r := range nodes.Properties().NodeRangeProperties {
		fmt.Println(*r.TargetNodes, r.EksProperties.PodProperties.Containers[0].Args)
	}
	// Output:
	// 0:0 [--serve]
	// 1:2 [--load]
	// 3: []
}

// A job changes its groups by name, and asks for more nodes than the definition.
func ExampleMultiNode_Override() {
	solver := batchkit.EC2("acme/solver:1").VCPU(4).Memory(8 * batchkit.GiB)
	nodes := batchkit.Nodes(batchkit.Main(solver), batchkit.Workers(7, solver))
	def := batchkit.Define("solve", nodes)

	big := nodes.Override().
		For("workers", batchkit.Override().Env("PRECISION", "double")).
		NumNodes(64)
	in, err := batchkit.Job("solve-double", "mpi", def).Override(big).Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	json, err := batchjson.Marshal(in.NodeOverrides)
	fmt.Println(string(json), err)

	_, err = batchkit.Job("solve-typo", "mpi", def).Override(nodes.Override().For("wrokers", batchkit.Override())).Build()
	var invalid *validate.InvalidError
	if errors.As(err, &invalid) {
		fmt.Println(invalid.Findings[0].Rule, invalid.Findings[0].Message)
	}
	// Output:
	// {"nodePropertyOverrides":[{"targetNodes":"1:","containerOverrides":{"environment":[{"name":"PRECISION","value":"double"}]}}],"numNodes":64} <nil>
	// OVR019 must be a whole range of the definition, found "wrokers": it has "0:0", "1:"
}

// A definition that is registered already, whose ranges are known and whose groups have no names.
func ExampleNodesRef() {
	def := batchkit.NodesRef[ecsprops.Overrides]("solve:3")
	job := batchkit.Job("solve", "mpi", def).Override(
		batchkit.OverrideNodes("1:", ecsprops.Override(ecsprops.For("rank").Memory(32768))).NumNodes(16))

	json, err := batchjson.Marshal(job.Input().NodeOverrides)
	fmt.Println(string(json), err)
	// Output:
	// {"nodePropertyOverrides":[{"targetNodes":"1:","ecsPropertiesOverride":{"taskProperties":[{"containers":[{"name":"rank","resourceRequirements":[{"type":"MEMORY","value":"32768"}]}]}]}}],"numNodes":16} <nil>
}
