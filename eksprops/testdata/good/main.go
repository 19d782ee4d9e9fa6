// Command good uses what the others misuse. It compiles.
package main

import "github.com/batchkit/batchkit-go/eksprops"

func main() {
	tool := eksprops.Init("tool", "busybox").CPURequest(0.25)
	app := eksprops.App("app", "busybox").CPURequest(0.25)
	_ = eksprops.Pod(app, app).Init(tool, tool).DNSPolicy(eksprops.DNSDefault)
	_ = eksprops.Override(eksprops.For("app").CPU(1)).Init(eksprops.For("tool").CPU(1))
}
