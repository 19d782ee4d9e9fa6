// Command pod mixes up the containers of a pod, and asks for what pods have not. It must not compile.
package main

import "github.com/batchkit/batchkit-go/eksprops"

func main() {
	tool := eksprops.Init("tool", "busybox")
	app := eksprops.App("app", "busybox")
	_ = eksprops.Pod()                           // want: not enough arguments
	_ = eksprops.Pod(tool)                       // want: InitContainer) as eksprops.AppContainer value
	_ = eksprops.Pod(app, tool)                  // want: InitContainer) as eksprops.AppContainer value
	_ = eksprops.Pod(app).Init(app)              // want: AppContainer) as eksprops.InitContainer value
	_ = eksprops.For("app").CPURequest(1)        // want: CPURequest undefined
	_ = eksprops.For("app").Mount("a", "/a")     // want: Mount undefined
	_ = eksprops.Override(app)                   // want: AppContainer) as eksprops.ContainerOverride value
	_ = app.ImagePullPolicy(eksprops.DNSDefault) // want: DNSPolicy) as eksprops.PullPolicy value
}
