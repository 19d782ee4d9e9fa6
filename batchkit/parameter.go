package batchkit

import "github.com/aws/aws-sdk-go-v2/service/batch"

// Placeholder is a parameter that a command has a place for. Make one with [Parameter], once, and use it on both sides:
// in the command, and where the value is given. A misspelt name is then an error of the compiler.
type Placeholder struct{ name string }

// Parameter returns the placeholder of a parameter. The name is that of [Definition.Param] and [JobRequest.Param], which
// take it as a string.
// See https://docs.aws.amazon.com/batch/latest/userguide/job_definition_parameters.html#parameters.
func Parameter(name string) Placeholder { return Placeholder{name} }

// Name returns the name.
func (p Placeholder) Name() string { return p.name }

// Ref returns the word of a command in whose place the value comes: Ref::name. It must stand alone, as a word.
func (p Placeholder) Ref() string { return "Ref::" + p.name }

// Default gives a parameter the value that it has in jobs that set none. Without one each job must set it.
func (d Definition[O]) Default(parameter Placeholder, value string) Definition[O] {
	return d.with(func(in *batch.RegisterJobDefinitionInput) { set(&in.Parameters, parameter.name, value) })
}

// Set gives a parameter its value for this job, in place of the definition's default.
func (j JobRequest[O]) Set(parameter Placeholder, value string) JobRequest[O] {
	return j.with(func(in *batch.SubmitJobInput) { set(&in.Parameters, parameter.name, value) })
}
