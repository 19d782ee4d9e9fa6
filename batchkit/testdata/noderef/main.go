// Command noderef gives registered definitions overrides that do not fit their nodes. It must not compile.
package main

import (
	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/ecsprops"
)

func main() {
	tasks := batchkit.Job("a", "queue", batchkit.NodesRef[ecsprops.Overrides]("tasks:3"))
	_ = tasks.Override(ecsprops.Override())                                // want: ecsprops.Overrides) as batchkit.NodeOverrides[
	_ = tasks.Override(batchkit.OverrideNodes("1:", batchkit.Override()))  // want: in argument to tasks.Override
	_ = batchkit.NodesRef("tasks:3")                                       // want: cannot infer O
	_ = batchkit.NodesRef[batchkit.NodeOverrides[ecsprops.Overrides]]("a") // want: does not satisfy batchkit.NodeChange
}
