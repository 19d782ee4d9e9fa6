// Command reference does the same with definitions that are registered already. It must not compile.
package main

import (
	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/ecsprops"
)

func main() {
	_ = batchkit.Job("a", "queue", batchkit.ECSRef("two:3")).Override(batchkit.Override())       // want: ContainerOverride) as ecsprops.Overrides value
	_ = batchkit.Job("b", "queue", batchkit.ContainerRef("one:3")).Override(ecsprops.Override()) // want: ecsprops.Overrides) as batchkit.ContainerOverride value
}
