// Command override gives a job an override that does not fit its definition. It must not compile.
package main

import (
	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/ecsprops"
)

func main() {
	one := batchkit.Define("one", batchkit.EC2("busybox"))
	two := batchkit.Define("two", ecsprops.EC2(ecsprops.Essential("app", "busybox")))
	_ = batchkit.Job("a", "queue", two).Override(batchkit.Override().Env("MODE", "fast")) // want: ContainerOverride) as ecsprops.Overrides value
	_ = batchkit.Job("b", "queue", one).Override(ecsprops.Override())                     // want: ecsprops.Overrides) as batchkit.ContainerOverride value
}
