// Command pod gives pods the overrides of containers and tasks, and the other way round. It must not compile.
package main

import (
	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/ecsprops"
	"github.com/batchkit/batchkit-go/eksprops"
)

func main() {
	pod := batchkit.Define("pod", eksprops.Pod(eksprops.App("app", "busybox")))
	_ = batchkit.Job("a", "queue", pod).Override(batchkit.Override())                      // want: ContainerOverride) as eksprops.Overrides value
	_ = batchkit.Job("b", "queue", pod).Override(ecsprops.Override())                      // want: ecsprops.Overrides) as eksprops.Overrides value
	_ = batchkit.Job("c", "queue", batchkit.EKSRef("pod:3")).Override(batchkit.Override()) // want: ContainerOverride) as eksprops.Overrides value
	_ = batchkit.Job("d", "queue", batchkit.ECSRef("two:3")).Override(eksprops.Override()) // want: eksprops.Overrides) as ecsprops.Overrides value
}
