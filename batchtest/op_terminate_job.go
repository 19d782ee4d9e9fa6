package batchtest

// TerminateJob
//
// The containers of a job in STARTING or RUNNING are stopped: their context is
// cancelled, and what has not ended after its stop timeout is left to itself
// with exit code 137. The job is then FAILED with the reason given, without a
// retry; until then it keeps its status, but isTerminated is set. In earlier
// states the job is cancelled as by CancelJob. On a job that has ended the
// call does nothing. Terminating the parent of an array does it to all
// children, terminating a multi-node parallel job to all nodes; a single node is
// refused.
//
// reason is required and has at most 1024 characters.

import "github.com/aws/aws-sdk-go-v2/service/batch"

func (s *Server) terminateJob(in *batch.TerminateJobInput) (*batch.TerminateJobOutput, error) {
	return &batch.TerminateJobOutput{}, s.endJob(in.JobId, in.Reason, (*Server).terminate)
}
