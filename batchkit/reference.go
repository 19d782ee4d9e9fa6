package batchkit

import (
	"github.com/aws/aws-sdk-go-v2/service/batch"

	"github.com/batchkit/batchkit-go/ecsprops"
)

// Source is where a job's definition comes from: a [Definition] built here, or a [Reference] to one that is
// registered already. O is the kind of override that its jobs take.
type Source[O any] interface {
	overriddenBy(O)
	source() source
}

// source is a definition to register, or the name of one that is registered.
type source struct {
	definition *batch.RegisterJobDefinitionInput
	registered string
}

// Reference names a definition that is registered already: name, name:revision, or an ARN with or without revision.
// Without a revision the newest active one is meant. O is the kind of override that its jobs take; whoever writes the
// reference vouches for it.
type Reference[O any] struct{ name string }

var (
	_ Source[ContainerOverride]  = Definition[ContainerOverride]{}
	_ Source[ContainerOverride]  = Reference[ContainerOverride]{}
	_ Source[ecsprops.Overrides] = Reference[ecsprops.Overrides]{}
)

// ContainerRef names a registered definition with containerProperties. Its jobs take a [ContainerOverride].
func ContainerRef(name string) Reference[ContainerOverride] {
	return Reference[ContainerOverride]{name}
}

// ECSRef names a registered definition with ecsProperties. Its jobs take [ecsprops.Overrides]: AWS Batch refuses
// containerOverrides for them, and so does the compiler.
func ECSRef(name string) Reference[ecsprops.Overrides] {
	return Reference[ecsprops.Overrides]{name}
}

func (r Reference[O]) overriddenBy(O) {}

func (r Reference[O]) source() source { return source{registered: r.name} }
