package batchkit

import (
	"github.com/aws/aws-sdk-go-v2/service/batch"

	"github.com/batchkit/batchkit-go/ecsprops"
	"github.com/batchkit/batchkit-go/eksprops"
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
	made       any // of a definition: equal for those that are surely the same
	registered string
	container  bool // of a registered one: its jobs take a ContainerOverride
}

// Reference names a definition that is registered already: name, name:revision, or an ARN with or without revision.
// Without a revision the newest active one is meant. O is the kind of override that its jobs take; whoever writes the
// reference vouches for it.
type Reference[O any] struct{ name string }

var (
	_ Source[ContainerOverride]  = Definition[ContainerOverride]{}
	_ Source[ContainerOverride]  = Reference[ContainerOverride]{}
	_ Source[ecsprops.Overrides] = Reference[ecsprops.Overrides]{}
	_ Source[eksprops.Overrides] = Reference[eksprops.Overrides]{}
)

// Ref names a registered definition of which it is not known what it runs, for instance one that a file names. Its jobs
// take any override; AWS Batch refuses one that does not fit.
func Ref(name string) Reference[Overriding] { return Reference[Overriding]{name} }

// ContainerRef names a registered definition with containerProperties. Its jobs take a [ContainerOverride].
func ContainerRef(name string) Reference[ContainerOverride] {
	return Reference[ContainerOverride]{name}
}

// ECSRef names a registered definition with ecsProperties. Its jobs take [ecsprops.Overrides]: AWS Batch refuses
// containerOverrides for them, and so does the compiler.
func ECSRef(name string) Reference[ecsprops.Overrides] {
	return Reference[ecsprops.Overrides]{name}
}

// EKSRef names a registered definition with eksProperties. Its jobs take [eksprops.Overrides].
func EKSRef(name string) Reference[eksprops.Overrides] {
	return Reference[eksprops.Overrides]{name}
}

// NodesRef names a registered definition with nodeProperties. O is the kind of override of what its nodes run:
// [ContainerOverride], [ecsprops.Overrides] or [eksprops.Overrides]. See [OverrideNodes] for its jobs.
func NodesRef[O NodeChange](name string) Reference[NodeOverrides[O]] {
	return Reference[NodeOverrides[O]]{name}
}

func (r Reference[O]) overriddenBy(O) {}

func (r Reference[O]) source() source {
	var kind O
	_, container := any(kind).(ContainerOverride)
	return source{registered: r.name, container: container}
}
