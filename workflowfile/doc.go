// Package workflowfile reads workflows of AWS Batch jobs from files, YAML or JSON,
// for package batchkit to check, plan and submit.
//
//	name: nightly
//	queue: default
//	values: {DAY: null}
//	definitions:
//	  prepare: definitions/prepare.yaml
//	  report:
//	    type: container
//	    containerProperties: {…}
//	jobs:
//	  - name: prepare
//	    definition: prepare
//	  - name: report
//	    definition: report
//	    after: prepare
//	    array: 12
//	    parameters: {day: "${{DAY}}"}
//
// # Jobs
//
// A job has the members of [Job], and beside them those of the API's SubmitJob in
// the API's own spelling: parameters, containerOverrides, retryStrategy, tags and
// so on. Of these dependsOn has the ids of jobs that were submitted before; jobs of
// the file are named in after. It names a definition of the file, which is
// registered with the run, or one that is registered already: name, name:revision or
// ARN. With each, a list of values such as [{TO: sales}, {TO: board}], it is made
// once for each element.
//
// # Values
//
// ${{NAME}} in any text stands for a value: of the list values, whose nulls have to
// be given by whoever reads the file, or of an element of each. A value of the list
// may hold those before it. It is unlike the ${NAME} of shells on purpose, for
// commands are full of those. Where the file needs a number or a boolean, a text that
// is nothing but one value becomes one. What a value holds is not looked at again, so
// that a value "${{" writes these three characters.
//
// docs/workflow-file.md has all members, and docs/workflow.schema.json is a JSON
// Schema of them for editors.
//
// # Errors
//
// The file is read strictly: a member that nothing knows, a value of a wrong type, a
// value that is not set, a definition file that is missing are each a [Problem] with
// line, column and mend, all of them in one [*Error]. What the rules of the service
// say is found by [File.Check], with places too. Neither repeats the text of a value.
package workflowfile

//go:generate go run ../internal/workflowdoc -root ..
