// Command platform asks each platform for what only the other has. It must not compile.
package main

import "github.com/batchkit/batchkit-go/batchkit"

func main() {
	_ = batchkit.EC2("busybox").S3FilesVolume                  // want: S3FilesVolume undefined
	_ = batchkit.Fargate("busybox").Privileged()               // want: Privileged undefined
	_ = batchkit.Fargate("busybox").Ulimit("nofile", 1, 2)     // want: Ulimit undefined
	_ = batchkit.Fargate("busybox").Device("/dev/fuse")        // want: Device undefined
	_ = batchkit.Fargate("busybox").HostVolume("a", "/a", "b") // want: HostVolume undefined
	_ = batchkit.EC2("busybox").PlatformVersion("1.4.0")       // want: PlatformVersion undefined
	_ = batchkit.EC2("busybox").EphemeralStorage(50)           // want: EphemeralStorage undefined
}
