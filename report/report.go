package report

import "time"

// Report is why a run did not succeed, as far as it could be found out. Its JSON has the names of the tags.
type Report struct {
	// Run is the run's id; empty if it was not given.
	Run string `json:"run,omitempty"`
	// Total is how many jobs the run has, arrays counting as one.
	Total int `json:"total"`
	// Unfinished is how many jobs have not ended, of a run that is still under way.
	Unfinished int `json:"unfinished"`
	// Failed are the jobs that ran and failed, or that the service has lost, in the order of the plan.
	Failed []Job `json:"failed"`
	// NeverStarted are the jobs that did not run because others failed, in the order of the plan.
	NeverStarted []NeverStarted `json:"neverStarted"`
	// Cancelled are the names of the jobs that were ended by a cancellation, or that waited for such jobs only.
	Cancelled []string `json:"cancelled"`
	// Missing says what could not be read, and why. It is empty for a report that is whole.
	Missing []string `json:"missing"`
}

// NeverStarted is a job that did not run.
type NeverStarted struct {
	// Name is the job's name in the plan.
	Name string `json:"name"`
	// Because are the jobs whose failure kept it from running; empty if it was ended before it could run.
	Because []string `json:"because,omitempty"`
	// Reason is the service's status reason, often empty.
	Reason string `json:"reason,omitempty"`
	// Hint says what may be done about a job that could not be placed; empty for others.
	Hint string `json:"hint,omitempty"`
}

// Job is a job that failed, a failed child of an array, or a failed node of a multi-node job.
type Job struct {
	// Name is the job's name in the plan; of a child it is followed by its index in brackets, of a node by # and its index.
	Name string `json:"name"`
	// ID is the job's id.
	ID string `json:"id"`
	// Status is FAILED, but for a job that was lost.
	Status string `json:"status"`
	// Reason is the service's status reason.
	Reason string `json:"reason,omitempty"`
	// Hint says what may be done about it; empty where the cause is not one that is known.
	Hint string `json:"hint,omitempty"`
	// Lost says that the service no longer shows the job, or never did.
	Lost bool `json:"lost,omitempty"`
	// Attempts are in their order. A job that was ended before it ran has none.
	Attempts []Attempt `json:"attempts,omitempty"`
	// Parts are the failed children of an array, or the failed nodes of a multi-node job, by their index.
	Parts []Job `json:"parts,omitempty"`
	// More is how many failed parts there are beyond those of Parts.
	More int `json:"more,omitempty"`
}

// Attempt is one attempt of a job.
type Attempt struct {
	// Number counts from 1.
	Number int `json:"number"`
	// Reason is the service's status reason of the attempt.
	Reason string `json:"reason,omitempty"`
	// Started and Stopped are zero where the service does not tell.
	Started time.Time `json:"started,omitzero"`
	Stopped time.Time `json:"stopped,omitzero"`
	// Pod is the attempt's pod, as namespace/name; empty for what is no pod.
	Pod string `json:"pod,omitempty"`
	// Containers are those of the attempt, the init containers of a pod first.
	Containers []Container `json:"containers,omitempty"`
}

// Container is a container of an attempt.
type Container struct {
	// Name is empty for the only container of containerProperties.
	Name string `json:"name,omitempty"`
	// ExitCode is nil when the container did not run to an end.
	ExitCode *int32 `json:"exitCode,omitempty"`
	// Reason is the service's own, often empty.
	Reason string `json:"reason,omitempty"`
	// Log is where the container wrote; zero where that is not in CloudWatch Logs.
	Log Stream `json:"log,omitzero"`
	// Lines are the last lines that it wrote, of the last attempt only, the oldest first.
	Lines []string `json:"lines,omitempty"`
}

// Stream is a log stream of CloudWatch Logs.
type Stream struct {
	// Group is the log group, /aws/batch/job unless the job's log configuration says otherwise.
	Group string `json:"group"`
	// Region is that of the group, where the log configuration names one; empty for the Region of the job.
	Region string `json:"region,omitempty"`
	// Name is the name of the stream.
	Name string `json:"name"`
	// Container is the name of the container; empty for the only container of containerProperties.
	Container string `json:"container,omitempty"`
	// Attempt counts from 1.
	Attempt int `json:"attempt"`
}
