// Command good uses what the others misuse. It compiles.
package main

import (
	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/ecsprops"
)

func main() {
	one := batchkit.Define("one", batchkit.EC2("busybox").Privileged())
	two := batchkit.Define("two", ecsprops.Fargate(ecsprops.Essential("app", "busybox")))
	_ = batchkit.Job("a", "queue", one).Override(batchkit.Override().Env("MODE", "fast"))
	_ = batchkit.Job("b", "queue", two).Override(ecsprops.Override(ecsprops.For("app").Env("MODE", "fast")))
	_ = batchkit.Job("c", "queue", batchkit.ContainerRef("one:1")).Override(batchkit.Override())
	_ = batchkit.Job("d", "queue", batchkit.ECSRef("two:1")).Override(ecsprops.Override())
}
