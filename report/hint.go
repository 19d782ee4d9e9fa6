package report

import "strings"

// hints are what to do about causes that are known by the service's words: of a container, or of the job.
var hints = []struct{ reason, hint string }{
	// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
	{"OutOfMemoryError", "it took more memory than it may: give the container more, or less work"},
	// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_cannot_pull_image.html
	{"CannotPullContainerError", "the image could not be pulled: look at its name, at the execution role, and whether the subnets reach the registry"},
	{"ImagePullBackOff", "the image could not be pulled: look at its name, at the pull secret, and whether the nodes reach the registry"},
	{"ErrImagePull", "the image could not be pulled: look at its name, at the pull secret, and whether the nodes reach the registry"},
	{"CannotStartContainerError", "the container could not be started: most often its command or entrypoint is not in the image"},
	{"CannotCreateContainerError", "the container could not be made: look at its volumes, devices and log configuration"},
	{"ResourceInitializationError", "secrets, registry or log group could not be reached: look at the execution role and the network of the subnets"},
	// https://docs.aws.amazon.com/batch/latest/userguide/job_retries.html
	{"Host EC2", "its instance went away, to a Spot reclaim for instance: RetryOn(SpotReclaim()) tries again"},
	{"Your Spot Task was interrupted", "its Spot capacity was reclaimed: RetryOn(SpotReclaim()) tries again"},
	{"Job attempt duration exceeded timeout", "it took longer than its timeout: raise that, or give it less work; a timeout is never retried"},
}

// exitHints are what to do about exit codes that mean the same in most programs.
var exitHints = map[int32]string{
	126: "the command is there and cannot be executed: look at its permissions, and whether the image is for the platform's processor",
	127: "the command was not found in the image",
	137: "it was killed: for want of memory, or because it did not stop when it was asked to",
	139: "it broke off with a segmentation fault: a bug, or an image for another processor",
	143: "it was asked to stop, and did",
}

// hint looks for a cause that is known, in the last attempt before the job as a whole.
func (j *Job) hint() string {
	var last Attempt
	if n := len(j.Attempts); n > 0 {
		last = j.Attempts[n-1]
	}
	reasons := []string{last.Reason, j.Reason}
	for _, c := range last.Containers {
		reasons = append([]string{c.Reason}, reasons...)
	}
	for _, h := range hints {
		for _, r := range reasons {
			if strings.Contains(r, h.reason) {
				return h.hint
			}
		}
	}
	for _, c := range last.Containers {
		if c.ExitCode != nil && exitHints[*c.ExitCode] != "" {
			return exitHints[*c.ExitCode]
		}
	}
	return ""
}
