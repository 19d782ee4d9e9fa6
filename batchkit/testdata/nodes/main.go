// Command nodes makes groups of nodes that AWS Batch does not know, and overrides that do not fit. It must not compile.
package main

import (
	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/ecsprops"
	"github.com/batchkit/batchkit-go/eksprops"
)

func main() {
	container := batchkit.EC2("busybox")
	task := ecsprops.EC2(ecsprops.Essential("app", "busybox"))
	pod := eksprops.Pod(eksprops.App("app", "busybox"))

	_ = batchkit.Main(batchkit.Fargate("busybox"))                                   // want: FargateContainer
	_ = batchkit.Workers(7, batchkit.Fargate("busybox"))                             // want: FargateContainer
	_ = batchkit.Group("a", 2, ecsprops.Fargate(ecsprops.Essential("a", "busybox"))) // want: FargateTask
	_ = batchkit.Main(batchkit.Nodes(batchkit.Main(container)))                      // want: does not satisfy batchkit.NodeChange
	_ = batchkit.Nodes(batchkit.Main(container), batchkit.Workers(7, task))          // want: NodeGroup[
	_ = batchkit.Nodes(batchkit.Main(task), batchkit.Workers(7, pod))                // want: NodeGroup[
	_ = batchkit.Nodes(batchkit.Workers(7, container))                               // want: NodeGroup[
	_ = batchkit.Nodes(batchkit.Main(container), batchkit.Main(container))           // want: MainGroup[
	_ = batchkit.Nodes[batchkit.ContainerOverride]()                                 // want: not enough arguments

	nodes := batchkit.Nodes(batchkit.Main(container))
	_ = nodes.Override().For("main", ecsprops.Override())                                      // want: ecsprops.Overrides) as batchkit.ContainerOverride value
	_ = batchkit.Job("a", "queue", batchkit.Define("a", nodes)).Override(batchkit.Override())  // want: ContainerOverride) as batchkit.NodeOverrides[
	_ = batchkit.Job("b", "queue", batchkit.Define("b", container)).Override(nodes.Override()) // want: as batchkit.ContainerOverride value
}
