package task

import (
	"errors"
	"os"
)

// Task is what a container knows about the job that it runs for.
type Task struct {
	// JobID is the id of the job, of the child of an array ("<id>:<index>") or of the node ("<id>#<index>").
	JobID string
	// Queue and ComputeEnvironment are names; empty where AWS Batch does not tell.
	Queue, ComputeEnvironment string
	// Attempt counts from 1.
	Attempt int
	// Array is nil in a job that is no child of an array.
	Array *Array
	// Nodes is nil in a job that is not a multi-node parallel one.
	Nodes *Nodes
}

// Array is the place of a child in its array.
type Array struct {
	// Index counts from 0, over all parts of an array that batchkit has cut.
	Index int
	// Size is the number of children, of all parts; 0 where it is not told: older agents of AWS Batch set it not.
	Size int
}

// Nodes is the place of a node in its multi-node parallel job.
type Nodes struct {
	// Index counts from 0, and so does Main, the index of the main node.
	Index, Main int
	// Count is the number of nodes.
	Count int
	// MainAddress is the private IPv4 address of the main node; empty on the main node itself, which is not told.
	MainAddress string
}

// IsMain reports whether this is the main node.
func (n *Nodes) IsMain() bool { return n.Index == n.Main }

// The errors of a program that runs elsewhere than it thinks.
var (
	// ErrNoJob says that the program does not run in a job of AWS Batch.
	ErrNoJob = errors.New("task: not in a job of AWS Batch: AWS_BATCH_JOB_ID is not set")
	// ErrNoArray says that the job is no child of an array.
	ErrNoArray = errors.New("task: not in an array: AWS_BATCH_JOB_ARRAY_INDEX is not set")
	// ErrNoNodes says that the job is not a multi-node parallel one.
	ErrNoNodes = errors.New("task: not in a multi-node job: AWS_BATCH_JOB_NODE_INDEX is not set")
)

// Read reads the environment. The error is [ErrNoJob], or joins a [*VariableError] for each variable that is wrong.
func Read() (*Task, error) { return From(os.LookupEnv) }

// From is [Read] for variables from elsewhere, by a function like [os.LookupEnv].
func From(lookup func(name string) (value string, ok bool)) (*Task, error) {
	v := variables{lookup: lookup}
	id, ok := lookup(envJobID)
	if !ok {
		return nil, ErrNoJob
	}
	t := &Task{JobID: id, Attempt: v.number(envAttempt, 1, required)}
	t.Queue, _ = lookup(envQueue)
	t.ComputeEnvironment, _ = lookup(envComputeEnvironment)
	if v.has(envArrayIndex) {
		t.Array = v.array()
	}
	if v.has(envNodeIndex) {
		t.Nodes = v.nodes()
	}
	if err := errors.Join(v.errs...); err != nil {
		return nil, err
	}
	return t, nil
}

// Index returns the index of this child of an array, from 0, over all parts of an array that batchkit has cut. The error
// is [ErrNoArray], or joins a [*VariableError] for each variable that is wrong.
func Index() (int, error) {
	v := variables{lookup: os.LookupEnv}
	if !v.has(envArrayIndex) {
		return 0, ErrNoArray
	}
	a := v.array()
	if err := errors.Join(v.errs...); err != nil {
		return 0, err
	}
	return a.Index, nil
}

// Attempt returns which attempt of the job this is, from 1. The error is [ErrNoJob] or a [*VariableError].
func Attempt() (int, error) {
	v := variables{lookup: os.LookupEnv}
	if !v.has(envJobID) {
		return 0, ErrNoJob
	}
	n := v.number(envAttempt, 1, required)
	return n, errors.Join(v.errs...)
}

// Node returns the place of this node in its multi-node parallel job. The error is [ErrNoNodes], or joins a
// [*VariableError] for each variable that is wrong.
func Node() (*Nodes, error) {
	v := variables{lookup: os.LookupEnv}
	if !v.has(envNodeIndex) {
		return nil, ErrNoNodes
	}
	n := v.nodes()
	if err := errors.Join(v.errs...); err != nil {
		return nil, err
	}
	return n, nil
}
