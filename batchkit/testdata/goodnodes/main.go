// Command goodnodes uses what the others misuse, with pods and with groups of nodes. It compiles.
package main

import (
	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/ecsprops"
	"github.com/batchkit/batchkit-go/eksprops"
)

func main() {
	task := ecsprops.EC2(ecsprops.Essential("app", "busybox"))
	pod := eksprops.Pod(eksprops.App("app", "busybox"))
	change := eksprops.Override(eksprops.For("app").Env("MODE", "fast"))

	one := batchkit.Define("one", pod)
	_ = batchkit.Job("a", "queue", one).Override(change)
	_ = batchkit.Job("b", "queue", batchkit.EKSRef("one:1")).Override(change)

	containers := batchkit.Nodes(batchkit.Main(batchkit.EC2("busybox")), batchkit.Workers(7, batchkit.EC2("busybox")))
	_ = batchkit.Job("c", "queue", batchkit.Define("c", containers)).
		Override(containers.Override().For("workers", batchkit.Override()).NumNodes(3))
	tasks := batchkit.Nodes(batchkit.MainAmong("all", 8, task))
	_ = batchkit.Job("d", "queue", batchkit.Define("d", tasks)).Override(tasks.Override().For("all", ecsprops.Override()))
	pods := batchkit.Nodes(batchkit.Main(pod), batchkit.Group("gpu", 2, pod), batchkit.Group("cpu", 4, pod))
	_ = batchkit.Job("e", "queue", batchkit.Define("e", pods)).Override(pods.Override().For("gpu", change))
	_ = batchkit.Job("f", "queue", batchkit.NodesRef[eksprops.Overrides]("e:1")).Override(batchkit.OverrideNodes("3:", change))
}
