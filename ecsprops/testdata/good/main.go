// Command good uses what the others misuse. It compiles.
package main

import "github.com/batchkit/batchkit-go/ecsprops"

func main() {
	tool := ecsprops.NonEssential("tool", "busybox")
	router := ecsprops.Essential("router", "busybox")
	app := ecsprops.Essential("app", "busybox").AfterStart(router).AfterStart(tool).AfterComplete(tool).AfterSuccess(tool)
	_ = ecsprops.EC2(tool, router, app).HostVolume("data", "/data").IPCMode("task")
	_ = ecsprops.Fargate(tool, router, app).PlatformVersion("1.4.0").EphemeralStorage(50)
}
