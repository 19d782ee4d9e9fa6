package validate

import (
	"fmt"
	"strings"
)

// Severity says what a broken rule leads to.
type Severity uint8

// The severities, from the mildest.
const (
	// Info is worth knowing and breaks nothing. Reported only with [Strict].
	Info Severity = iota + 1
	// Warning marks input that the service takes and that is almost surely wrong, or on which the sources disagree.
	Warning
	// Error marks input that the service refuses, or a job that can never run.
	Error
)

// String returns "info", "warning" or "error".
func (s Severity) String() string {
	switch s {
	case Info:
		return "info"
	case Warning:
		return "warning"
	case Error:
		return "error"
	default:
		return fmt.Sprintf("Severity(%d)", uint8(s))
	}
}

// MarshalText makes a severity read as its name in JSON.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Platforms is a set of places where AWS Batch runs a job.
type Platforms uint8

// The platforms. A multi-node job is also an EC2 job.
const (
	EC2 Platforms = 1 << iota
	Fargate
	ManagedInstances
	EKS
	MultiNode

	// ECS is every platform on which Amazon ECS runs the containers.
	ECS = EC2 | Fargate | ManagedInstances
	// All is every platform.
	All = ECS | EKS | MultiNode
)

// String lists the platforms, "EC2, FARGATE" for instance, and "all" for [All].
func (p Platforms) String() string {
	if p == All {
		return "all"
	}
	var names []string
	for _, one := range []struct {
		bit  Platforms
		name string
	}{{EC2, "EC2"}, {Fargate, "FARGATE"}, {ManagedInstances, "MANAGED_INSTANCES"}, {EKS, "EKS"}, {MultiNode, "multi-node"}} {
		if p&one.bit != 0 {
			names = append(names, one.name)
		}
	}
	return strings.Join(names, ", ")
}
