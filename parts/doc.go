// Package parts makes members of a container that have many members themselves: where its log goes, file systems,
// Linux parameters, secrets.
//
//	batchkit.EC2("acme/resize:1").
//		LogConfiguration(parts.AWSLogs(parts.AWSLogsOptions{Group: "/acme/resize", StreamPrefix: "resize"})).
//		LinuxParameters(parts.Linux(parts.LinuxOptions{Init: true, SharedMemory: 2 * parts.GiB}))
//
// Each function returns a struct of the SDK, so the parts fit the containers of package batchkit and of package
// ecsprops alike, and requests that are written by hand. What must be there is an argument; what may be there is a
// member of the options, whose zero value leaves it to the service. Nothing is checked: package validate judges the
// whole.
package parts
