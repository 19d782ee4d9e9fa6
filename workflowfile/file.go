package workflowfile

import (
	"github.com/aws/aws-sdk-go-v2/service/batch"

	"github.com/batchkit/batchkit-go/internal/source"
	"github.com/batchkit/batchkit-go/internal/tree"
)

// File is a workflow file that has been read, with its values filled in. Make one with [Read] or [Parse].
type File struct {
	// Path is the name of the file, as it was given.
	Path string `json:"-"`
	// Name is the workflow's; run ids begin with it. 1 to 64 letters, digits, hyphens and underscores.
	Name string `json:"name" validate:"required,max=64,runname"`
	// Queue is the name or ARN of the queue of all jobs that name none.
	Queue string `json:"queue"`
	// Definitions are to be registered, by the name that jobs use for them. The definition's own name is that name
	// where it says none. One that no job uses is neither judged nor registered.
	Definitions map[string]Definition `json:"definitions"`
	// Barrier makes the small jobs between a job and more than 20 that it waits for; nil if there may be none.
	Barrier *Barrier `json:"barrier"`
	// Jobs are in the order of the file, those with each already made one job for each of its elements.
	Jobs []Job `json:"jobs" validate:"required,dive"`

	root *tree.Node // of the file, with the jobs that each has made
}

// Definition is a job definition of a workflow file.
type Definition struct {
	// File is where the definition stands, relative to the workflow file; empty if it stands in the workflow file.
	// The file holds what batchkit validate reads: JSON or YAML of the API, or a CloudFormation template with one
	// definition.
	File string `json:"file"`
	// Input is what will be registered.
	Input *batch.RegisterJobDefinitionInput `json:"-"`

	document *source.Document
}

// Barrier says what barrier jobs are made of: jobs that do nothing and end well.
type Barrier struct {
	// Definition is the name of a definition of the file, or of a registered one.
	Definition string `json:"definition" validate:"required"`
	// Queue is a name or an ARN; the file's where it is empty.
	Queue string `json:"queue" validate:"required"`
}

// Job is a job of a workflow file. Names of other jobs may also be those of jobs with each, as they are written, for all
// that they make.
type Job struct {
	// Name is unique in the file. A job with each makes jobs of that name with -0, -1, … behind it, unless the name
	// has a value of each in it.
	Name string `json:"name" validate:"required"`
	// Definition is the name of a definition of the file, or of a registered one.
	Definition string `json:"definition" validate:"required"`
	// Queue is a name or an ARN; the file's where it is empty.
	Queue string `json:"queue" validate:"required"`
	// After are jobs that must have succeeded. In the file, one name or a list, as for those that follow.
	After []string `json:"after" validate:"dive,required"`
	// AfterEnd are jobs that must have ended, however.
	AfterEnd []string `json:"afterEnd" validate:"dive,required"`
	// AfterFailure are jobs that must have ended, one of them with a failure; else this job is not run.
	AfterFailure []string `json:"afterFailure" validate:"dive,required"`
	// NToN are arrays of the same size; each child waits for the child of its index.
	NToN []string `json:"nToN" validate:"dive,required"`
	// Sequential runs the children of an array one after another.
	Sequential bool `json:"sequential"`
	// Array is the number of children; 0 for a job that is no array.
	Array int `json:"array" validate:"omitempty,min=2"`
	// Submit has the other members of SubmitJob that the file gives.
	Submit *batch.SubmitJobInput `json:"-" validate:"-"`

	group string // the name before each
	path  string // in the file
	node  *tree.Node
	edges [][]tree.Place // of the names in After, AfterEnd, AfterFailure and NToN
}
