package task

import (
	"fmt"
	"math"
	"strconv"
)

// The variables of AWS Batch, and those that batchkit gives to the parts of a cut array.
const (
	envJobID              = "AWS_BATCH_JOB_ID"
	envAttempt            = "AWS_BATCH_JOB_ATTEMPT"
	envQueue              = "AWS_BATCH_JQ_NAME"
	envComputeEnvironment = "AWS_BATCH_CE_NAME"
	envArrayIndex         = "AWS_BATCH_JOB_ARRAY_INDEX"
	envArraySize          = "AWS_BATCH_JOB_ARRAY_SIZE"
	envNodeIndex          = "AWS_BATCH_JOB_NODE_INDEX"
	envNodes              = "AWS_BATCH_JOB_NUM_NODES"
	envMainIndex          = "AWS_BATCH_JOB_MAIN_NODE_INDEX"
	envMainAddress        = "AWS_BATCH_JOB_MAIN_NODE_PRIVATE_IPV4_ADDRESS"
	envOffset             = "BATCHKIT_ARRAY_OFFSET"
	envSize               = "BATCHKIT_ARRAY_SIZE"
)

// VariableError says that a variable is missing or has a value that it cannot have. The value itself is not in it.
type VariableError struct {
	// Name is the variable's.
	Name string
	// Want says what it should be.
	Want string
	// Missing says that it is not set.
	Missing bool
}

// Error names the variable and what it should be.
func (e *VariableError) Error() string {
	found := "found something else"
	if e.Missing {
		found = "is not set"
	}
	return fmt.Sprintf("task: %s must be %s, %s", e.Name, e.Want, found)
}

// variables reads numbers and keeps what is wrong with them.
type variables struct {
	lookup func(string) (string, bool)
	errs   []error
}

const required = true

func (v *variables) has(name string) bool {
	_, ok := v.lookup(name)
	return ok
}

// number reads a whole number, which is 0 where there is none.
func (v *variables) number(name string, least int, needed bool) int {
	text, ok := v.lookup(name)
	if !ok && !needed {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > math.MaxInt32 {
		v.errs = append(v.errs, &VariableError{Name: name, Want: "a whole number, at least " + strconv.Itoa(least), Missing: !ok})
		return 0
	}
	return n
}

func (v *variables) array() *Array {
	a := &Array{Index: v.number(envArrayIndex, 0, required) + v.number(envOffset, 0, !required)}
	a.Size = v.number(envSize, 1, !required)
	if !v.has(envSize) {
		a.Size = v.number(envArraySize, 1, !required)
	}
	if a.Size > 0 && a.Index >= a.Size && len(v.errs) == 0 {
		v.errs = append(v.errs, &VariableError{Name: envArrayIndex, Want: "less than the size of the array"})
	}
	return a
}

func (v *variables) nodes() *Nodes {
	n := &Nodes{
		Index: v.number(envNodeIndex, 0, required),
		Main:  v.number(envMainIndex, 0, required),
		Count: v.number(envNodes, 1, required),
	}
	n.MainAddress, _ = v.lookup(envMainAddress)
	return n
}
