package main

import (
	"fmt"
	"time"

	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/parts"
)

const (
	image         = "acme/transcode:1"
	executionRole = "arn:aws:iam::123456789012:role/transcode-exec" // pulls the image, creates and writes the log
	jobRole       = "arn:aws:iam::123456789012:role/transcode-job"  // what the program itself may do
)

// transcode is a job with a disk that holds a film, and a log group of its own. It is run where Fargate has room, on
// Spot capacity too.
func transcode(vcpu float64, memory batchkit.Memory) batchkit.Definition[batchkit.ContainerOverride] {
	return batchkit.Define("transcode",
		batchkit.Fargate(image).
			VCPU(vcpu).Memory(memory).
			EphemeralStorage(100). // GiB
			RuntimePlatform("LINUX", "X86_64").
			PlatformVersion("1.4.0").
			AssignPublicIP().
			ExecutionRole(executionRole).JobRole(jobRole).
			LogConfiguration(parts.AWSLogs(parts.AWSLogsOptions{
				Group: "/acme/transcode", StreamPrefix: "film", CreateGroup: true,
			})).
			Command("transcode", film.Ref())).
		Retry(5, batchkit.RetryOn(batchkit.FargateSpotReclaim(), batchkit.ImagePullFailure())...).
		Timeout(6 * time.Hour)
}

var film = batchkit.Parameter("film")

// smallest returns the least memory, from what is needed upwards, that Fargate has with so many virtual CPUs.
// The rules of the service know the sizes, so nobody needs a second table.
func smallest(vcpu float64, needed batchkit.Memory) (batchkit.Memory, error) {
	const most = 120 * batchkit.GiB
	if transcode(vcpu, needed).Check().Err() == nil {
		return needed, nil
	}
	for memory := (needed/512 + 1) * 512; memory <= most; memory += 512 * batchkit.MiB {
		if transcode(vcpu, memory).Check().Err() == nil {
			return memory, nil
		}
	}
	return 0, fmt.Errorf("no size of Fargate has %v vCPU and %d MiB or more", vcpu, needed)
}
