// Command essential waits for the end of an essential container, with which the task itself ends. It must not compile.
package main

import "github.com/batchkit/batchkit-go/ecsprops"

func main() {
	db := ecsprops.Essential("db", "busybox")
	_ = ecsprops.Essential("app", "busybox").AfterComplete(db)   // want: EssentialContainer) as ecsprops.NonEssentialContainer value
	_ = ecsprops.NonEssential("log", "busybox").AfterSuccess(db) // want: EssentialContainer) as ecsprops.NonEssentialContainer value
	_ = ecsprops.Fargate(db).HostVolume("data", "/data")         // want: HostVolume undefined
	_ = ecsprops.EC2(db).PlatformVersion("1.4.0")                // want: PlatformVersion undefined
}
